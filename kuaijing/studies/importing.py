"""From a record file to ``Records``: every value checked, every fault listed by row and column, nothing half-applied.

A record without a place is kept (it counts in the totals) and reported; a repeated one is taken once and reported; one outside the
city is kept, reported, and counts in no rate. A value that cannot be what its column means is a fault.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from kuaijing.measures.coordinates import System, to_wgs84
from kuaijing.measures.instants import from_datetime
from kuaijing.studies.layout import ORIGINS, Column, Layout, column
from kuaijing.studies.record_files import RecordFile
from kuaijing.studies.records import NO_TIME, Records, first_of_each
from kuaijing.studies.refused import StudyRefused

Box = tuple[float, float, float, float]
_BLANK: Final = frozenset({"", "null", "none", "nan", "n/a", "-", "无", "不详", "未知"})
SYSTEMS: Final = ("wgs84", "gcj02", "bd09")


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


def import_records(file: RecordFile, how: Reading) -> Import:
    """Read every record. Raises ``StudyRefused`` where a column is missing or the coordinate system is unknown."""
    _check_columns(file, how)
    faults: list[RecordFault] = []
    layout, rows = how.layout, file.rows
    called_at = _column(file, layout.called_at, "called_at", faults, _time_of(how.zone), NO_TIME, np.int64)
    lon = _column(file, layout.lon, "lon", faults, _number, np.nan, np.float64)
    lat = _column(file, layout.lat, "lat", faults, _number, np.nan, np.float64)
    unmapped: Counter[str] = Counter()
    kind = _column(file, layout.kind, "kind", faults, _kind_of(how.kinds, unmapped), "", np.object_)
    origin = _column(file, layout.origin, "origin", faults, _origin, "call", np.object_)
    grade = _column(file, layout.grade, "grade", faults, _grade, 0, np.int8)
    on_scene = _column(file, layout.on_scene_s, "on_scene_s", faults, _seconds, np.nan, np.float32)
    weight = _column(file, layout.weight, "weight", faults, _weight, 1.0, np.float32)
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
    wanted = [
        (field, found.column)
        for field in Layout.__struct_fields__
        if isinstance(getattr(how.layout, field), Column | str) and field not in ("encoding", "sheet", "separator")
        and (found := column(getattr(how.layout, field))) is not None
    ]  # fmt: skip
    missing = [f"{field}: no column {name!r}" for field, name in wanted if name not in file.columns]
    if missing:
        raise StudyRefused(f"{'; '.join(missing)}; the file has {', '.join(file.columns)}", missing)


Read = Callable[[Any, Column], Any]


def _column(
    file: RecordFile,
    given: Column | str | None,
    field: str,
    faults: list[RecordFault],
    read: Read,
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
            faults.append(RecordFault(row + file.first, where.column, str(value)[:80], str(error)))
    return held


def _is_blank(value: Any) -> bool:
    if value is None or (isinstance(value, float) and value != value):
        return True
    return isinstance(value, str) and value.strip().lower() in _BLANK


def _number(value: Any, where: Column) -> float:
    try:
        number = float(value) * where.scale
    except (TypeError, ValueError):
        raise ValueError("is no number") from None
    if not np.isfinite(number):
        raise ValueError("is no finite number")
    return number


def _seconds(value: Any, where: Column) -> float:
    seconds = _number(value, where)
    if not 0 <= seconds <= 30 * 86_400:
        raise ValueError(f"gives {seconds:g} s; wanted 0 to 30 days (is `scale` right?)")
    return seconds


def _weight(value: Any, where: Column) -> float:
    weight = _number(value, where)
    if not 0 <= weight < 1e9:
        raise ValueError("is no weight; wanted 0 or more")
    return weight


def _grade(value: Any, where: Column) -> int:
    word = where.values.get(str(value).strip(), where.values.get("*", str(value).strip()))
    try:
        grade = int(float(word))
    except ValueError:
        raise ValueError("is no grade; wanted 1 to 4, or a word in `values`") from None
    if grade not in (1, 2, 3, 4):
        raise ValueError("is no grade; wanted 1 to 4")
    return grade


def _origin(value: Any, where: Column) -> str:
    word = str(value).strip()
    origin = where.values.get(word, where.values.get("*", word))
    if origin not in ORIGINS:
        raise ValueError(f"is no origin; wanted one of {', '.join(ORIGINS)}, or name the word under `values`")
    return origin


def _kind_of(kinds: Mapping[str, str] | None, unmapped: Counter[str]) -> Read:
    def read(value: Any, where: Column) -> str:
        word = str(value).strip()
        word = where.values.get(word, word)
        if kinds is None:
            return word
        code = kinds.get(word, kinds.get("*"))
        if code is None:
            unmapped[word] += 1
            return word
        return code

    return read


def _time_of(zone: str) -> Read:
    where_now = ZoneInfo(zone)

    def read(value: Any, where: Column) -> int:
        moment = value if isinstance(value, datetime) else _parsed(value, where)
        return int(from_datetime(moment if moment.tzinfo is not None else moment.replace(tzinfo=where_now)))

    return read


def _parsed(value: Any, where: Column) -> datetime:
    if isinstance(value, date):
        return datetime.combine(value, time())
    text = str(value).strip()
    try:
        return datetime.strptime(text, where.format) if where.format else datetime.fromisoformat(text)
    except ValueError:
        wanted = where.format or "2026-11-22 03:12:44 (else say `format`)"
        raise ValueError(f"is no time of the form {wanted}") from None


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
