"""Record files as columns: CSV, Parquet, XLSX. Values come as they stand in the file; what they mean is not known here."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kuaijing.studies.layout import Layout, columns_of
from kuaijing.studies.refused import StudyRefused

FORMS: Final = (".csv", ".parquet", ".xlsx")


@dataclass(frozen=True, slots=True)
class RecordFile:
    """The columns of one file that its layout names, each an object array; no other column is kept."""

    columns: dict[str, NDArray[np.object_]]
    names: tuple[str, ...]
    """Every column of the file, in its order."""
    rows: int
    first: int
    """The number that a person gives the first record's row."""
    cells: NDArray[np.int64] | None = None
    """Of a text file: how many cells each row has up to its last that is not empty, and at least as many as stand in it."""


def read_file(path: Path, layout: Layout) -> RecordFile:
    """Read it whole. Raises ``StudyRefused`` where it cannot be read."""
    form = path.suffix.lower()
    if form not in FORMS:
        raise StudyRefused(f"{path} is no record file; give one of {', '.join(FORMS)}")
    try:
        if form == ".parquet":
            return _parquet(path, layout)
        return _csv(path, layout) if form == ".csv" else _xlsx(path, layout)
    except FileNotFoundError:
        raise StudyRefused(f"{path} does not exist") from None
    except StudyRefused:
        raise
    except Exception as error:  # three libraries, each with errors of its own; all mean that the file cannot be read
        raise StudyRefused(f"{path} cannot be read as {form[1:]}: {error}") from None


def _parquet(path: Path, layout: Layout) -> RecordFile:
    import pyarrow.parquet as pq  # half a second; only here

    with pq.ParquetFile(path) as file:
        names = tuple(file.schema_arrow.names)
        table = file.read(columns=[name for name in names if name in columns_of(layout)])
        rows = file.metadata.num_rows
    return RecordFile({name: _objects(table[name].to_pylist()) for name in table.column_names}, names, rows, 1)


def _csv(path: Path, layout: Layout) -> RecordFile:
    import csv

    with path.open(encoding=_encoding(path, layout.encoding), newline="") as file:
        return _table(csv.reader(file, delimiter=layout.separator), path, layout)


def _table(reader: Iterator[list[str]], path: Path, layout: Layout) -> RecordFile:
    names = tuple(name.strip() for name in next(reader, ()))
    if not names:
        raise StudyRefused(f"{path} is empty; its first row must name the columns")
    parted = next((mark for mark in ";\t|" if len(names) == 1 and mark in names[0]), None)
    if parted is not None:
        raise StudyRefused(
            f"{path} is parted by {parted!r}, not by a comma; say `separator: {_shown(parted)}` in the columns file"
        )
    wanted: list[tuple[int, list[str]]] = [(at, []) for at, name in enumerate(names) if name in columns_of(layout)]
    cells = []
    for row in reader:
        if not row:
            continue
        cells.append(_cells(row, len(names)))
        for at, values in wanted:
            values.append(row[at] if at < len(row) else "")
    held = {names[at]: _objects(values) for at, values in wanted}
    return RecordFile(held, names, len(cells), 2, np.array(cells, np.int64))


def _cells(row: list[str], width: int) -> int:
    """Cells of a row; empty ones beyond the header are what a spreadsheet leaves, and count for nothing."""
    count = len(row)
    while count > width and not row[count - 1].strip():
        count -= 1
    return count


def _shown(mark: str) -> str:
    return '"\\t"' if mark == "\t" else f'"{mark}"'


def _encoding(path: Path, encoding: str | None) -> str:
    """The one that it can be read in, read through once."""
    data = path.read_bytes()
    marked = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for name in (encoding,) if encoding else marked:
        try:
            data.decode(name)
            return name
        except (UnicodeError, LookupError):
            continue
    if encoding:
        raise StudyRefused(f"{path} is not {encoding}; say another `encoding:` in the columns file, or leave it out")
    raise StudyRefused(
        f"{path} is neither UTF-8, GB 18030 nor UTF-16 with its mark; say `encoding:` in the columns file"
    )


def _xlsx(path: Path, layout: Layout) -> RecordFile:
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    try:
        if layout.sheet is not None and layout.sheet not in book.sheetnames:
            raise StudyRefused(f"{path} has no sheet {layout.sheet!r}; it has {', '.join(book.sheetnames)}")
        rows = list((book[layout.sheet] if layout.sheet else book.worksheets[0]).iter_rows(values_only=True))
    finally:
        book.close()
    if not rows:
        raise StudyRefused(f"{path} is empty; its first row must name the columns")
    names = tuple(str(name).strip() if name is not None else "" for name in rows[0])
    columns = list(zip(*rows[1:], strict=True)) if len(rows) > 1 else [()] * len(names)
    held = {
        name: _objects(list(values)) for name, values in zip(names, columns, strict=True) if name in columns_of(layout)
    }
    return RecordFile(held, names, len(rows) - 1, 2)


def _objects(values: list[Any]) -> NDArray[np.object_]:
    held = np.empty(len(values), dtype=np.object_)
    held[:] = values
    return held
