"""Which pressed arrivals the positions contradict, which they cannot speak of, and how they are counted."""

import csv
import io
import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuaijing.domain.words import AssignmentStatus
from kuaijing.engine.recorded import IncidentFile
from kuaijing.measures.instants import Instant, after
from kuaijing.measures.points import Point
from kuaijing.reporting import Period, mismatch_tables, mismatches, tables_as_csv, tables_as_xlsx
from kuaijing.wire.mismatches import MismatchReport
from tests.reporting.day_of_incidents import SHANGHAI, file, moment

CALLED = moment(9)
PLACE = Point(112.0, 27.0)  # where every incident of these tests is
M_PER_DEG = 111_195.0


@dataclass
class Seen:
    measured: Any
    lon: Any
    lat: Any
    accuracy: Any


class Positions:
    """Fixes as seconds after the call, metres north of the place, and stated error."""

    def __init__(self, *fixes: tuple[float, float] | tuple[float, float, float]) -> None:
        self.fixes = [(*fix, math.nan)[:3] for fix in fixes]

    def track(self, unit: str, from_at: Instant, until: Instant) -> Seen:
        kept = [fix for fix in self.fixes if from_at <= after(CALLED, fix[0]) < until]
        return Seen(
            np.array([after(CALLED, fix[0]) for fix in kept], np.int64),
            np.full(len(kept), PLACE.lon),
            np.array([PLACE.lat + fix[1] / M_PER_DEG for fix in kept]),
            np.array([fix[2] for fix in kept], np.float32),
        )


def by_road(unit: str, start: Point, end: Point) -> float | None:
    return 1234.5


def report(*files: IncidentFile, seen: Positions | None = None, **period: Any) -> MismatchReport:
    asked = Period(moment(0), moment(23, 59), **period)
    return mismatches(files, asked, seen or Positions(), by_road, SHANGHAI, None, moment(12))


def findings(*files: IncidentFile, seen: Positions | None = None) -> list[list[str]]:
    found = report(*files, seen=seen)
    return [list(press.findings) for press in found.presses]


@pytest.mark.parametrize(
    ("pressed", "gap"),
    [(120.0, None), (199.9, None), (260.0, None), (261.0, 61.0), (40.0, None), (39.0, -61.0)],
)
def test_press_more_than_a_minute_outside_the_measured_interval_is_a_gap_of_either_sign(
    pressed: float, gap: float | None
) -> None:
    found = report(file(arrived=(100, 200), pressed=pressed))

    assert [press.gap_s for press in found.presses] == ([] if gap is None else [gap])


@pytest.mark.parametrize(("metres", "far"), [(150.0, False), (199.0, False), (201.0, True), (2500.0, True)])
def test_unit_that_pressed_beyond_two_hundred_metres_was_far(metres: float, far: bool) -> None:
    seen = Positions((100, metres))

    assert findings(file(arrived=(100, 100), pressed=100), seen=seen) == ([["far"]] if far else [])


def test_stated_error_is_taken_off_the_distance() -> None:
    assert findings(file(arrived=(100, 100), pressed=100), seen=Positions((100, 240, 50))) == []
    assert findings(file(arrived=(100, 100), pressed=100), seen=Positions((100, 260, 50))) == [["far"]]


def test_fix_nearest_in_time_counts_and_its_age_is_told() -> None:
    seen = Positions((60, 3000.0), (95, 900.0), (112, 10.0))  # at 100 the one of 95 is nearest

    (press,) = report(file(arrived=(130, 130), pressed=100), seen=seen).presses

    assert press.fix is not None
    assert (press.fix.age_s, press.fix.along_m) == (5.0, 1234.5)
    assert press.fix.straight_m == pytest.approx(900, abs=1)
    assert press.findings == ["far"]


def test_fix_after_the_press_has_a_negative_age() -> None:
    (press,) = report(file(arrived=(130, 130), pressed=100), seen=Positions((104, 900.0))).presses

    assert press.fix is not None
    assert press.fix.age_s == -4.0


def test_fix_of_another_minute_shows_nothing() -> None:
    found = report(file(pressed=100), seen=Positions((39, 3000.0), (161, 3000.0)))

    assert found.presses == []
    (press,) = found.unmeasured
    assert (press.fix, press.findings) == (None, ["unmeasured"])


def test_press_that_was_not_measured_is_listed_apart_unless_the_unit_was_far() -> None:
    near, far = Positions((100, 120.0)), Positions((100, 3000.0))

    beside, away = report(file(pressed=100), seen=near), report(file(pressed=100), seen=far)

    assert (beside.presses, [press.fix is not None for press in beside.unmeasured]) == ([], [True])
    assert ([list(press.findings) for press in away.presses], away.unmeasured) == ([["far", "unmeasured"]], [])


