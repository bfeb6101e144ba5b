"""A sealed segment gives back exactly what was put in, and is small."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuaijing.store.history import columns as c
from kuaijing.store.history.segments import decode, encode
from kuaijing.store.refused import DataUnreadable
from tests.store_history.street import NOON

NUMBERS = st.integers(-(1 << 52), (1 << 52) - 1)


@given(st.lists(st.tuples(*[NUMBERS] * c.WIDTH), min_size=1, max_size=40))
def test_whatever_goes_into_a_segment_comes_out_of_it(fixes: list[tuple[int, ...]]) -> None:
    rows = np.ascontiguousarray(np.array(fixes, np.int64).T)

    assert (decode(encode(rows)) == rows).all()
    assert (decode(encode(rows), 3) == rows[:3]).all()


def test_ten_minutes_of_a_steady_patrol_need_few_bytes_a_fix() -> None:
    rng = np.random.default_rng(1)
    count = 120
    rows = np.zeros((c.WIDTH, count), np.int64)
    rows[c.MEASURED] = NOON + np.arange(count) * 5_000_000
    rows[c.LON] = 1_129_000_000 + np.cumsum(rng.integers(3000, 5000, count))  # 30 to 50 m a fix, never alike
    rows[c.LAT] = 282_000_000 + np.cumsum(rng.integers(-900, 900, count))
    rows[c.RECEIVED] = rows[c.MEASURED] + rng.integers(100_000, 900_000, count)  # microseconds of delay are pure noise
    rows[c.SPEED] = rng.integers(700, 900, count)

    assert len(encode(rows)) / count < 12


def test_of_two_fixes_with_one_time_and_origin_the_first_stays() -> None:
    first = np.array([[5, 10, 10, 6, 0, 0, 0, 2, 0]], np.int64).T
    again = np.array([[5, 10, 10, 9, 0, 0, 0, 0, 0], [5, 11, 10, 9, 0, 0, 0, 0, 1]], np.int64).T

    both = c.merged([first, again])

    assert both[c.RECEIVED].tolist() == [6, 9]  # the repeat from origin 0 is left out, origin 1 is another device
    assert both[c.ORIGIN].tolist() == [0, 1]


@pytest.mark.parametrize("broken", [b"", b"\x09\x01\x00\x00\x00", encode(np.ones((c.WIDTH, 3), np.int64))[:-5]])
def test_a_damaged_segment_is_refused_by_name(broken: bytes) -> None:
    with pytest.raises(DataUnreadable, match="segment of the position history"):
        decode(broken)
