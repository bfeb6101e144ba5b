"""Records of a city's past, as arrays: incidents, cases, hazards, counts. Places, times and kinds; nothing about persons.

Incidents and cases are different things and are never added up: a case is what an investigation made of some incidents.
"""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kuaijing.demand.rates import OFFICER_INITIATED
from kuaijing.studies.refused import StudyRefused

WHATS: Final = ("incidents", "cases", "hazards", "counts")
NO_TIME: Final = -(2**62)
"""``called_at`` of a hazard or count that says none."""


@dataclass(frozen=True, slots=True, eq=False)
class Records:
    """One row a record, all arrays of one length."""

    called_at: NDArray[np.int64]
    """Microseconds UTC."""
    lon: NDArray[np.float64]
    """WGS-84 degrees, NaN where the record has no place."""
    lat: NDArray[np.float64]
    kind: NDArray[np.str_]
    grade: NDArray[np.int8]
    """0 where not said."""
    origin: NDArray[np.str_]
    on_scene_s: NDArray[np.float32]
    """Seconds on the scene, NaN where not said."""
    weight: NDArray[np.float32]
    """1 for an incident or a case."""

    def __len__(self) -> int:
        return len(self.called_at)

    @property
    def placed(self) -> NDArray[np.bool_]:
        """Rows that have a place."""
        return np.isfinite(self.lon) & np.isfinite(self.lat)

    @property
    def called(self) -> NDArray[np.bool_]:
        """Rows that somebody called for; the others officers found themselves."""
        return ~np.isin(self.origin, list(OFFICER_INITIATED))

    def rows(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> "Records":
        """Those rows."""
        return Records(*(getattr(self, field.name)[which] for field in fields(self)))


def joined(parts: list[Records]) -> Records:
    """All in one; a record that stands in two files (same moment, place and kind) is counted once."""
    if not parts:
        raise StudyRefused("no history is known; bring one in with `kuaijing history import FILE`")
    whole = Records(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Records)))
    return whole.rows(first_of_each(whole))


def first_of_each(records: Records) -> NDArray[np.int64]:
    """Rows without those that repeat an earlier one: same moment, kind, and place to a metre."""
    _, first = np.unique(exact_keys(records), return_index=True)
    return np.sort(first).astype(np.int64)


def exact_keys(records: Records, width: int | None = None) -> NDArray[Any]:
    """What two records of the same incident have in common: moment, place to a metre, kind."""
    return _keys(records, 1, 5, width)


def rough_keys(records: Records, width: int | None = None) -> NDArray[Any]:
    """The same by the minute and to ten metres, as another export of the same incidents may have it."""
    return _keys(records, 60_000_000, 4, width)


def _keys(records: Records, moments: int, decimals: int, width: int | None) -> NDArray[Any]:
    kind = records.kind if width is None else records.kind.astype(f"U{width}")  # two sets are compared in one width
    lon, lat = (np.round(np.nan_to_num(each, nan=999.0), decimals) for each in (records.lon, records.lat))
    return np.rec.fromarrays([records.called_at // moments, lon, lat, kind])


def write_records(records: Records, path: Path) -> None:
    """Write as Parquet, whole or not at all."""
    import os

    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {field.name: getattr(records, field.name) for field in fields(records)}
    arrays = {
        name: pa.array(
            values.tolist() if values.dtype.kind == "U" else values, pa.string() if values.dtype.kind == "U" else None
        )
        for name, values in columns.items()
    }
    arrays["called_at"] = pa.array(records.called_at, pa.int64())
    beside = path.with_name(path.name + ".part")
    pq.write_table(pa.table(arrays), beside, compression="zstd")
    os.replace(beside, path)


def read_records(path: Path) -> Records:
    """Read what ``write_records`` wrote, or a generated city's ``history.parquet``. Raises ``StudyRefused``."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise StudyRefused(f"{path} cannot be read: {error}; import the history again") from None
    count = table.num_rows

    def column(name: str, otherwise: object, kind: type[np.generic]) -> NDArray[np.generic]:
        if name not in table.column_names:
            return np.full(count, otherwise, dtype=kind)
        values = table[name]
        if pa.types.is_timestamp(values.type):
            return np.asarray(values.to_numpy().astype("datetime64[us]"), dtype=np.int64)
        return np.asarray(values.to_pylist() if kind is np.str_ else values.to_numpy(), dtype=kind)

    missing = {"called_at", "lon", "lat"} - set(table.column_names)
    if missing:
        raise StudyRefused(f"{path} has no column {', '.join(sorted(missing))}; import the history again")
    return Records(
        column("called_at", NO_TIME, np.int64).astype(np.int64),
        column("lon", np.nan, np.float64).astype(np.float64),
        column("lat", np.nan, np.float64).astype(np.float64),
        column("kind", "", np.str_).astype(np.str_),
        column("grade", 0, np.int8).astype(np.int8),
        column("origin", "call", np.str_).astype(np.str_),
        column("on_scene_s", np.nan, np.float32).astype(np.float32),
        column("weight", 1.0, np.float32).astype(np.float32),
    )
