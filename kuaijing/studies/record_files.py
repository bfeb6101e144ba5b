"""Record files as columns: CSV, Parquet, XLSX. Values come as they stand in the file; what they mean is not known here."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kuaijing.studies.layout import Layout
from kuaijing.studies.refused import StudyRefused

FORMS: Final = (".csv", ".parquet", ".xlsx")


@dataclass(frozen=True, slots=True)
class RecordFile:
    """Columns of one file, each an object array; ``first`` is the number that a person gives the first record's row."""

    columns: dict[str, NDArray[np.object_]]
    rows: int
    first: int


def read_file(path: Path, layout: Layout) -> RecordFile:
    """Read it whole. Raises ``StudyRefused`` where it cannot be read."""
    form = path.suffix.lower()
    if form not in FORMS:
        raise StudyRefused(f"{path} is no record file; give one of {', '.join(FORMS)}")
    try:
        if form == ".parquet":
            return _parquet(path)
        return _csv(path, layout) if form == ".csv" else _xlsx(path, layout)
    except FileNotFoundError:
        raise StudyRefused(f"{path} does not exist") from None
    except StudyRefused:
        raise
    except Exception as error:  # three libraries, each with errors of its own; all mean that the file cannot be read
        raise StudyRefused(f"{path} cannot be read as {form[1:]}: {error}") from None


def _parquet(path: Path) -> RecordFile:
    import pyarrow.parquet as pq  # half a second; only here

    table = pq.read_table(path)
    return RecordFile({name: _objects(table[name].to_pylist()) for name in table.column_names}, table.num_rows, 1)


def _csv(path: Path, layout: Layout) -> RecordFile:
    import csv

    data = path.read_bytes()
    text = _text(data, layout.encoding, path)
    reader = csv.reader(text.splitlines(), delimiter=layout.separator)
    rows = list(reader)
    if not rows:
        raise StudyRefused(f"{path} is empty; its first row must name the columns")
    head, body = rows[0], [row for row in rows[1:] if row]
    width = len(head)
    filled = [row[:width] + [""] * (width - len(row)) for row in body]
    columns = zip(*filled, strict=True) if filled else [()] * width
    return RecordFile(
        {name.strip(): _objects(list(values)) for name, values in zip(head, columns, strict=True)}, len(filled), 2
    )


def _text(data: bytes, encoding: str | None, path: Path) -> str:
    for name in (encoding,) if encoding else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    raise StudyRefused(f"{path} is neither UTF-8 nor GB 18030; say `encoding:` in the columns file")


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
    names = [str(name).strip() if name is not None else "" for name in rows[0]]
    columns = list(zip(*rows[1:], strict=True)) if len(rows) > 1 else [()] * len(names)
    return RecordFile(
        {name: _objects(list(values)) for name, values in zip(names, columns, strict=True)}, len(rows) - 1, 2
    )


def _objects(values: list[Any]) -> NDArray[np.object_]:
    held = np.empty(len(values), dtype=np.object_)
    held[:] = values
    return held