def test_way_by_road_is_asked_for_those_who_were_far_only() -> None:
    asked: list[str] = []

    def along(unit: str, start: Point, end: Point) -> float | None:
        asked.append(unit)
        return None

    for metres in (10.0, 3000.0):
        found = mismatches(
            [file(pressed=100)],
            Period(moment(0), moment(23)),
            Positions((100, metres)),
            along,
            SHANGHAI,
            None,
            moment(12),
        )

    assert asked == ["U1"]
    assert found.presses[0].fix is not None
    assert found.presses[0].fix.along_m is None  # no way known: told, not made up


def test_measured_arrival_that_nobody_pressed_is_listed_apart() -> None:
    found = report(file(arrived=(100, 110)))

    assert [each.assignment for each in found.unpressed] == ["20261121-0001.1"]
    assert found.total.unpressed == 1


def test_press_may_still_come_while_the_unit_has_just_arrived() -> None:
    now = after(CALLED, 130)
    fresh = file(arrived=(100, 110))

    found = mismatches([fresh], Period(moment(0), moment(23)), Positions(), by_road, SHANGHAI, None, now)

    assert found.unpressed == []


def test_press_by_voice_is_listed_and_said_to_be() -> None:
    spoken = file(arrived=(100, 100), pressed=300)
    part = replace(spoken.assignments[0], by_voice=("on_scene",), status=AssignmentStatus.ON_SCENE)

    (press,) = report(replace(spoken, assignments=(part,))).presses

    assert (press.by_voice, press.gap_s) == (True, 200.0)


def test_period_may_be_of_one_unit_or_one_beat() -> None:
    ours = file(1, arrived=(100, 100), pressed=300, beat="B1")
    theirs = file(2, arrived=(100, 100), pressed=300, beat="B2")
    other = replace(theirs.assignments[0], unit="U2", call_sign="3001")
    both = ours, replace(theirs, assignments=(other,))

    assert [press.unit for press in report(*both, unit="U2").presses] == ["U2"]
    assert [press.unit for press in report(*both, beat="B1").presses] == ["U1"]
    assert [press.unit for press in report(*both).presses] == ["U1", "U2"]
    assert {(tally.key, tally.late) for tally in report(*both).by_unit} == {("U1", 1), ("U2", 1)}
    assert {(tally.key, tally.late) for tally in report(*both).by_beat} == {("B1", 1), ("B2", 1)}


def test_incident_outside_all_beats_is_counted_as_such() -> None:
    found = report(file(arrived=(100, 100), pressed=300, beat=None))

    assert [(tally.key, tally.name_en) for tally in found.by_beat] == [("", "Outside all beats")]


SECONDS = st.none() | st.floats(30, 1000)


@given(
    st.lists(st.tuples(SECONDS, SECONDS), max_size=8),
    st.lists(st.tuples(st.floats(0, 1000), st.floats(0, 4000)), max_size=5),
)
def test_counts_add_up_whatever_was_pressed_and_measured(
    arrivals: list[tuple[float | None, float | None]], fixes: list[tuple[float, float]]
) -> None:
    files = [
        file(number, pressed=pressed, arrived=None if measured is None else (measured, measured + 5))
        for number, (pressed, measured) in enumerate(arrivals, 1)
    ]

    found = report(*files, seen=Positions(*sorted(fixes)))

    total = found.total
    assert total.pressed == total.compared + total.unmeasured == sum(pressed is not None for pressed, _ in arrivals)
    assert total.compared == total.agree + total.early + total.late
    listed = [press.assignment for press in [*found.presses, *found.unmeasured]]
    assert len(set(listed)) == len(listed) <= total.pressed
    assert sum(tally.pressed for tally in found.by_unit) == total.pressed


def test_tables_hold_every_row_and_text_stays_text() -> None:
    odd = file(arrived=(100, 100), pressed=300)
    odd = replace(odd, incident=replace(odd.incident, place=replace(odd.incident.place, text="=1+1")))
    found = report(odd, seen=Positions((298, 900.0)))

    text = tables_as_csv(mismatch_tables(found)).decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(text)))
    (row,) = [row for row in rows if row[:1] == ["20261121-0001"]]
    assert row[4] == "'=1+1"
    assert row[9:13] == ["200.0", "900.0", "1234.5", "2.0"]
    assert tables_as_xlsx(mismatch_tables(found))[:2] == b"PK"
