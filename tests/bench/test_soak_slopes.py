"""The soak tells a leak from a busy hour."""

from statistics import median

import pytest

from kuaijing.bench.screens_soak import Soak, slope_at_equal_load

HOURS = [hour / 6 for hour in range(48)]
BUSY = [3 + (17 if 20 < hour < 40 else 0) for hour in range(48)]


def test_a_busy_hour_is_no_leak_and_a_leak_is_found_under_it() -> None:
    still = [1700.0 + 12 * queued for queued in BUSY]
    slope, error = slope_at_equal_load(HOURS, BUSY, still)
    assert abs(slope) < 1e-6
    assert error < 1e-6
    leaking = [value + 100 * hour for value, hour in zip(still, HOURS, strict=True)]
    assert slope_at_equal_load(HOURS, BUSY, leaking)[0] == pytest.approx(100)


@pytest.mark.parametrize(("leak_an_hour", "flat"), [(0.0, 1.0), (20.0, 1.0), (100.0, 0.0)])
def test_flat_is_a_fifth_of_the_level_in_eight_hours(leak_an_hour: float, flat: float) -> None:
    nodes = [round(1700 + 12 * queued + leak_an_hour * hour) for queued, hour in zip(BUSY, HOURS, strict=True)]
    soak = Soak(list(HOURS), [17.0] * 48, nodes, [400] * 48, list(BUSY))
    told = {name: value for name, value, _ in soak.figures()}
    assert told["flat"] == flat
    assert told["nodes_growth_of_8_h"] == pytest.approx(8 * leak_an_hour / median(nodes[24:]), abs=0.01)
