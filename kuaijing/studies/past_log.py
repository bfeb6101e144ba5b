"""A day of the event log, looked at beside a server that may be writing: its incidents and the plan that was in force. Takes no lock."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from kuaijing.domain.plan import PlanPutInForce
from kuaijing.engine.boot import load
from kuaijing.engine.codec import decode_event
from kuaijing.engine.ports import Store
from kuaijing.engine.recall import decode_file
from kuaijing.engine.recorded import IncidentFile, Picture
from kuaijing.measures.instants import Instant
from kuaijing.reporting.daily import files_of_day
from kuaijing.store import StoreError, open_beside
from kuaijing.studies.refused import StudyRefused
from kuaijing.wire.today import day_bounds


class PastLog:
    """What ``reporting`` asks of the engine, from a store that is only read."""

    def __init__(self, store: Store) -> None:
        self._store = store
        loaded = load(store)
        self._picture = Picture(loaded.tail.seq, loaded.state)

    @property
    def picture(self) -> Picture:
        """The city as the log leaves it."""
        return self._picture

    def list_ended(self, opened_from: Instant, opened_until: Instant, limit: int = 500) -> list[IncidentFile]:
        """Ended incidents opened in that time."""
        found = self._store.ended.list_between(opened_from, opened_until, limit)
        return [decode_file(each.body) for each in found]

    def plan_on(self, until: Instant) -> bytes | None:
        """Canonical bytes of the last plan put in force before that moment; ``None`` where there was none."""
        digest = None
        for row in self._store.log.read(0, types=(PlanPutInForce.__name__,)):
            event = decode_event(row.type, row.schema, row.body)
            if isinstance(event, PlanPutInForce) and row.recorded_at < until:
                digest = event.digest
        return None if digest is None else self._store.plans.find(digest)


@dataclass(frozen=True, slots=True)
class PastDay:
    """One day's incidents, and the plan that was last in force on it."""

    files: list[IncidentFile]
    plan: bytes | None


def past_day(data: Path, day: str, zone: ZoneInfo) -> PastDay:
    """A day of the live log in ``data``. Raises ``StudyRefused`` where there is no log, or ``day`` is no day."""
    try:
        that = date.fromisoformat(day)
    except ValueError:
        raise StudyRefused(f"day {day!r} is no day; write 2026-11-22") from None
    with _beside(data) as log:
        return PastDay(files_of_day(log, that, zone), log.plan_on(day_bounds(that, zone)[1]))


@contextmanager
def _beside(data: Path) -> Iterator[PastLog]:
    try:
        store = open_beside(data)
        try:
            yield PastLog(store)
        finally:
            store.close()
    except StoreError as error:
        raise StudyRefused(str(error)) from None
