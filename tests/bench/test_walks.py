"""Units of the load drive on the roads, no faster than they say."""

import numpy as np

from kuaijing.bench.walks import SPEED_MPS, walks
from tests.grid_ground import M_PER_DEG, ground_of

NODES = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)]
ROUND = [(0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (3, 2), (3, 0), (0, 3)]


def test_every_place_is_on_a_street_and_eight_metres_from_the_last() -> None:
    found = walks(ground_of(NODES, ROUND), ["car", "motorcycle"], 60, seed=3)

    east = (found[..., 0] - 112.0) * M_PER_DEG * np.cos(np.radians(27.0))
    north = (found[..., 1] - 27.0) * M_PER_DEG
    to_edge = np.minimum.reduce([abs(east), abs(east - 100), abs(north), abs(north - 100)])
    steps = np.hypot(np.diff(east), np.diff(north))
    assert found.shape == (2, 60, 2)
    assert to_edge.max() < 0.1
    assert steps.max() < SPEED_MPS + 0.1
    assert np.median(steps) > SPEED_MPS - 0.1


def test_the_same_seed_gives_the_same_drives() -> None:
    ground = ground_of(NODES, ROUND)
    assert (walks(ground, ["car"] * 5, 20, seed=1) == walks(ground, ["car"] * 5, 20, seed=1)).all()
    assert (walks(ground, ["car"] * 5, 20, seed=1) != walks(ground, ["car"] * 5, 20, seed=2)).any()
