"""A unit has several devices: one speaks for it, the best, and not a different one every few seconds."""

from typing import Any

from kuaijing.routing.network import Network
from kuaijing.tracking import Judgement, Pipeline, Report
from tests.grid_ground import grid_ground
from tests.tracking.reporting_units import at, report

NETWORK = Network(grid_ground(11, 11, 200.0))
CLASSES = {"U1": "car", "U2": "car"}


def drive(pipe: Pipeline, *reports: Report) -> list[Judgement]:
    return [pipe.judge([each], CLASSES)[0] for each in sorted(reports, key=lambda each: each.received_at)]


def every(seconds: float, device: str, start: float, until: float, north: float = 0.0, **more: Any) -> list[Report]:
    count = int((until - start) / seconds)
    times = [start + i * seconds for i in range(count)]
    return [report(t, 4 * t, north, device=device, **more) for t in times]


def speakers(judgements: list[Judgement]) -> list[str]:
    """The devices that moved the unit, each change once."""
    said: list[str] = []
    for each in judgements:
        if each.moves and (not said or said[-1] != each.report.device):
            said.append(each.report.device)
    return said


def test_unit_does_not_hop_between_two_devices_metres_apart() -> None:
    pipe = Pipeline(NETWORK)
    judgements = drive(pipe, *every(5, "radio:1", 0, 300), *every(5, "jt808:2", 2, 300, 12.0))

    assert speakers(judgements) == ["radio:1"]
    second = [each for each in judgements if each.report.device == "jt808:2"]
    assert all(each.kept and each.fix is not None and each.fix.device == "jt808:2" for each in second)
    facts = pipe.facts()
    assert (facts["radio:1"].accepted, facts["radio:1"].speaks) == (60, True)
    assert (facts["jt808:2"].kept, facts["jt808:2"].refused, facts["jt808:2"].speaks) == (
        {"second_best": 59},
        {},
        False,
    )
    assert facts["jt808:2"].conflict is None


def test_other_device_speaks_once_the_first_is_silent_and_goes_on_when_it_is_back() -> None:
    pipe = Pipeline(NETWORK)
    first = every(5, "radio:1", 0, 60) + every(5, "radio:1", 150, 300)
    judgements = drive(pipe, *first, *every(5, "jt808:2", 2, 300, 12.0))

    assert speakers(judgements) == ["radio:1", "jt808:2"]
    taken_over = next(each for each in judgements if each.moves and each.report.device == "jt808:2")
    assert at(70) <= taken_over.report.measured_at <= at(75)  # the radio was last heard at 55 s


def test_more_exact_device_takes_over_with_its_third_report() -> None:
    judgements = drive(
        Pipeline(NETWORK),
        *every(5, "radio:1", 0, 120, accuracy_m=60.0),
        *every(5, "jt808:2", 2, 120, 12.0, accuracy_m=5.0),
    )

    assert speakers(judgements) == ["radio:1", "jt808:2"]
    assert [each.moves for each in judgements if each.report.device == "jt808:2"][:6] == [False] * 2 + [True] * 4


def test_livelier_device_takes_over_and_rare_reports_of_the_other_do_not_take_it_back() -> None:
    judgements = drive(
        Pipeline(NETWORK), *every(60, "radio:1", 0, 900), *every(5, "jt808:2", 301, 900, accuracy_m=20.0)
    )

    assert speakers(judgements) == ["radio:1", "jt808:2"]


def test_two_slow_devices_do_not_take_turns() -> None:
    judgements = drive(Pipeline(NETWORK), *every(40, "radio:1", 0, 1500), *every(40, "jt808:2", 21, 1500))

    assert len(speakers(judgements)) <= 2


