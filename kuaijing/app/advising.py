"""Advice as the door asks for it: computed in a worker thread from a frozen picture, stored by its digest, shown as a message.

Until the searches are compiled there is no advice; the door says so and everything else goes on.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final

from kuaijing.app.clock import CityClock
from kuaijing.app.driving import lost_geojson, streets_geojson
from kuaijing.city.ground import Ground
from kuaijing.domain.commands import Command
from kuaijing.engine.advice import Advisor, LiveRoads, ReachField, ReachNow
from kuaijing.engine.advice.advice import CoverMove
from kuaijing.engine.advice.empty_areas import EmptyAreas
from kuaijing.engine.engine import Engine
from kuaijing.engine.survey import Survey
from kuaijing.measures.instants import Instant
from kuaijing.tracking import LiveTable, LiveView, Thresholds
from kuaijing.web.problems import Refusal, no_plan
from kuaijing.wire.advice import AdviceView, CoverMoveView
from kuaijing.wire.advice_views import advice_view, cover_views, reach_view
from kuaijing.wire.cover import CoverOfferView
from kuaijing.wire.pictures import ReachView

_log = logging.getLogger(__name__)

MakeField = Callable[[Survey], ReachField]
_SHORTEST_LOOK_S: Final = 0.2


class Advising:
    """Advice and live reach of one city."""

    def __init__(
        self,
        engine: Engine,
        ground: Ground,
        roads: LiveRoads,
        table: LiveTable,
        find_survey: Callable[[], Survey | None],
        make_field: MakeField,
        clock: CityClock,
        note: Callable[[Command], None],
        thresholds: Thresholds,
    ) -> None:
        self._engine, self._ground, self._roads, self._table = engine, ground, roads, table
        self._find_survey, self._make_field, self._now = find_survey, make_field, clock.now
        self._clock, self._note, self._thresholds = clock, note, thresholds
        self._field: ReachField | None = None
        self._advisor: Advisor | None = None
        self._shown: tuple[ReachNow, ReachView] | None = None

    @property
    def is_ready(self) -> bool:
        """Whether advice can be given."""
        return self._field is not None and self._field.now is not None

    def find_reach(self) -> ReachView | None:
        """The newest reach, once there is one."""
        now = None if self._field is None else self._field.now
        if now is None:
            return None
        if self._shown is None or self._shown[0] is not now:
            self._shown = now, reach_view(now.summary)
        return self._shown[1]

    async def run(self) -> None:
        """Keep the live reach: waits for a plan, then follows the picture and changed plans."""
        while (survey := self._find_survey()) is None:
            await asyncio.sleep(0.2)
        field = await asyncio.to_thread(self._make_field, survey)
        self._field, self._advisor = field, Advisor(field)

        def source() -> tuple[Any, Instant]:
            current = self._find_survey()
            if current is not None and current is not field.survey:
                field.put_in_force(current)
            return self._engine.picture, self._now()

        watching = asyncio.create_task(self._watch_areas(field, self._advisor), name="advice: empty areas")
        try:
            await field.run(source)
        finally:
            watching.cancel()

    async def _watch_areas(self, field: ReachField, advisor: Advisor) -> None:
        """Once a second of the city's time: has an area emptied, is one reached again?"""
        survey: Survey | None = None
        empty: EmptyAreas | None = None
        while True:
            await asyncio.sleep(max(_SHORTEST_LOOK_S, 1.0 / self._clock.speed))
            now, view = field.now, self._table.view()
            if now is None or not view.units:  # before anybody has reported, nothing is known to be empty
                continue
            try:
                if empty is None or survey is not field.survey:
                    survey = field.survey
                    empty = await asyncio.to_thread(EmptyAreas, field.streets, survey, self._thresholds)
                await self._look_at_areas(empty, advisor, now, view)
            except Exception:
                _log.exception("the areas could not be looked at; the next second is another")

    async def _look_at_areas(self, empty: EmptyAreas, advisor: Advisor, now: ReachNow, view: LiveView) -> None:
        picture, at = self._engine.picture, self._now()

        def backfill(area: str) -> tuple[CoverMove, ...]:
            return advisor.backfill(picture, area, at, view=view, thresholds=self._thresholds)

        for command in await asyncio.to_thread(empty.look, now, picture.state.empty_areas, at, backfill):
            self._note(command)

    async def recommend(self, incident: str, purpose: str | None) -> AdviceView:
        """The advice for an incident, stored by its digest."""
        advisor, picture, view = self._ready(), self._engine.picture, self._table.view()
        found = picture.state.incident(incident)
        wanted = purpose or ("reinforcement" if found.escalated else "first")
        advice = await asyncio.to_thread(advisor.recommend, picture, incident, wanted, self._now(), view=view)
        self._engine.store.advice.put(advice.digest, advice.canonical())
        return advice_view(advice)

    async def cover(self) -> list[CoverMoveView]:
        """Cover moves for the city as it stands."""
        advisor, view = self._ready(), self._table.view()
        advice = await asyncio.to_thread(advisor.cover_proposal, self._engine.picture, self._now(), view=view)
        return cover_views(advice.moves)

    async def cover_offer(self) -> CoverOfferView:
        """The same with the reach before and after."""
        advisor, view = self._ready(), self._table.view()
        advice = await asyncio.to_thread(advisor.cover_proposal, self._engine.picture, self._now(), view=view)
        return CoverOfferView(cover_views(advice.moves), advice.reach_before, advice.reach_restored)

    async def backfill(self, area: str) -> list[CoverMoveView]:
        """The move that would restore one area soonest."""
        advisor, view = self._ready(), self._table.view()
        moves = await asyncio.to_thread(
            advisor.backfill, self._engine.picture, area, self._now(), view=view, thresholds=self._thresholds
        )
        return cover_views(moves)

    async def reach_streets(self, tier: str | None) -> dict[str, Any]:
        """Streets with what reaches them, as GeoJSON."""
        self._ready()
        now = None if self._field is None else self._field.now
        if now is None:
            raise Refusal("warming", "reach has not been computed yet; ask again in a few seconds")
        return await asyncio.to_thread(streets_geojson, self._ground, now, tier)

    async def reach_without(self, unit: str) -> dict[str, Any]:
        """Streets that would be lost without that unit, as GeoJSON."""
        self._ready()
        now = None if self._field is None else self._field.now
        if now is None:
            raise Refusal("warming", "reach has not been computed yet; ask again in a few seconds")
        return await asyncio.to_thread(lost_geojson, self._ground, now, unit)

    def _ready(self) -> Advisor:
        if self._advisor is None or not self.is_ready:
            if self._find_survey() is None:
                raise no_plan()
            raise Refusal("warming", "the road searches are being made ready; ask again in a few seconds")
        return self._advisor
