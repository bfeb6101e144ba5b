"""The replays that stand open: who opened which, under what name, and what is kept of them in memory.

A replay is opened by a person and with a reason, and the look is a fact of the log before anything is shown; its name works for that
person alone. Reels of the same period are wound once and shared. Everything here is a short cut: a name that is no longer known is
opened again, with the same reason and without another entry that day.
"""

import asyncio
import hashlib
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from kuaijing.domain.commands import Context, RecordLook
from kuaijing.domain.errors import UnknownUnit
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.domain.shift import ShiftHandedOver
from kuaijing.engine.engine import Engine
from kuaijing.engine.replay import (
    Advised,
    NothingRecorded,
    Period,
    Reel,
    Traces,
    advised_orders,
    begin_of,
    period_of_incident,
    period_of_unit,
    stated_period,
)
from kuaijing.measures.instants import Instant
from kuaijing.tracking import Thresholds
from kuaijing.web.city_facts import CityFacts
from kuaijing.web.problems import not_found
from kuaijing.web.replaying import Showing
from kuaijing.wire.plans import from_canonical
from kuaijing.wire.today import local_day

_REELS: Final = 4
"""Periods held in memory."""
_NAMES: Final = 200
_SHIFTS: Final = 60

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be replayed, as it was asked for."""

    begin: Instant | None
    until: Instant | None
    incident: str | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class Opened:
    """A replay that stands open for one person."""

    name: str
    account: str
    wanted: Wanted
    showing: Showing
    positions: bool


class Replays:
    """The replays of one city."""

    def __init__(
        self,
        engine: Engine,
        city: CityFacts,
        traces: Traces,
        thresholds: Thresholds,
        areas_of: Callable[[str], dict[str, Any]],
    ) -> None:
        self._engine, self._city, self._traces, self._thresholds = engine, city, traces, thresholds
        self.areas_of = areas_of
        """Shapes of a plan document, by its digest."""
        self._opened: OrderedDict[str, Opened] = OrderedDict()
        self._showings: OrderedDict[Period, Showing] = OrderedDict()
        self._documents: dict[str, PlanDocument | None] = {}
        self._pool = ThreadPoolExecutor(1, "kuaijing-replay")

    # --- opening --------------------------------------------------------------------------------------------------------

    async def open(self, wanted: Wanted, context: Context) -> Opened:
        """Look it up, put the look on record, then begin to wind. Raises ``DomainError`` where it cannot be."""
        now = context.received_at
        period = await self._in_pool(self._within_log, self._period(wanted, now))
        await self._record(wanted, period, context)
        showing = await self._in_pool(self._showing, period)
        positions = bool(await self._in_pool(self._has_positions, period))
        opened = Opened(secrets.token_hex(8), context.actor, wanted, showing, positions)
        self._opened[opened.name] = opened
        while len(self._opened) > _NAMES:
            self._opened.popitem(last=False)
        return opened

    def get(self, name: str, account: str) -> Opened:
        """The replay that this person opened under that name."""
        found = self._opened.get(name)
        if found is None or found.account != account:
            raise not_found("replay", name, "open it again: POST /api/replay")
        self._opened.move_to_end(name)
        return found

    async def do(self, work: Callable[..., Answer], *arguments: Any) -> Answer:
        """Something that blocks, one after the other."""
        return await self._in_pool(work, *arguments)

    def shifts(self) -> list[tuple[str, Instant, Instant | None]]:
        """Shifts by their handovers, newest first: who commanded, from when, until when."""
        handed = list(self._engine.read(0, types=[ShiftHandedOver.__name__]))[-_SHIFTS:]
        ends: list[Instant | None] = [entry.recorded_at for entry in handed[1:]]
        found = [
            (entry.event.to, entry.recorded_at, end)
            for entry, end in zip(handed, [*ends, None], strict=False)
            if isinstance(entry.event, ShiftHandedOver)
        ]
        return found[::-1]

    def advised(self, incident: str, until: Instant) -> list[Advised]:
        """Orders of an incident up to a moment, each with the advice that it names."""
        self._engine.get_incident(incident)
        return advised_orders(self._engine.timeline(incident), incident, self._engine.store.advice, until)

    def close(self) -> None:
        """Let go of everything."""
        for showing in self._showings.values():
            showing.reel.stop()
        self._pool.shutdown(wait=False, cancel_futures=True)

    # --- within ---------------------------------------------------------------------------------------------------------

    def _period(self, wanted: Wanted, now: Instant) -> Period:
        if wanted.unit is not None and wanted.unit not in self._engine.picture.state.units and wanted.begin is None:
            raise UnknownUnit(wanted.unit)
        if wanted.begin is not None and wanted.until is not None:
            return stated_period(wanted.begin, wanted.until, now)
        if wanted.incident is not None:
            return period_of_incident(self._engine.get_incident(wanted.incident).incident, now)
        return period_of_unit(now)

    def _within_log(self, period: Period) -> Period:
        """The period from where the log begins; ``NothingRecorded`` where it ends before that."""
        log, last_seq = self._engine.store.log, self._engine.picture.version
        first = next(iter(log.read(0, until_seq=1)), None)
        if first is None or period.until <= first.recorded_at:
            last = None if first is None else next(iter(log.read(last_seq - 1, until_seq=last_seq)))
            raise NothingRecorded(
                period, None if first is None else first.recorded_at, None if last is None else last.recorded_at
            )
        return Period(max(period.begin, first.recorded_at), period.until)

    async def _record(self, wanted: Wanted, period: Period, context: Context) -> None:
        subject = wanted.incident or wanted.unit or ""
        asked = f"{wanted} {context.reason} {local_day(context.received_at, self._city.zone)}"
        mark = hashlib.sha256(asked.encode()).hexdigest()
        look = RecordLook("replay", subject, period.begin, period.until)
        await self._engine.submit(look, replace(context, key=f"replay-{mark[:32]}", body=mark))

    def _showing(self, period: Period) -> Showing:
        found = self._showings.get(period)
        if found is not None:
            self._showings.move_to_end(period)
            return found
        store, until_seq = self._engine.store, self._engine.picture.version
        reel = Reel(store, period, begin_of(store, period.begin, until_seq), until_seq)
        showing = Showing(reel, self._engine, self._city, self._traces, self._thresholds, self._document_of)
        threading.Thread(target=showing.warm, name="kuaijing-replay-winding", daemon=True).start()
        self._showings[period] = showing
        while len(self._showings) > _REELS:
            self._showings.popitem(last=False)[1].reel.stop()
        return showing

    def _has_positions(self, period: Period) -> bool:
        units = list(self._engine.picture.state.units)
        if len(self._traces.newest(period.until, units)):
            return True
        return len(self._traces.newest(period.begin, units)) > 0

    def _document_of(self, digest: str) -> PlanDocument | None:
        if digest not in self._documents:
            body = self._engine.store.plans.find(digest)
            self._documents[digest] = None if body is None else from_canonical(body)
        return self._documents[digest]

    async def _in_pool(self, work: Callable[..., Answer], *arguments: Any) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, *arguments)
