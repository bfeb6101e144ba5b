"""Whatever a file holds, reading it ends in a document or in a list of faults, never in anything else."""

import copy
import io
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from kuaijing.domain.plan_document import PlanDocument
from kuaijing.wire.plans import PlanRefused, canonical, read_plan, zip_of
from tests.wire_plans.small_plan import GROUND, parts, zipped

ODD: list[Any] = [
    None, True, False, 0, -1, 10**30, 1e308, float("nan"), float("inf"), "", " ", "x" * 5000, "=1+1", "\x00", "\ud800", "١٢", "二",
    [], [[]], [None], {}, {"a": {}}, [[[112.0, 27.0]]], {"type": "Point"}, "2026-02-30", "24:00-06:00", "06:00-06:00", "no", "是",
]  # fmt: skip
STRUCTURED = [name for name in parts() if name != "force.csv"]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        found += places(inner, (*path, key))
    return found


def spoilt(structure: Any, path: tuple[Any, ...], odd: Any, remove: bool) -> Any:
    if not path:
        return odd
    changed = copy.deepcopy(structure)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    if remove:
        del holder[path[-1]]
    else:
        holder[path[-1]] = odd
    return changed


def read_or_refuse(packed: bytes) -> PlanDocument | PlanRefused:
    try:
        return read_plan(packed, GROUND)
    except PlanRefused as refused:
        return refused


def outcome(files: dict[str, Any]) -> None:
    found = read_or_refuse(zipped(files))
    if isinstance(found, PlanRefused):
        assert found.faults
        assert all(fault.file and fault.problem and fault.remedy for fault in found.faults)
        str(found).encode()
    else:
        assert canonical(read_plan(zip_of(found), GROUND)) == canonical(found)


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_any_value_at_any_place(data: st.DataObject) -> None:
    files = parts()
    for _ in range(data.draw(st.integers(1, 3))):
        name = data.draw(st.sampled_from(STRUCTURED))
        path = data.draw(st.sampled_from(places(files[name])))
        odd = data.draw(st.sampled_from(ODD))
        files[name] = spoilt(files[name], path, odd, data.draw(st.booleans()))
    outcome(files)


@settings(max_examples=100, deadline=None)
@given(
    row=st.integers(0, 3),
    column=st.integers(0, 13),
    odd=st.sampled_from([odd for odd in ODD if isinstance(odd, str)]) | st.text(max_size=20),
)
def test_any_cell_in_the_force(row: int, column: int, odd: str) -> None:
    files = parts()
    lines = [line.split(",") for line in files["force.csv"].splitlines()]
    lines[row] += [""] * (column + 1 - len(lines[row]))
    lines[row][column] = odd
    files["force.csv"] = "\n".join(",".join(line) for line in lines).encode("utf-8", "surrogatepass")
    outcome(files)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(parts())), st.binary(max_size=200))
def test_any_bytes_in_any_file(name: str, content: bytes) -> None:
    files = parts()
    files[name] = content
    outcome(files)


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 2000), st.integers(1, 40))
def test_any_damage_to_the_zip(content: bytes, start: int, length: int) -> None:
    whole = zipped(parts())
    damaged = whole[:start] + content + whole[start + length :]
    for packed in (content, damaged):
        found = read_or_refuse(packed)
        assert isinstance(found, PlanDocument) or found.faults


def test_xlsx_with_dates_errors_and_empty_rows_is_read_or_refused() -> None:
    import datetime

    book = Workbook()
    book.active.append(["id", "call_sign", "class", "platform", "beat", "crew_police", "crew_auxiliary"])
    book.active.append([None] * 7)
    book.active.append(["U1", datetime.date(2026, 11, 21), "car", "P1", "B1", True, 1])
    book.active.append(["U2", "#DIV/0!", "car", "P1", "B1", "=1+1", 1])
    packed = io.BytesIO()
    book.save(packed)
    files = {name: content for name, content in parts().items() if name != "force.csv"} | {
        "force.xlsx": packed.getvalue()
    }
    outcome(files)


def test_xlsx_that_is_a_bomb_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (70 * 1024 * 1024))
    files = {name: content for name, content in parts().items() if name != "force.csv"} | {
        "force.xlsx": packed.getvalue()
    }

    with pytest.raises(PlanRefused, match="unpacks to more than"):
        read_plan(zipped(files), GROUND)
