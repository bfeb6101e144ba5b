"""From a record file to ``Records``: every value checked, every fault listed by row and column, nothing half-applied.

A record without a place is kept (it counts in the totals) and reported; a repeated one is taken once and reported; one outside the
city is kept, reported, and counts in no rate. A value that cannot be what its column means is a fault.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from kuaijing.measures.coordinates import System, to_wgs84
from kuaijing.studies import record_values as values
from kuaijing.studies.layout import FIELDS, Column, Layout, column
from kuaijing.studies.record_files import RecordFile
from kuaijing.studies.records import NO_TIME, Records, first_of_each
from kuaijing.studies.refused import StudyRefused

Box = tuple[float, float, float, float]
_BLANK: Final = frozenset({"", "null", "none", "nan", "n/a", "-", "无", "不详", "未知"})
SYSTEMS: Final = ("wgs84", "gcj02", "bd09")
MOST_FAULTS: Final = 100_000
"""With more it is another file; nobody mends them one by one, and they are not kept in memory."""


@dataclass(frozen=True, slots=True)
class RecordFault:
    """One value that cannot be read."""

    row: int
    column: str
    value: str
    problem: str

    def __str__(self) -> str:
        return f"row {self.row}, {self.column}: {self.value!r} {self.problem}"


@dataclass(frozen=True, slots=True, eq=False)
class Import:
    """What a file held."""

    records: Records
    read: int
    faults: tuple[RecordFault, ...]
    duplicates: int
    without_place: int
    outside: int
    by_officers: int
    """Found by officers themselves: marked, left out of rates by default."""
    kinds_unmapped: Mapping[str, int]
    """Words of the file that the table of kinds does not have, each with its count; kept as they are."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be understood."""

    layout: Layout
    what: str
    crs: str
    zone: str
    kinds: Mapping[str, str] | None = None
    """Words of the file → our codes; ``None``: the file has our codes, or any words, taken as they are."""
    bbox: Box | None = None
    latest: datetime | None = None
    """Nothing can have been called after it: now, and a day for clocks that differ."""


def import_records(file: RecordFile, how: Reading) -> Import:
    """Read every record. Raises ``StudyRefused`` where a column is missing or the coordinate system is unknown."""
    _check_columns(file, how)
    layout, rows = how.layout, file.rows
    faults = _uneven(file, layout)
    called_at = _column(
        file, layout.called_at, "called_at", faults, values.time_of(how.zone, how.latest), NO_TIME, np.int64
    )
    lon = _column(file, layout.lon, "lon", faults, values.number, np.nan, np.float64)
    lat = _column(file, layout.lat, "lat", faults, values.number, np.nan, np.float64)
    unmapped: Counter[str] = Counter()
    kind = _column(file, layout.kind, "kind", faults, values.kind_of(how.kinds, unmapped), "", np.object_)
    origin = _column(file, layout.origin, "origin", faults, values.origin, "call", np.object_)
    grade = _column(file, layout.grade, "grade", faults, values.grade, 0, np.int8)
    on_scene = _column(file, layout.on_scene_s, "on_scene_s", faults, values.seconds, np.nan, np.float32)
    weight = _column(file, layout.weight, "weight", faults, values.weight, 1.0, np.float32)
    lon, lat = _places(lon, lat, how.crs, file, faults)
    whole = Records(
        called_at, lon, lat, kind.astype(np.str_), grade, origin.astype(np.str_), on_scene, weight
    )  # fmt: skip
    bad = np.zeros(rows, np.bool_)
    bad[[fault.row - file.first for fault in faults]] = True
    if layout.called_at is not None:
        blank = (called_at == NO_TIME) & ~bad
        name = _name(layout.called_at)
        faults += [
            RecordFault(int(row) + file.first, name, "", "is empty; a record needs its time")
            for row in np.flatnonzero(blank)
        ]
        bad |= blank
    good = whole.rows(~bad)
    once = _once(file, layout, good, np.flatnonzero(~bad))
    kept = good.rows(once)
    outside = 0 if how.bbox is None else int((kept.placed & ~_within(kept, how.bbox)).sum())
    faults.sort(key=lambda fault: (fault.row, fault.column))
    return Import(
        kept, rows, tuple(faults), len(good) - len(kept), int((~kept.placed).sum()), outside,
        int((~kept.called).sum()), dict(unmapped.most_common()),
    )  # fmt: skip