def test_two_devices_claiming_one_unit_from_far_apart_are_both_named_and_the_unit_stays_with_one() -> None:
    pipe = Pipeline(NETWORK)
    far = [report(t, 1900, 2000, device="jt808:2", accuracy_m=1.0) for t in range(2, 120, 5)]
    judgements = drive(pipe, *[report(t, 4 * t, 0, device="jt808:1", accuracy_m=40.0) for t in range(0, 120, 5)], *far)

    assert speakers(judgements) == ["jt808:1"]
    assert {name: facts.conflict for name, facts in pipe.facts().items()} == {
        "jt808:1": "jt808:2",
        "jt808:2": "jt808:1",
    }


def test_conflict_ends_when_the_devices_agree_again_or_one_is_moved_to_another_unit() -> None:
    for ending in ("agree", "moved"):
        pipe = Pipeline(NETWORK)
        drive(
            pipe,
            *[report(t, 0, 0, device="jt808:1") for t in range(0, 240, 5)],
            *[report(t, 1900, 2000, device="jt808:2") for t in range(2, 60, 5)],
            *[report(t, 10, 0, unit="U1" if ending == "agree" else "U2", device="jt808:2") for t in range(122, 240, 5)],
        )

        assert [facts.conflict for facts in pipe.facts().values()] == [None, None], ending


def test_device_moved_to_another_unit_starts_afresh_and_the_old_unit_is_free_for_its_other_device() -> None:
    pipe = Pipeline(NETWORK)
    drive(pipe, *[report(t, 0, 0, device="jt808:1") for t in range(0, 60, 5)])
    drive(pipe, *[report(t, 5, 0, device="radio:2") for t in range(2, 60, 5)])
    moved, other = drive(pipe, report(61, 1900, 1900, unit="U2", device="jt808:1"), report(62, 5, 0, device="radio:2"))

    assert moved.moves  # no jump: where U1 was says nothing of U2
    assert other.moves
    facts = pipe.facts()["jt808:1"]
    assert (facts.unit, facts.accepted, facts.speaks) == ("U2", 13, True)


def test_unit_that_is_its_own_sender_has_a_device_for_each_source() -> None:
    pipe = Pipeline(NETWORK)
    drive(pipe, report(0, source="page"), report(1, source="mqtt"))

    assert {name: (facts.device, facts.source) for name, facts in pipe.facts().items()} == {
        "page/U1": ("", "page"),
        "mqtt/U1": ("", "mqtt"),
    }


def test_invented_sources_do_not_fill_the_memory() -> None:
    pipe = Pipeline(NETWORK)
    for i in range(200):
        pipe.judge([report(i, source=f"s{i}")], CLASSES)

    assert len(pipe.facts()) == 32


def test_unit_that_left_the_force_takes_its_devices_along() -> None:
    pipe = Pipeline(NETWORK)
    drive(pipe, report(0, device="jt808:1"), report(1, unit="U2", device="jt808:2"))
    pipe.forget("U1")

    assert list(pipe.facts()) == ["jt808:2"]


def test_conflict_is_forgotten_once_the_other_device_has_been_silent_for_ten_minutes() -> None:
    pipe = Pipeline(NETWORK)
    drive(pipe, *[report(t, 0, 0, device="jt808:1") for t in range(0, 60, 5)], *every(5, "jt808:2", 2, 60, 2000.0))
    assert pipe.facts()["jt808:1"].conflict == "jt808:2"
    drive(pipe, *[report(t, 0, 0, device="jt808:1") for t in range(60, 700, 5)])

    assert [facts.conflict for facts in pipe.facts().values()] == [None, None]


def test_change_of_device_is_no_movement_in_its_direction() -> None:
    pipe = Pipeline(NETWORK)
    driven = [report(t, 100 + 10 * t, 0, device="radio:1", speed_mps=10.0) for t in range(0, 20, 5)]
    behind = [report(t, 100 + 10 * t - 400, 0, device="jt808:2", speed_mps=10.0) for t in (33, 36)]
    fixes = [each.fix for each in drive(pipe, *driven, *behind) if each.moves and each.fix is not None]

    first, second = fixes[-2:]
    assert (first.device, first.both) == (
        "jt808:2",
        True,
    )  # 120 m to the west of the radio's last, but nothing drove west
    assert not second.both
