"""Hours of the week in a city's local time: 0 is Monday 00:00-01:00, 167 Sunday 23:00-24:00.

A clock change gives one hour of the week a second helping (or none) that week; exposure is counted in real hours, so that
rates per hour stay right. Instants are microseconds UTC.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from kuaijing.measures.instants import SECOND

HOURS = 168
"""Hours in a week."""

HOUR = 3600 * SECOND
"""Microseconds in an hour."""

_EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday


def _offset_hours(hour: int, zone: ZoneInfo) -> float:
    offset = datetime.fromtimestamp(hour * 3600, UTC).astimezone(zone).utcoffset()
    return 0.0 if offset is None else offset.total_seconds() / 3600


def hours_of_week(instants: NDArray[np.int64], zone: str) -> NDArray[np.int64]:
    """Local hour of the week of each instant, int64 (instants,)."""
    where = ZoneInfo(zone)
    distinct, back = np.unique(instants // HOUR, return_inverse=True)
    offset = np.array([_offset_hours(int(hour), where) for hour in distinct])
    local = np.floor(instants / HOUR + offset[back]).astype(np.int64)
    weekly: NDArray[np.int64] = (local + _EPOCH_WEEKDAY * 24) % HOURS
    return weekly


def hour_of_week(instant: int, zone: str) -> int:
    """Local hour of the week of one instant."""
    return int(hours_of_week(np.array([instant], np.int64), zone)[0])