def _check_columns(file: RecordFile, how: Reading) -> None:
    if how.crs not in SYSTEMS and not how.crs.upper().startswith("EPSG:"):
        raise StudyRefused(f"crs {how.crs!r} is not known; say wgs84, gcj02, bd09 or EPSG:n")
    if how.what in ("incidents", "cases") and how.layout.called_at is None:
        raise StudyRefused(f"{how.what} need a time: name the column of called_at in --columns")
    wanted = [(field, found.column) for field in FIELDS if (found := column(getattr(how.layout, field))) is not None]
    missing = [f"{field}: no column {name!r}" for field, name in wanted if name not in file.columns]
    if missing:
        raise StudyRefused(f"{'; '.join(missing)}; the file has {', '.join(file.names)[:400]}", missing)


def _column(
    file: RecordFile,
    given: Column | str | None,
    field: str,
    faults: list[RecordFault],
    read: values.Read,
    blank: object,
    kind: Any,
) -> NDArray[Any]:
    """One field of every record; a blank is ``blank``, a fault is listed."""
    held = np.full(file.rows, blank, dtype=kind)
    where = column(given)
    if where is None:
        return held
    for row, value in enumerate(file.columns[where.column]):
        if _is_blank(value):
            continue
        try:
            held[row] = read(value, where)
        except (ValueError, TypeError, OverflowError) as error:
            faults.append(RecordFault(row + file.first, where.column, _told(value), str(error)))
            if len(faults) > MOST_FAULTS:
                raise StudyRefused(
                    f"more than {MOST_FAULTS:,} faults by row {row + file.first:,} of {file.rows:,}: this is not the file that the "
                    f"columns describe, or not in the form that they say. The first: {faults[0]}; the last: {faults[-1]}",
                    [str(fault) for fault in faults[:20]],
                ) from None
    return held


def _told(value: Any) -> str:
    return "".join(each if each.isprintable() else " " for each in str(value)[:80])


def _uneven(file: RecordFile, layout: Layout) -> list[RecordFault]:
    """Rows of a text file that have more cells than the header, or end before what every record needs."""
    if file.cells is None:
        return []
    needed = [found.column for field in FIELDS[:4] if (found := column(getattr(layout, field))) is not None]
    least = 1 + max((file.names.index(name) for name in needed if name in file.names), default=0)
    return [
        RecordFault(
            int(row) + file.first, "row", f"{file.cells[row]} cells",
            f"where the header has {len(file.names)}: a separator inside a text without quotes, or a broken line",
        )
        for row in np.flatnonzero((file.cells > len(file.names)) | (file.cells < least))[:MOST_FAULTS]
    ]  # fmt: skip


def _is_blank(value: Any) -> bool:
    if value is None or (isinstance(value, float) and value != value):
        return True
    return isinstance(value, str) and value.strip().lower() in _BLANK


def _places(
    lon: NDArray[np.float64], lat: NDArray[np.float64], crs: str, file: RecordFile, faults: list[RecordFault]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """WGS-84; half a place, and 0, 0, are none; what lies off the Earth is a fault."""
    none = ~np.isfinite(lon) | ~np.isfinite(lat) | ((lon == 0) & (lat == 0))
    lon, lat = np.where(none, np.nan, lon), np.where(none, np.nan, lat)
    have = np.flatnonzero(~none)
    if crs in SYSTEMS:
        off = have[(np.abs(lon[have]) > 180) | (np.abs(lat[have]) > 90)]
        faults += [
            RecordFault(
                int(row) + file.first,
                "lon, lat",
                f"{lon[row]:g}, {lat[row]:g}",
                "is no place on Earth; are the two swapped?",
            )
            for row in off
        ]
        lon[off], lat[off] = np.nan, np.nan
        have = np.setdiff1d(have, off)
        lon[have], lat[have] = to_wgs84(lon[have], lat[have], cast(System, crs))
        return lon, lat
    from pyproj import Transformer
    from pyproj.exceptions import CRSError

    try:
        lon[have], lat[have] = Transformer.from_crs(crs, "EPSG:4326", always_xy=True).transform(lon[have], lat[have])
    except CRSError as error:
        raise StudyRefused(f"crs {crs!r}: {error}; say wgs84, gcj02, bd09 or EPSG:n") from None
    return lon, lat


def _once(file: RecordFile, layout: Layout, good: Records, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows of ``good`` without repeats: by the file's own number where it has one, else by moment, place and kind."""
    number = column(layout.id)
    if number is None:
        return first_of_each(good) if layout.called_at is not None else np.arange(len(good))
    words = file.columns[number.column][rows]
    seen: set[str] = set()
    kept = []
    for row, word in enumerate(words):
        if _is_blank(word) or str(word) not in seen:
            seen.add(str(word))
            kept.append(row)
    return np.array(kept, dtype=np.int64)


def _within(records: Records, bbox: Box) -> NDArray[np.bool_]:
    west, south, east, north = bbox
    return (records.lon >= west) & (records.lon <= east) & (records.lat >= south) & (records.lat <= north)


def _name(given: Column | str) -> str:
    return given if isinstance(given, str) else given.column
