"""On post: stands long enough where its duty says; off post: away from it for long enough."""

from kuaijing.tracking import DEFAULT_THRESHOLDS
from kuaijing.tracking.detectors.post import AtPost, PostFinding, next_post
from tests.tracking.detectors.stories import fix, point
from tests.tracking.reporting_units import at

# The platform is at the origin, the unit's home 1,000 m east. On post after 120 s within 80 m, off after 120 s beyond 150 m.
POSTS = {"platform:P1": point(), "home": point(1000)}


def story(*fixes: tuple[float, float]) -> list[PostFinding]:
    known: AtPost | None = None
    before, found = None, []
    for seconds, east in fixes:
        known, finding = next_post(known, before, fix(seconds, east), POSTS, DEFAULT_THRESHOLDS)
        before = at(seconds)
        found += [finding] if finding else []
    return found


def test_a_unit_that_waits_at_its_platform_is_on_post_since_it_came() -> None:
    (taken,) = story((0, 400), (20, 30), (50, 20), (80, 25), (110, 30), (140, 20), (600, 20))

    assert taken.post == "platform:P1"
    assert (taken.when.earliest, taken.when.latest) == (at(0), at(20))


def test_a_unit_that_drives_past_is_not_on_post() -> None:
    assert story(*((10.0 * i, -400 + 50.0 * i) for i in range(20))) == []


def test_a_unit_that_only_moves_across_the_yard_stays_on_post() -> None:
    found = story(*((30.0 * i, 10.0 if i < 10 else 120.0) for i in range(30)))

    assert [each.post for each in found] == ["platform:P1"]


def test_a_unit_that_goes_on_patrol_left_its_post_when_it_set_off() -> None:
    waits = [(30.0 * i, 0.0) for i in range(8)]
    taken, left = story(*waits, (240, 100), (270, 500), (330, 900), (400, 2000))

    assert (taken.post, left.post) == ("platform:P1", None)
    assert (left.when.earliest, left.when.latest) == (at(240), at(270))


def test_the_home_is_a_post_too() -> None:
    found = story(*((30.0 * i, 1010.0) for i in range(8)))

    assert [each.post for each in found] == ["home"]


def test_a_silent_unit_is_on_no_post_by_having_been_there_at_both_ends_of_the_silence() -> None:
    assert story((0, 10), (1000, 10)) == []
    assert [each.post for each in story((0, 10), (1000, 10), (1060, 10), (1130, 10))] == ["platform:P1"]
