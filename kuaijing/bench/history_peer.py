"""The peer of the history bench: plain rows in SQLite, one a fix, indexed for both questions. What one writes without thinking.

The rows are keyed by unit and time without a rowid, and a second index leads with the time and holds the place: the best that
plain tables offer for "a unit's half hour" and for "who was here".
"""

from collections.abc import Sequence
from pathlib import Path

import apsw
import numpy as np
from numpy.typing import NDArray

from kuaijing.store.history import columns as c
from kuaijing.store.history.reading import M_PER_DEG, STAY_ENDS_S, metres_from

_TABLE = (
    "CREATE TABLE fix(unit INTEGER, measured INTEGER, lon INTEGER, lat INTEGER, received INTEGER, speed INTEGER,"
    " heading INTEGER, accuracy INTEGER, flags INTEGER, origin INTEGER, PRIMARY KEY(unit, measured, origin)) WITHOUT ROWID"
)
_INDEX = "CREATE INDEX fix_at ON fix(measured, lon, lat, unit)"

Stay = tuple[int, int, int, int]
"""Unit, first and last fix within, fixes."""


class PlainRows:
    """One file of plain rows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db = apsw.Connection(str(path))
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", _TABLE, _INDEX):
            self._db.execute(statement).fetchall()

    def write(self, ten_minutes: NDArray[np.int64]) -> None:
        """Fixes of all units, int64 (units, 9, n), in the order of time, in one transaction."""
        units, _, steps = ten_minutes.shape
        flat = ten_minutes.transpose(2, 0, 1).reshape(-1, c.WIDTH)
        unit = np.tile(np.arange(units), steps)
        rows = np.column_stack([unit, flat]).tolist()
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany("INSERT OR IGNORE INTO fix VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self._db.execute("COMMIT")

    def track(self, unit: int, from_at: int, until: int) -> NDArray[np.int64]:
        """The nine numbers of the unit's fixes, (9, n)."""
        rows = self._db.execute(
            "SELECT measured, lon, lat, received, speed, heading, accuracy, flags, origin FROM fix"
            " WHERE unit = ? AND measured >= ? AND measured < ? ORDER BY measured, origin",
            (unit, from_at, until),
        ).fetchall()
        return np.array(rows, np.int64).reshape(-1, c.WIDTH).T

    def near(self, lon: float, lat: float, radius_m: float, from_at: int, until: int) -> set[Stay]:
        """Stays within the radius."""
        tall = radius_m / M_PER_DEG * 1.001 * c.PLACE_SCALE
        wide = tall / float(np.cos(np.radians(lat + 0.1)))
        x, y = lon * c.PLACE_SCALE, lat * c.PLACE_SCALE
        rows = self._db.execute(
            "SELECT unit, measured, lon, lat FROM fix WHERE measured >= ? AND measured < ?"
            " AND lon BETWEEN ? AND ? AND lat BETWEEN ? AND ? ORDER BY unit, measured",
            (from_at, until, round(x - wide), round(x + wide), round(y - tall), round(y + tall)),
        ).fetchall()
        found = np.array(rows, np.int64).reshape(-1, 4).T
        inside = found[:, metres_from(lon, lat, found[1:]) <= radius_m] if found.shape[1] else found
        return stays(inside[0], inside[1])

    def checkpoint(self) -> None:
        """Move the write-ahead log into the file."""
        self._db.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)

    def close(self) -> None:
        """Let go."""
        self._db.close()


def stays(unit: Sequence[int] | NDArray[np.int64], measured: Sequence[int] | NDArray[np.int64]) -> set[Stay]:
    """Fixes within, by unit and time, as stays; one by one, so that it owes nothing to the other."""
    found: set[Stay] = set()
    begun: tuple[int, int, int, int] | None = None
    for each, at in zip(map(int, unit), map(int, measured), strict=True):
        if begun is not None and begun[0] == each and at - begun[2] <= STAY_ENDS_S * 1e6:
            begun = (each, begun[1], at, begun[3] + 1)
            continue
        if begun is not None:
            found.add(begun)
        begun = (each, at, at, 1)
    if begun is not None:
        found.add(begun)
    return found
