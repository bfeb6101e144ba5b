"""Lost and regained contact: which units' silence or first word again is to be recorded. Submits nothing, knows no clock."""

from typing import Final

from kuaijing.domain.commands import RecordContact
from kuaijing.domain.state import State
from kuaijing.domain.units import Unit
from kuaijing.domain.words import UnitStatus
from kuaijing.measures.instants import Instant
from kuaijing.tracking.contact import is_lost
from kuaijing.tracking.live_table import LiveTable
from kuaijing.tracking.thresholds import Thresholds

ON_THE_WAY: Final = frozenset({UnitStatus.ORDERED, UnitStatus.EN_ROUTE})
_SILENT: Final = frozenset({UnitStatus.OFF_DUTY, UnitStatus.OUT_OF_SERVICE})
"""Nobody expects these to report."""


class Contacts:
    """What was last said of each unit's contact."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._thresholds = thresholds
        self.lost: frozenset[str] = frozenset()
        """Units in which contact is lost as of the last look."""

    def look(self, state: State, table: LiveTable, now: Instant) -> list[RecordContact]:
        """What is to be recorded now; the picture says what has been."""
        found: list[RecordContact] = []
        lost: set[str] = set()
        for unit in state.units.values():
            fix = table.find(unit.id)
            if fix is None:
                continue
            gone = self._is_gone(unit, fix.received_at, now)
            if gone:
                lost.add(unit.id)
            if gone != unit.lost_contact and not (gone and unit.status in _SILENT):
                found.append(RecordContact(unit.id, gone, fix.measured_at))
        self.lost = frozenset(lost)
        return found

    def _is_gone(self, unit: Unit, received_at: Instant, now: Instant) -> bool:
        if unit.status in _SILENT:
            return False
        return is_lost(received_at, now, unit.status in ON_THE_WAY, self._thresholds)
