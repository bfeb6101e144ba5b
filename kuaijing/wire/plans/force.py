"""The force list, one row a unit, as CSV (UTF-8 or GB18030) or XLSX; headings in English or Chinese.

Knows the columns, not whether a platform or beat exists: see ``check``.
"""

import csv
import io
import math
import zipfile
from collections.abc import Iterator
from typing import Final

from kuaijing.domain.commands import PlannedUnit
from kuaijing.domain.words import UnitClass
from kuaijing.measures.points import Point
from kuaijing.wire.plans.faults import Faults
from kuaijing.wire.plans.geojson import Box, inside
from kuaijing.wire.plans.record import Record

COLUMNS: Final = {
    "id": "编号",
    "call_sign": "呼号",
    "class": "类别",
    "platform": "平台",
    "beat": "巡区",
    "crew_police": "民警",
    "crew_auxiliary": "辅警",
    "leader": "负责人",
    "capabilities": "能力",
    "on_duty": "在岗",
    "lon": "经度",
    "lat": "纬度",
}
OPTIONAL: Final = frozenset({"leader", "capabilities", "on_duty", "lon", "lat"})
CLASS_NAMES: Final = {
    "指挥车": UnitClass.COMMAND_VEHICLE,
    "汽车": UnitClass.CAR,
    "巡逻车": UnitClass.CAR,
    "摩托车": UnitClass.MOTORCYCLE,
    "步巡": UnitClass.FOOT,
    "无人机": UnitClass.DRONE,
}
MOST_UNITS: Final = 20_000
MOST_XLSX_BYTES: Final = 64 * 1024 * 1024
"""Of the sheets inside, unpacked."""


def read_force(file: str, content: bytes, faults: Faults, ground: Box | None) -> tuple[PlannedUnit, ...]:
    """``force.csv`` or ``force.xlsx``."""
    rows = _xlsx_rows(file, content, faults) if file.endswith(".xlsx") else _csv_rows(file, content, faults)
    heading = next(rows, None)
    if heading is None:
        if not any(fault.file == file for fault in faults.found):
            faults.add(file, "", "", None, "is empty", f"begin with the headings {', '.join(COLUMNS)}")
        return ()
    columns = _columns(file, heading[1], faults)
    if columns is None:
        return ()
    units: list[PlannedUnit] = []
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if len(units) >= MOST_UNITS:
            faults.add(file, f"row {number}", "", None, f"more than {MOST_UNITS} units", "divide the list")
            break
        values = {column: cells[i] for i, column in enumerate(columns) if i < len(cells)}
        units.append(
            _unit(Record(faults, file, f"row {number} ({values.get('id', '').strip()})", dict(values)), ground)
        )
        for i in range(len(columns), len(cells)):
            if cells[i].strip():
                faults.add(
                    file,
                    f"row {number}",
                    "",
                    cells[i],
                    "stands beyond the last heading",
                    "quote values that hold a comma",
                )
    return tuple(units)


def _columns(file: str, heading: list[str], faults: Faults) -> list[str] | None:
    english = {chinese: column for column, chinese in COLUMNS.items()}
    names = [cell.strip().lower() for cell in heading]
    while names and not names[-1]:
        names.pop()
    columns = [english.get(name, name) for name in names]
    faulty = False
    for name in columns:
        if name not in COLUMNS or columns.count(name) > 1:
            problem = "is no heading of a force list" if name not in COLUMNS else "is there twice"
            faults.add(file, "headings", name, None, problem, f"use {', '.join(COLUMNS)}")
            faulty = True
    for name in COLUMNS.keys() - OPTIONAL - set(columns):
        faults.add(file, "headings", name, None, "is missing", f"use {', '.join(COLUMNS)}")
        faulty = True
    return None if faulty else columns


def _unit(record: Record, ground: Box | None) -> PlannedUnit:
    for field in ("call_sign", "leader"):
        if str(record.raw(field) or "").startswith(("=", "@")):
            record.fault(field, record.raw(field), "begins like a formula", "begin it with a letter or a digit")
    word = record.text("class").lower()
    unit_class = CLASS_NAMES.get(word) or (word if word in set(UnitClass) else None)
    if unit_class is None and word:
        record.fault("class", word, "is no class of unit", f"use one of {', '.join(UnitClass)}")
    return PlannedUnit(
        unit=record.identifier("id"),
        call_sign=record.text("call_sign", longest=32),
        unit_class=str(unit_class or ""),
        platform=record.identifier("platform"),
        beat=record.identifier("beat"),
        crew_police=record.count("crew_police", 0, 200),
        crew_auxiliary=record.count("crew_auxiliary", 0, 200),
        leader=record.text("leader", default="", longest=64),
        capabilities=record.texts("capabilities"),
        on_duty=record.yes("on_duty", default=True),
        home=_home(record, ground),
    )


def _home(record: Record, ground: Box | None) -> Point | None:
    if record.absent("lon") and record.absent("lat"):
        return None
    lon, lat = record.number("lon", -180, 180, faulty=math.nan), record.number("lat", -90, 90, faulty=math.nan)
    if math.isnan(lon) or math.isnan(lat):
        return None  # what is wrong with it has been said
    if not inside(lon, lat, ground):
        record.fault(
            "lon, lat", f"{lon}, {lat}", "lies outside the ground", "check the order and the coordinate system"
        )
        return None
    return Point(lon, lat)


def _csv_rows(file: str, content: bytes, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    text = None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    if text is None or "\x00" in text:
        faults.add(file, "", "", None, "is neither UTF-8 nor GB18030 text", "save it as CSV in UTF-8")
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        faults.add(file, f"row {reader.line_num}", "", None, f"is no CSV: {error}", "close the quotes")


def _xlsx_rows(file: str, content: bytes, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook  # costs 200 ms to import

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if sum(entry.file_size for entry in package.infolist()) > MOST_XLSX_BYTES:
                faults.add(file, "", "", None, "unpacks to more than 64 MB", "keep only the force list in it")
                return
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises whatever its parsers raise on a damaged file
        faults.add(file, "", "", None, f"cannot be read as XLSX: {type(error).__name__}", "save it again as XLSX")
        return
    try:
        sheet = book.worksheets[0] if book.worksheets else None
        for number, row in enumerate(sheet.iter_rows(values_only=True) if sheet is not None else (), start=1):
            if number > MOST_UNITS + 2:
                faults.add(file, f"row {number}", "", None, f"more than {MOST_UNITS} units", "divide the list")
                return
            yield number, [_cell(value) for value in row]
    except Exception as error:
        faults.add(file, "", "", None, f"cannot be read as XLSX: {type(error).__name__}", "save it again as XLSX")
    finally:
        book.close()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
