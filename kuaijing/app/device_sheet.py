"""A list of devices as a CSV file: read whole, every fault named by row and column, nothing taken where there is one.

Columns ``protocol`` and ``key``; if wanted ``unit``, ``name``, ``crs`` (``wgs84`` where empty) and ``code``. UTF-8, or GB 18030 as
spreadsheets in China write it. Knows no server: what is entered already and which units there are is told to it.
"""

import csv
import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from kuaijing.domain.errors import DomainError
from kuaijing.engine.device_records import DeviceRecord, checked, plain_key

COLUMNS: Final = ("protocol", "key", "unit", "name", "crs", "code")
NEEDED: Final = ("protocol", "key")
MOST_ROWS: Final = 50_000


@dataclass(frozen=True, slots=True)
class Entered:
    """A device of the register, as far as a list can repeat it."""

    unit: str | None
    name: str
    crs: str
    active: bool


@dataclass(frozen=True, slots=True)
class SheetFault:
    """One thing wrong with the file."""

    row: int
    """As a spreadsheet counts: the head is row 1; 0 for the file as a whole."""
    column: str
    value: str
    problem: str

    def __str__(self) -> str:
        where = f"row {self.row}" if self.row else "file"
        column = f" {self.column}" if self.column else ""
        value = f" {self.value!r}" if self.value else ""
        return f"{where}{column}{value}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the file says."""

    new: tuple[DeviceRecord, ...]
    same: int
    """Rows that are in the register already, word for word."""
    faults: tuple[SheetFault, ...]


def read_sheet(content: bytes, entered: Mapping[str, Entered], units: Collection[str]) -> Sheet:
    """The file against the register and the units of the force; without units none is checked."""
    faults: list[SheetFault] = []
    text = _text(content)
    if text is None:
        return Sheet((), 0, (SheetFault(0, "", "", "neither UTF-8 nor GB 18030; save it as CSV UTF-8"),))
    try:
        rows = list(csv.reader(io.StringIO(text), strict=True))
    except csv.Error as fault:
        return Sheet((), 0, (SheetFault(0, "", "", f"no CSV: {fault}"),))
    head = [name.strip().lower() for name in rows[0]] if rows else []
    faults += _of_head(head)
    if len(rows) > MOST_ROWS:
        faults.append(SheetFault(0, "", str(len(rows)), f"more than {MOST_ROWS} rows; send it in parts"))
    if faults:
        return Sheet((), 0, tuple(faults))
    found: list[DeviceRecord] = []
    seen: dict[str, int] = {}
    same = 0
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(head):
            faults.append(SheetFault(number, "", "", f"{len(row)} columns, the head has {len(head)}"))
            continue
        record = _record(dict(zip(head, (cell.strip() for cell in row), strict=True)))
        wrong = _of_row(number, record, seen, entered, units)
        faults += wrong
        if not wrong and record.id in entered:
            same += 1
        elif not wrong:
            found.append(record)
    return Sheet(() if faults else tuple(found), same, tuple(faults))


def _of_head(head: list[str]) -> list[SheetFault]:
    faults = [SheetFault(1, name, "", "missing") for name in NEEDED if name not in head]
    known = f"unknown; known are {', '.join(COLUMNS)}"
    faults += [SheetFault(1, name, "", known) for name in head if name not in COLUMNS]
    faults += [SheetFault(1, name, "", "stands there twice") for name in COLUMNS if head.count(name) > 1]
    return faults


def _record(row: Mapping[str, str]) -> DeviceRecord:
    key = plain_key(row["protocol"], row["key"])
    code = row.get("code") or None
    return DeviceRecord(
        row["protocol"], key, row.get("unit") or None, row.get("name", ""), row.get("crs") or "wgs84", code=code
    )


def _of_row(
    number: int, record: DeviceRecord, seen: dict[str, int], entered: Mapping[str, Entered], units: Collection[str]
) -> list[SheetFault]:
    faults: list[SheetFault] = []
    try:
        checked(record)
    except DomainError as refused:
        faults += [SheetFault(number, each.field, each.value, each.problem) for each in refused.fields()]
    if record.id in seen:
        faults.append(SheetFault(number, "key", record.key, f"is in row {seen[record.id]} too"))
    seen.setdefault(record.id, number)
    if record.unit is not None and units and record.unit not in units:
        faults.append(SheetFault(number, "unit", record.unit, "the force has no such unit"))
    held = entered.get(record.id)
    if held is not None and held != Entered(record.unit, record.name, record.crs, True):
        state = "withdrawn" if not held.active else f"of unit {held.unit or '(none)'}, {held.name!r}, {held.crs}"
        faults.append(SheetFault(number, "key", record.key, f"is entered already, {state}; change it instead"))
    return faults


def _text(content: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
