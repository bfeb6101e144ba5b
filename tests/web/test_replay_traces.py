"""Positions of a replay: what the live picture had been shown by a moment, and nothing that came to be known later."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kuaijing.measures.instants import SECOND, Instant
from kuaijing.store.history import PositionHistory
from kuaijing.tracking import Fix, Judgement, Report
from kuaijing.tracking.reports import Reason, Refusal
from kuaijing.web.replay_traces import HistoryTraces

SLOT_BEGIN = 1_795_233_600 * SECOND
"""A whole ten minutes."""


def at(seconds: float) -> Instant:
    return Instant(SLOT_BEGIN + round(seconds * SECOND))


def told(unit: str, seconds: float, lon: float, *, late: float = 0.5, moves: bool = True) -> Judgement:
    measured, received = at(seconds), at(seconds + late)
    fix = Fix(unit, lon, 27.0, measured, received, 8.0, 90.0, None, "jt808", False)
    refusal = None if moves else Refusal(Reason.OUT_OF_ORDER, "older than the newest")
    return Judgement(Report(unit, lon, 27.0, measured, received, "wgs84", source="jt808"), fix, refusal)


@pytest.fixture
def history(tmp_path: Path) -> Iterator[PositionHistory]:
    history = PositionHistory(tmp_path / "positions.sqlite", lambda: at(100_000))
    history.start()
    yield history
    history.close()


def kept(history: PositionHistory, *judged: Judgement) -> HistoryTraces:
    history.take(judged)
    assert history.flush()
    return HistoryTraces(history, lambda: at(100_000))


def newest(traces: HistoryTraces, seconds: float, *units: str) -> dict[str, float]:
    points = traces.newest(at(seconds), units)
    return {
        points.units[unit]: round(lon, 3) for unit, lon in zip(points.unit.tolist(), points.lon.tolist(), strict=True)
    }


def test_a_fix_is_shown_from_the_moment_it_came_in(history: PositionHistory) -> None:
    traces = kept(history, told("u1", 10, 111.1), told("u1", 15, 111.2, late=4.0))

    assert newest(traces, 10.2, "u1") == {}
    assert newest(traces, 10.5, "u1") == {"u1": 111.1}
    assert newest(traces, 18.9, "u1") == {"u1": 111.1}
    assert newest(traces, 19.0, "u1") == {"u1": 111.2}


def test_what_moved_nothing_when_it_came_is_not_shown(history: PositionHistory) -> None:
    backfill = told("u1", 5, 111.9, late=60.0, moves=False)
    traces = kept(history, told("u1", 10, 111.1), backfill)

    assert newest(traces, 100, "u1") == {"u1": 111.1}
    assert traces.between(at(0), at(100)).lon.round(3).tolist() == [111.1]


def test_a_unit_silent_for_hours_stands_where_it_was_for_days_it_is_not_drawn(history: PositionHistory) -> None:
    traces = kept(history, told("u1", 10, 111.1), told("u2", 7200, 111.2))

    assert newest(traces, 7201, "u1", "u2", "u3") == {"u1": 111.1, "u2": 111.2}
    assert newest(traces, 90_000, "u1", "u2") == {"u2": 111.2}


def test_points_in_between_come_in_the_order_in_which_they_were_shown_over_ten_minutes_ends(
    history: PositionHistory,
) -> None:
    traces = kept(
        history,
        told("u1", 598, 111.1, late=4.0),  # measured before the ten minutes end, shown after
        told("u2", 600, 111.2, late=0.1),
        told("u1", 604, 111.3),
        told("u2", 640, 111.4),
    )

    points = traces.between(at(599), at(610))

    assert [points.units[unit] for unit in points.unit.tolist()] == ["u2", "u1", "u1"]
    assert points.shown.tolist() == sorted(points.shown.tolist())
    assert {points.sources[each] for each in points.source.tolist()} == {"jt808"}
    assert len(traces.between(at(610), at(620))) == 0
