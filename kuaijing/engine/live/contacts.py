"""Lost and regained contact: which units' silence or first word again is to be recorded. Submits nothing, knows no clock."""

from typing import Final

from kuaijing.domain.commands import RecordContact
from kuaijing.domain.state import State
from kuaijing.domain.words import UnitStatus
from kuaijing.measures.instants import Instant
from kuaijing.tracking.contact import is_lost
from kuaijing.tracking.live_table import LiveTable
from kuaijing.tracking.thresholds import Thresholds

ON_THE_WAY: Final = frozenset({UnitStatus.ORDERED, UnitStatus.EN_ROUTE})
_SILENT: Final = frozenset({UnitStatus.OFF_DUTY, UnitStatus.OUT_OF_SERVICE})
"""Nobody expects these to report: they are not lost by silence, and found only by reporting."""


class Contacts:
    """Who has fallen silent, who is back."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._thresholds = thresholds
        self._ordered: dict[str, Instant] = {}
        """Units on the way at the last look: since when, from one order to the next. After a restart: since the present status."""

    def look(self, state: State, table: LiveTable, now: Instant) -> list[RecordContact]:
        """What is to be recorded now; the picture says what has been."""
        found: list[RecordContact] = []
        self._ordered = {
            unit.id: self._ordered.get(unit.id, unit.since)
            for unit in state.units.values()
            if unit.status in ON_THE_WAY
        }
        for unit in state.units.values():
            fix = table.find(unit.id)
            if fix is None or unit.status in _SILENT:
                continue
            lost = is_lost(fix.received_at, now, self._ordered.get(unit.id), self._thresholds)
            if lost != unit.lost_contact:
                found.append(RecordContact(unit.id, lost, fix.measured_at))
        return found
