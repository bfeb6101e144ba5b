"""The array types that cross this room's doors: integers of 32 bits for indices and milliseconds, floats for places."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int32]
FloatArray = NDArray[np.float64]
SingleArray = NDArray[np.float32]
BoolArray = NDArray[np.bool_]
AnyArray = NDArray[Any]

CLOSED = 1 << 30
"""Milliseconds of an arc that cannot be driven through; larger than any limit."""

NO_LIMIT = 1 << 29
"""Milliseconds that stand for "search everything": six days, more than any drive."""

NONE = -1
"""No arc, no unit, no time."""


def frozen(array: AnyArray) -> AnyArray:
    """The same array, made read-only: what searches share between threads never changes under them."""
    array.setflags(write=False)
    return array
