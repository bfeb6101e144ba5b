"""Judged fixes as the live picture hands them on, and a history on a clock that the test sets."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kuaijing.measures.instants import Instant, after
from kuaijing.store.history import HistorySettings, PositionHistory
from kuaijing.tracking import Fix, Judgement, Reason, Refusal, Report

NOON = Instant(1_795_233_600_000_000)
"""2026-11-21T04:00:00Z, midday in the city; the beginning of a ten minutes."""


def judged(unit: str, seconds: float, lon: float = 112.9, lat: float = 28.2, **more: Any) -> Judgement:
    """An accepted fix of ``unit``, so many seconds after noon; ``late`` makes it one that moved nothing."""
    late = bool(more.pop("late", False))
    at = after(NOON, seconds)
    known = {"received_at": after(at, 0.4), "speed_mps": 8.0, "heading_deg": 90.0, "accuracy_m": 5.0, "device": "d1"}
    known.update(more)
    fix = Fix(unit, lon, lat, at, source="jt808", at_rest=False, **known)
    report = Report(unit, lon, lat, at, fix.received_at, "wgs84")
    return Judgement(report, fix, Refusal(Reason.OUT_OF_ORDER, "older than the newest") if late else None)


class SetClock:
    """The city's time, in seconds after noon."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> Instant:
        return after(NOON, self.seconds)


@contextmanager
def history_in(folder: Path, clock: SetClock | None = None, **settings: Any) -> Iterator[PositionHistory]:
    """A history that writes every few milliseconds."""
    known = {"flush_s": 0.01, **settings}
    history = PositionHistory(folder / "positions.sqlite", (clock or SetClock()).now, HistorySettings(**known))
    history.start()
    try:
        yield history
    finally:
        history.close()
