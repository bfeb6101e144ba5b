"""Stopped too long: on the way to an incident sooner than on patrol; a red light is nothing, silence is something else."""

from kuaijing.tracking import DEFAULT_THRESHOLDS
from kuaijing.tracking.detectors.stopped import Stop, StopFinding, next_stop
from tests.tracking.detectors.stories import fix
from tests.tracking.reporting_units import at

ON_WAY_S = DEFAULT_THRESHOLDS.stopped_on_way_s  # 120 s


def story(*fixes: tuple[float, float], duty: str = "way:1", limit_s: float | None = ON_WAY_S) -> list[StopFinding]:
    known: Stop | None = None
    found = []
    for seconds, east in fixes:
        known, finding = next_stop(known, fix(seconds, east), duty, limit_s, DEFAULT_THRESHOLDS)
        found += [finding] if finding else []
    return found


def test_a_unit_that_stands_on_its_way_is_told_once_and_again_when_it_moves_on() -> None:
    stopped, moved = story((0, 0), (10, 100), (40, 105), (100, 98), (131, 101), (200, 100), (210, 200), (220, 300))

    assert (stopped.stopped, stopped.since) == (True, at(10))
    assert (moved.stopped, moved.since) == (False, at(210))


def test_red_lights_are_nothing() -> None:
    assert story(*((10.0 * i, 100.0 * (i // 9)) for i in range(100))) == []  # ninety seconds at each of eleven lights


def test_where_a_unit_may_stand_nothing_is_told() -> None:
    assert story(*((60.0 * i, 0.0) for i in range(60)), limit_s=None) == []


def test_silence_is_not_a_stop() -> None:
    assert story((0, 0), (1000, 0), (1060, 0)) == []
    (stopped,) = story((0, 0), (1000, 0), (1060, 0), (1125, 0))
    assert stopped.since == at(1000)


def test_time_stood_for_one_order_does_not_count_for_the_next() -> None:
    known, found = next_stop(None, fix(0), "way:1", ON_WAY_S, DEFAULT_THRESHOLDS)
    for seconds, duty in ((90, "way:1"), (100, "way:2"), (180, "way:2")):
        known, found = next_stop(known, fix(seconds), duty, ON_WAY_S, DEFAULT_THRESHOLDS)
        assert found is None


def test_another_duty_ends_the_stop() -> None:
    known: Stop | None = None
    found = []
    for seconds, duty, limit_s in ((0, "way:1", ON_WAY_S), (130, "way:1", ON_WAY_S), (140, "on_scene", None)):
        known, finding = next_stop(known, fix(seconds), duty, limit_s, DEFAULT_THRESHOLDS)
        found += [finding.stopped] if finding else []

    assert found == [True, False]
