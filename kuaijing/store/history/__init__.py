"""Position history: every believed fix, sealed in ten-minute segments; decisions 0070 and 0071."""

from kuaijing.store.history.beside import FILE as HISTORY_FILE
from kuaijing.store.history.beside import HistoryBeside, NoHistory, open_history_beside
from kuaijing.store.history.history import Dropped, HistorySettings, HistoryState, PositionHistory
from kuaijing.store.history.reading import HistoryReading
from kuaijing.store.history.tracks import Columns, Fixes, Origin, Presence, Track

__all__ = [
    "HISTORY_FILE",
    "Columns",
    "Dropped",
    "Fixes",
    "HistoryBeside",
    "HistoryReading",
    "HistorySettings",
    "HistoryState",
    "NoHistory",
    "Origin",
    "PositionHistory",
    "Presence",
    "Track",
    "open_history_beside",
]
