"""The table keeps the newest fix of each unit, says what is stale, and hands out copies that do not change."""

from kuaijing.tracking import Fix, LiveTable, Thresholds
from tests.tracking.reporting_units import at


def fix(unit: str, seconds: float, *, at_rest: bool = False, arc: int = 3) -> Fix:
    return Fix(unit, 112.0, 27.0, at(seconds), at(seconds), None, None, None, "terminal", at_rest, arc, 0.25, 1.0, True)


def test_moving_is_stale_after_60_s_and_resting_after_300() -> None:
    table = LiveTable()
    table.put(fix("moving", 0))
    table.put(fix("resting", 0, at_rest=True))

    assert [table.view().stale(at(s)).tolist() for s in (60, 61, 300, 301)] == [
        [False, False],
        [True, False],
        [True, False],
        [True, True],
    ]
    assert table.view().stale(at(20), Thresholds(stale_moving_s=10)).tolist() == [True, False]


def test_positions_since_a_number_are_the_newest_of_the_units_that_moved() -> None:
    table = LiveTable()
    for unit in ("A", "B", "C"):
        table.put(fix(unit, 0))
    number = table.number
    table.put(fix("B", 1))
    table.put(fix("B", 2))

    assert [(each.unit, each.measured_at) for each in table.since(number)] == [("B", at(2))]
    assert table.since(table.number) == []
    assert len(table.since(0)) == 3


def test_view_does_not_change_under_its_reader() -> None:
    table = LiveTable()
    table.put(fix("A", 0))
    view = table.view()
    table.put(fix("A", 9))

    assert view.measured[0] == at(0)
    assert table.view().measured[0] == at(9)
    assert not view.lon.flags.writeable


def test_unit_that_left_is_gone_and_the_others_keep_their_numbers() -> None:
    table = LiveTable()
    for unit in ("A", "B", "C"):
        table.put(fix(unit, 0))
    table.drop("A")

    assert table.find("A") is None
    assert [each.unit for each in table.since(2)] == ["C"]


def test_table_grows() -> None:
    table = LiveTable()
    for number in range(500):
        table.put(fix(f"U{number}", number))

    assert len(table.view().units) == 500
    assert table.view().measured[499] == at(499)
