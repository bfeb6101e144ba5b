"""Byte planes back into numbers, compiled: a moment of a thousand units is two thousand segments, and nobody waits for those.

Nothing here checks a bound; ``segments.decode`` has looked at every length before it calls.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaijing.routing.compiled import compiled

HEAD: Final = np.dtype([("first", "<i8"), ("step", "<i8"), ("order", "u1"), ("width", "u1")])
"""What is said of each column before its bytes."""


@compiled
def unfold(planes: NDArray[np.uint8], head: NDArray[np.void], rows: NDArray[np.int64]) -> None:
    """Fill ``rows``, shape ``(columns, n)``: of each column its zigzag bytes, summed up ``order`` times, by ``step`` from ``first``."""
    columns, count = rows.shape
    at = 0
    for column in range(columns):
        said = head[column]
        first, step, order, width = said.first, said.step, said.order, said.width
        value = np.int64(0)
        slope = np.int64(0)
        for index in range(count):
            folded = np.uint64(0)
            for plane in range(width):
                folded |= np.uint64(planes[at + plane * count + index]) << np.uint64(8 * plane)
            number = np.int64(folded >> np.uint64(1)) ^ -np.int64(folded & np.uint64(1))
            if order == 0:
                value = number
            elif order == 1:
                value += number
            else:
                slope += number
                value += slope
            rows[column, index] = value * step + first
        at += width * count


def warm() -> None:
    """Compile it into the cache."""
    unfold(np.frombuffer(b"", np.uint8), np.frombuffer(bytes(HEAD.itemsize), HEAD), np.empty((1, 1), np.int64))
