"""Sealed segments: rows in, a few bytes a fix out, and back without loss.

Each column is reduced to what varies: its first value and the greatest step that divides all differences are taken out, then the
plain values, their differences or the differences of those are kept, whichever are smallest; as bytes, the lowest of all values
first, then the next (most high bytes are zero), deflated. The idea is that of column stores (Gorilla, VLDB 2015; byte shuffle of
Blosc); a regular cadence, a steady speed or an absent figure costs next to nothing.
"""

import struct
import zlib
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kuaijing.store.history.columns import WIDTH, Rows
from kuaijing.store.history.unfolding import HEAD, unfold
from kuaijing.store.refused import DataUnreadable

_FORMAT: Final = 1
_HEAD: Final = struct.Struct("<BI")
_LEVEL: Final = 4
_WIDTHS: Final = {0, 1, 2, 4, 8}
_KINDS: Final[dict[int, np.dtype[Any]]] = {
    1: np.dtype("<u1"),
    2: np.dtype("<u2"),
    4: np.dtype("<u4"),
    8: np.dtype("<u8"),
}


def encode(rows: Rows) -> bytes:
    """One segment of sorted rows, shape ``(9, n)`` with n >= 1."""
    count = rows.shape[1]
    first = rows[:, 0].copy()
    values = rows - first[:, None]
    step = np.maximum(np.gcd.reduce(values, axis=1), 1)
    values //= step[:, None]
    chosen, order = _least(values)
    folded = ((chosen << 1) ^ (chosen >> 63)).view(np.uint64)
    most = folded.max(axis=1)
    column = np.zeros(WIDTH, HEAD)
    column["first"], column["step"], column["order"] = first, step, order
    parts: list[bytes] = []
    for index in range(WIDTH):
        width = _width(int(most[index]))
        column["width"][index] = width
        if width:
            parts.append(folded[index].astype(_KINDS[width]).view(np.uint8).reshape(count, width).T.tobytes())
    return _HEAD.pack(_FORMAT, count) + zlib.compress(column.tobytes() + b"".join(parts), _LEVEL)


def decode(data: bytes, columns: int = WIDTH) -> Rows:
    """The first ``columns`` columns of a segment, shape ``(columns, n)``."""
    try:
        kind, count = _HEAD.unpack_from(data)
        if kind != _FORMAT:
            raise ValueError(f"segment format {kind} is not known")
        body = zlib.decompress(data[_HEAD.size :])
        head = np.frombuffer(body, HEAD, WIDTH)
        planes = np.frombuffer(body, np.uint8, offset=HEAD.itemsize * WIDTH)
        if not set(head["width"].tolist()) <= _WIDTHS or len(planes) != count * int(head["width"].sum()):
            raise ValueError(f"{len(planes)} bytes are not those of {count} fixes")
    except (ValueError, struct.error, zlib.error) as fault:
        raise DataUnreadable("a segment of the position history", f"cannot be read ({fault})") from fault
    rows = np.empty((columns, count), np.int64)
    unfold(planes, head, rows)
    return rows


def _least(values: Rows) -> tuple[Rows, NDArray[np.int64]]:
    """Values, differences or second differences per column, by the smallest sum of sizes; which."""
    once = np.diff(values, axis=1, prepend=0)
    twice = np.diff(once, axis=1, prepend=0)
    sizes = np.stack([np.abs(each).sum(axis=1, dtype=np.float64) for each in (values, once, twice)])
    order = sizes.argmin(axis=0)
    picked = values
    picked[order == 1] = once[order == 1]
    picked[order == 2] = twice[order == 2]
    return picked, order


def _width(most: int) -> int:
    return 0 if most == 0 else 1 if most < 1 << 8 else 2 if most < 1 << 16 else 4 if most < 1 << 32 else 8
