"""The records that a city has brought in, kept in ``DATA/history``: one Parquet file each, with a manifest of where it is from.

A hazard or a count is a further layer of demand, with a weight that the analyst sets and sees; its weight is 0 until then.
"""

import contextlib
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from kuaijing.studies.records import NO_TIME, Records, exact_keys, joined, read_records, rough_keys, write_records
from kuaijing.studies.refused import StudyRefused

FOLDER: Final = "history"
_NAME: Final = re.compile(r"^[\w][\w.-]{0,63}\Z")


class Holding(msgspec.Struct, frozen=True):
    """One imported file."""

    name: str
    what: str
    source: str
    sha256: str
    imported_at: str
    by: str
    crs: str
    rows: int
    duplicates: int
    without_place: int
    outside: int
    by_officers: int
    faulty: int
    """Records left out because they had faults; only with --skip-faulty."""
    from_at: int
    until: int
    """First and last moment, microseconds UTC."""
    weight: float = 0.0
    """Of a layer: the share of the whole demand that it gets, 0 to 1."""


class Shelf:
    """The holdings of one DATA folder."""

    def __init__(self, data: Path) -> None:
        self.folder = data / FOLDER

    def list_all(self) -> list[Holding]:
        """All, by name."""
        found = []
        for path in sorted(self.folder.glob("*.json")):
            try:
                found.append(msgspec.json.decode(path.read_bytes(), type=Holding))
            except (OSError, msgspec.MsgspecError) as error:
                raise StudyRefused(f"{path} cannot be read: {error}; import that history again") from None
        return found

    def get(self, name: str) -> Holding:
        """That one. Raises ``StudyRefused`` naming those that there are."""
        for each in self.list_all():
            if each.name == name:
                return each
        names = ", ".join(each.name for each in self.list_all()) or "none"
        raise StudyRefused(f"no history {name!r} in {self.folder}; there is {names}")

    def put(self, holding: Holding, records: Records) -> None:
        """Keep it; one of the same name is replaced whole."""
        if not _NAME.match(holding.name):
            raise StudyRefused(f"name {holding.name!r} must be letters, digits, dot, dash; give another with --name")
        self.folder.mkdir(parents=True, exist_ok=True)
        write_records(records, self.folder / f"{holding.name}.parquet")
        self._write(holding)

    def alike(self, holding: Holding, records: Records) -> dict[str, int]:
        """How many of these stand in other holdings of the sort in another form; those that are the very same count once anyway."""
        found = {}
        for other in self.list_all():
            if other.what != holding.what or other.name == holding.name:
                continue
            held = self.layer(other.name)
            wide = max(records.kind.dtype.itemsize, held.kind.dtype.itemsize, 4) // 4
            same = np.isin(rough_keys(records, wide), rough_keys(held, wide))
            same &= ~np.isin(exact_keys(records, wide), exact_keys(held, wide))
            if (count := int((same & records.placed & (records.called_at != NO_TIME)).sum())) > 0:
                found[other.name] = count
        return found

    def weigh(self, name: str, weight: float) -> Holding:
        """Give a layer its weight; all weights together stay below 1."""
        holding = self.get(name)
        if holding.what not in ("hazards", "counts"):
            raise StudyRefused(f"{name} holds {holding.what}; only hazards and counts have a weight")
        others = sum(each.weight for each in self.list_all() if each.name != name)
        if not weight >= 0 or weight + others > 0.9:
            raise StudyRefused(
                f"weight {weight:g} with {others:g} of the others; wanted 0 or more and 0.9 together at most"
            )
        weighed = msgspec.structs.replace(holding, weight=weight)
        self._write(weighed)
        return weighed

    def remove(self, name: str) -> None:
        """Take it off the shelf."""
        self.get(name)
        (self.folder / f"{name}.json").unlink()
        with contextlib.suppress(FileNotFoundError):
            (self.folder / f"{name}.parquet").unlink()

    def records(self, what: str, also: Iterable[Path] = ()) -> Records:
        """All records of that sort as one, with those of further files (a generated city's own history)."""
        paths = [self.folder / f"{each.name}.parquet" for each in self.list_all() if each.what == what]
        return joined([read_records(path) for path in (*paths, *also)])

    def layer(self, name: str) -> Records:
        """The records of one holding."""
        return read_records(self.folder / f"{self.get(name).name}.parquet")

    def _write(self, holding: Holding) -> None:
        path = self.folder / f"{holding.name}.json"
        beside = path.with_name(path.name + ".part")
        beside.write_bytes(msgspec.json.format(msgspec.json.encode(holding), indent=2))
        os.replace(beside, path)
