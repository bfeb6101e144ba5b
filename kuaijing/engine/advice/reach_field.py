"""Keeps the live reach: computed again within a second of a change that matters, in a worker thread, at most once per spacing.

What matters: who is free and heard, a free unit that moved more than 50 m or whose position went stale, a closure, the plan, the hour. One
computation runs at a time; while it runs the last one is served. Readers take ``now`` once and keep it.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Protocol

import numpy as np

from kuaijing.demand import StreetDemand
from kuaijing.domain.state import State
from kuaijing.engine.advice.force import Force, LivePositions, force_of
from kuaijing.engine.advice.model import AdviceModel
from kuaijing.engine.advice.reach_now import ReachNow, Standards, reach_now
from kuaijing.engine.advice.roads import LiveRoads
from kuaijing.engine.advice.standards import StandardsKeeper, street_length_demand
from kuaijing.engine.advice.streets import CityStreets
from kuaijing.engine.survey import Survey
from kuaijing.measures.instants import Instant
from kuaijing.tracking.live_table import LiveView

_log = logging.getLogger(__name__)

MOVED_M = 50.0
"""A free unit that moved less changes the reach too little to search again."""
DELAY_S = 5.0
"""The same for a delay that grew because a position aged."""
SPACING_S = 0.7
"""Least wall time between two computations: with the computation itself a change shows within a second."""
_M_PER_DEG = 111_195.0


class Picture(Protocol):
    """What advice needs of the engine's picture."""

    @property
    def version(self) -> int:
        """Counts the changes."""

    @property
    def state(self) -> State:
        """The state at that version."""


class ReachField:
    """The live reach of one city."""

    def __init__(
        self,
        roads: LiveRoads,
        survey: Survey,
        live: LivePositions,
        demand: StreetDemand | None = None,
        *,
        streets: CityStreets | None = None,
        model: AdviceModel | None = None,
    ) -> None:
        self.roads, self.survey, self.live = roads, survey, live
        self.model = AdviceModel() if model is None else model
        self.streets = CityStreets.of(roads.network.ground) if streets is None else streets
        self.demand = street_length_demand(roads.network.ground, self.streets) if demand is None else demand
        self.now: ReachNow | None = None
        """The newest reach; ``None`` until the first is computed."""
        self._keeper = StandardsKeeper(self.streets, self.demand)
        self._of: tuple[Force, Standards] | None = None
        self._kept = False

    def put_in_force(self, survey: Survey) -> None:
        """Another plan holds from now on."""
        self.survey = survey

    def force(self, state: State, at: Instant, view: LiveView | None = None) -> Force:
        """All units at that moment, as arrays; ``view`` where the caller is not in the thread that writes positions."""
        return force_of(state, self.live.view() if view is None else view, self.roads, at, self.model)

    def refresh(self, picture: Picture, at: Instant) -> ReachNow:
        """Compute the reach of that moment here and now, in the calling thread."""
        self.roads.apply(picture.state.closures, at)
        return self._compute(picture, self.force(picture.state, at), at)

    def step(self, picture: Picture, at: Instant, view: LiveView | None = None) -> ReachNow | None:
        """Compute again if something that matters has changed; ``None`` if not."""
        self.roads.apply(picture.state.closures, at)
        force = self.force(picture.state, at, view)
        return self._compute(picture, force, at) if self._changed(force, at) else None

    def current(self, picture: Picture, force: Force, at: Instant) -> ReachNow:
        """The newest reach; computed here where there is none, or where nobody keeps it and something has changed."""
        now = self.now
        if now is None or (not self._kept and self._changed(force, at)):
            return self._compute(picture, force, at)
        return now

    async def run(
        self, source: Callable[[], tuple[Picture, Instant]], on_change: Callable[[ReachNow], None] = lambda now: None
    ) -> None:
        """Keep the reach until cancelled; ``source`` gives picture and time, ``on_change`` is called in the event loop."""
        self._kept = True
        try:
            while True:
                began = time.monotonic()
                picture, at = source()
                try:
                    computed = await asyncio.to_thread(self.step, picture, at, self.live.view())
                except Exception:
                    # A reach that cannot be computed must not end the keeping of it: the last one stays, its age tells.
                    _log.exception("the reach could not be computed; the one of %s is kept", self.now and self.now.at)
                    computed = None
                if computed is not None:
                    on_change(computed)
                await asyncio.sleep(max(0.05, SPACING_S - (time.monotonic() - began)))
        finally:
            self._kept = False

    def _compute(self, picture: Picture, force: Force, at: Instant) -> ReachNow:
        standards = self._keeper.at(self.survey, at)
        now = reach_now(force, self.roads, self.streets, standards, at, picture.version)
        self.now, self._of = now, (force, standards)
        return now

    def _changed(self, force: Force, at: Instant) -> bool:
        if self.now is None or self._of is None or self.now.roads_version != self.roads.version:
            return True
        before, standards = self._of
        if self._keeper.at(self.survey, at) is not standards or len(before) != len(force):
            return True
        if (
            any(a.id != b.id for a, b in zip(before.units, force.units, strict=True))
            or (before.counted != force.counted).any()
        ):
            return True
        free = force.counted
        if not free.any():
            return False
        east = (force.lon - before.lon)[free] * np.cos(np.radians(force.lat[free]))
        moved = np.hypot(east, (force.lat - before.lat)[free]) * _M_PER_DEG
        older = np.abs((force.delay_s - before.delay_s)[free])
        known = np.isfinite(force.lon[free]) != np.isfinite(before.lon[free])
        return bool((moved > MOVED_M).any() or (older > DELAY_S).any() or known.any())
