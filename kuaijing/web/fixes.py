"""Tracking's live table as the live picture reads it."""

import numpy as np

from kuaijing.measures.instants import Instant, to_datetime
from kuaijing.tracking import DEFAULT_THRESHOLDS, Fix, LiveTable, Thresholds
from kuaijing.web.painting import FixRow
from kuaijing.wire.pictures import FixView


class LiveFixes:
    """See ``painting.Fixes``. Lives in the thread that writes the table."""

    def __init__(self, table: LiveTable, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> None:
        self._table, self._thresholds = table, thresholds

    def find_fix(self, unit: str) -> FixView | None:
        """The unit's newest accepted position."""
        fix = self._table.find(unit)
        return None if fix is None else _view(fix)

    def stale_units(self, now: Instant) -> frozenset[str]:
        """Units whose position is too old to be shown as fresh."""
        view = self._table.view()
        return frozenset(view.units[row] for row in np.flatnonzero(view.stale(now, self._thresholds)))

    def rows_since(self, mark: int) -> tuple[int, list[FixRow]]:
        """Newest fixes that came after ``mark``, one a unit."""
        return self._table.number, [_row(fix) for fix in self._table.since(mark)]

    def reporting(self, now: Instant) -> int:
        """Units with a fresh position."""
        view = self._table.view()
        return len(view.units) - int(view.stale(now, self._thresholds).sum())


def _view(fix: Fix) -> FixView:
    return FixView(
        fix.lon,
        fix.lat,
        to_datetime(fix.measured_at),
        to_datetime(fix.received_at),
        fix.speed_mps,
        fix.heading_deg,
        fix.source,
    )


def _row(fix: Fix) -> FixRow:
    lon, lat = round(fix.lon, 6), round(fix.lat, 6)
    return fix.unit, lon, lat, fix.speed_mps, fix.heading_deg, fix.measured_at // 1000, fix.received_at // 1000
