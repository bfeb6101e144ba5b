"""A fix as nine whole numbers, and many of them as a matrix: the one form in which the history keeps positions.

``Rows`` is int64 of shape ``(9, n)``, one column of the history a row of the matrix. Figures are rounded to what no sender of
positions resolves: 1e-7 degrees (1.1 cm), 0.01 m/s, 0.1 degrees of heading, 0.1 m of accuracy; instants are kept whole.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaijing.measures.instants import SECOND
from kuaijing.tracking import Fix

Rows = NDArray[np.int64]

MEASURED, LON, LAT, RECEIVED, SPEED, HEADING, ACCURACY, FLAGS, ORIGIN = range(9)
WIDTH: Final = 9

PLACE_SCALE: Final = 1e7
SPEED_SCALE: Final = 100.0
HEADING_SCALE: Final = 10.0
ACCURACY_SCALE: Final = 10.0
UNKNOWN: Final = -1
AT_REST: Final = 1
MOVED: Final = 2

SLOT: Final = 600 * SECOND
"""A segment holds one unit's fixes of ten minutes."""
UNIT_BITS: Final = 20
MOST_UNITS: Final = 1 << UNIT_BITS
LATEST: Final = 1 << 52
"""Instants from here on (the year 2112) are no time of a fix."""
_MOST: Final = 10_000_000


def numbers_of(fix: Fix, moved: bool, origin: int) -> tuple[int, ...]:
    """The nine numbers of a fix, in the order of the columns."""
    return (
        fix.measured_at,
        round(fix.lon * PLACE_SCALE),
        round(fix.lat * PLACE_SCALE),
        fix.received_at,
        _scaled(fix.speed_mps, SPEED_SCALE),
        _scaled(fix.heading_deg, HEADING_SCALE),
        _scaled(fix.accuracy_m, ACCURACY_SCALE),
        (AT_REST if fix.at_rest else 0) | (MOVED if moved else 0),
        origin,
    )


def segment_id(slot: int, unit: int) -> int:
    """Number of a segment: those of one ten minutes lie side by side, those of a unit differ by a stride."""
    return slot << UNIT_BITS | unit


def slot_of(instant: int) -> int:
    """Ten minutes that an instant lies in, counted from the epoch."""
    return instant // SLOT


def empty() -> Rows:
    """No fix at all."""
    return np.empty((WIDTH, 0), np.int64)


def merged(parts: list[Rows]) -> Rows:
    """All parts as one, by ``measured`` and origin; of two with both alike the first given stays: a repeat changes nothing."""
    rows = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1) if parts else empty()
    if rows.shape[1] < 2 or (rows[MEASURED, 1:] > rows[MEASURED, :-1]).all():
        return rows
    order = np.lexsort((rows[ORIGIN], rows[MEASURED]))
    rows = rows[:, order]
    first = np.ones(rows.shape[1], np.bool_)
    first[1:] = (np.diff(rows[MEASURED]) != 0) | (np.diff(rows[ORIGIN]) != 0)
    return rows if first.all() else rows[:, first]


def within(rows: Rows, from_at: int, until: int) -> Rows:
    """Sorted rows with ``from_at <= measured < until``."""
    first, last = np.searchsorted(rows[MEASURED], (from_at, until))
    return rows[:, first:last]


def _scaled(value: float | None, scale: float) -> int:
    if value is None or not 0 <= value < _MOST:
        return UNKNOWN
    return round(value * scale)
