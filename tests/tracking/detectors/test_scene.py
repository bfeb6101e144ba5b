"""Left the scene: by position, once, with the interval in which it happened."""

from kuaijing.measures.instants import seconds_between
from kuaijing.tracking import DEFAULT_THRESHOLDS
from kuaijing.tracking.detectors.scene import AtScene, LeftScene, at_scene, next_at_scene
from tests.tracking.detectors.stories import fix, point
from tests.tracking.reporting_units import at

# The scene is at the origin; the unit was measured to arrive between second 0 and 5. Left is beyond 150 m for 60 s.


def story(*fixes: tuple[float, float]) -> tuple[AtScene | None, LeftScene | None]:
    scene: AtScene | LeftScene = at_scene("i.1", "U1", point(), at(0), at(5))
    for seconds, east in fixes:
        assert isinstance(scene, AtScene)
        scene = next_at_scene(scene, fix(seconds, east), DEFAULT_THRESHOLDS)
    return (scene, None) if isinstance(scene, AtScene) else (None, scene)


def test_a_unit_that_drives_off_left_between_its_last_fix_there_and_its_first_away() -> None:
    _, left = story((10, 5), (600, 8), (610, 90), (620, 200), (650, 400), (680, 700))

    assert left is not None
    assert (left.left.earliest, left.left.latest) == (at(610), at(620))


def test_a_few_steps_round_the_corner_and_back_are_no_leaving() -> None:
    scene, left = story((10, 5), (100, 170), (130, 180), (155, 100), (300, 160), (330, 20))

    assert left is None
    assert scene is not None
    assert seconds_between(at(0), scene.stay.last) == 330


def test_a_position_from_before_the_arrival_leaves_nothing() -> None:
    scene, left = story((3, 900), (4, 900), (5, 900), (64, 900))

    assert left is None
    assert scene is not None


def test_after_a_silence_it_left_somewhere_within_the_silence() -> None:
    _, left = story((10, 5), (900, 3000), (960, 3500))

    assert left is not None
    assert (left.left.earliest, left.left.latest) == (at(10), at(900))
