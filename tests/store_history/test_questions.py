"""Answers of the history against plain searches through all fixes."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuaijing.measures.instants import after
from kuaijing.measures.points import Point, metres_between
from kuaijing.store.history import NoHistory, history, open_history_beside
from kuaijing.tracking import Fix
from tests.store_history.street import NOON, SetClock, history_in, judged

PLACES = st.tuples(
    st.sampled_from(["2095", "2096", "2097"]), st.integers(0, 2500), st.integers(-60, 60), st.integers(-60, 60)
)


@settings(max_examples=25, deadline=None)
@given(st.lists(PLACES, min_size=1, max_size=60, unique_by=lambda each: each[:2]), st.integers(0, 2500))
def test_every_question_finds_what_a_search_through_all_fixes_finds(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[str, int, int, int]], cut: int
) -> None:
    clock = SetClock()
    clock.seconds = cut  # whatever ended a minute before is sealed, the rest is not
    given_fixes = [judged(unit, second, 112.9 + x * 1e-4, 28.2 + y * 1e-4) for unit, second, x, y in drawn]
    fixes = [each.fix for each in given_fixes if each.fix is not None]
    at, until = after(NOON, 300), after(NOON, 1700)
    folder = tmp_path_factory.mktemp("history")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(history, "_QUIET_S", 0.0)
        with history_in(folder, clock) as kept:
            kept.take(given_fixes)
            assert kept.flush()
            near = kept.near(112.9, 28.2, 300, at, until)
            newest = kept.all_at(until, 900)
            before = kept.last_before("2095", until)
            between = list(kept.between(at, until))
            span = kept.span()

    inside = [fix for fix in fixes if at <= fix.measured_at < until]
    close = [fix for fix in inside if metres_between(Point(fix.lon, fix.lat), Point(112.9, 28.2)) <= 300]
    assert sum(stay.fixes for stay in near) == len(close)
    assert {stay.unit for stay in near} == {fix.unit for fix in close}
    found = [
        (part.units[unit], int(measured))
        for part in between
        for unit, measured in zip(part.unit, part.measured, strict=True)
    ]
    assert sorted(found) == sorted((fix.unit, int(fix.measured_at)) for fix in inside)
    assert [measured for _, measured in found] == sorted(measured for _, measured in found)
    last = _newest([fix for fix in fixes if after(until, -900) <= fix.measured_at <= until])
    assert dict(zip((newest.units[each] for each in newest.unit), newest.measured.tolist(), strict=True)) == last
    mine = _newest([fix for fix in fixes if fix.unit == "2095" and fix.measured_at <= until])
    assert before.measured.tolist() == list(mine.values())
    assert span == (min(fix.measured_at for fix in fixes), max(fix.measured_at for fix in fixes))


def _newest(fixes: list[Fix]) -> dict[str, int]:
    return {fix.unit: int(fix.measured_at) for fix in sorted(fixes, key=lambda fix: fix.measured_at)}


def test_a_stay_ends_after_two_minutes_without_a_fix_within(tmp_path: Path) -> None:
    here, gone = 112.9, 112.95
    with history_in(tmp_path) as kept:
        kept.take([judged("2095", second, here) for second in (590, 595, 605)])  # across a segment's end
        kept.take([judged("2095", 650, gone), judged("2095", 700, here), judged("2095", 900, here)])
        assert kept.flush()
        stays = kept.near(here, 28.2, 200, NOON, after(NOON, 3600))

    assert [(stay.from_at - NOON, stay.until - NOON, stay.fixes) for stay in stays] == [
        (590_000_000, 700_000_000, 4),  # 95 s apart: one stay
        (900_000_000, 900_000_000, 1),  # 200 s apart: another
    ]


def test_what_was_known_at_a_moment_leaves_out_what_came_later_or_moved_nothing(tmp_path: Path) -> None:
    with history_in(tmp_path) as kept:
        kept.take([judged("2095", 0), judged("2095", 10, received_at=after(NOON, 500)), judged("2095", 5, late=True)])
        assert kept.flush()
        known, all_there_is = kept.all_at(after(NOON, 60), 300, known=True), kept.all_at(after(NOON, 60), 300)

    assert known.measured.tolist() == [NOON]
    assert all_there_is.measured.tolist() == [after(NOON, 10)]


def test_it_can_be_looked_into_beside_its_writer(tmp_path: Path) -> None:
    with history_in(tmp_path) as kept:
        kept.take([judged("2095", second) for second in range(0, 700, 5)])
        assert kept.flush()
        with open_history_beside(tmp_path) as beside:
            ours, theirs = kept.track("2095", NOON, after(NOON, 700)), beside.track("2095", NOON, after(NOON, 700))
            assert np.array_equal(ours.measured, theirs.measured)
            kept.take([judged("2095", 701), judged("2097", 701)])
            assert kept.flush()  # the reader beside does not stop the writer
            assert len(beside.track("2095", NOON, after(NOON, 800))) == 140  # and sees what stood there when it came
            assert len(kept.track("2095", NOON, after(NOON, 800))) == 141


@pytest.mark.parametrize("inside", ["", "data"])
def test_a_folder_without_a_history_is_refused_with_where_one_is(tmp_path: Path, inside: str) -> None:
    if inside:
        (tmp_path / inside).mkdir()
        with history_in(tmp_path / inside):
            pass
    with pytest.raises(NoHistory, match="name that folder" if inside else "holds no positions.sqlite"):
        open_history_beside(tmp_path)


def test_answers_cannot_be_written_into(tmp_path: Path) -> None:
    with history_in(tmp_path) as kept:
        kept.take([judged("2095", 0)])
        assert kept.flush()
        track: Any = kept.track("2095", NOON, after(NOON, 5))
    with pytest.raises(ValueError, match="read-only"):
        track.lon[0] = 0
