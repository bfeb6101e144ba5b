"""The one form in which every bench tells its figures: a table, or with ``--json`` one object a line."""

import json
import math
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TextIO

OURS = "kuaijing"
"""``engine`` of our own figures; a peer's is the peer's name."""


class BenchRefused(Exception):
    """A bench cannot run as asked: what, which value, what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: of which bench and case, measured on which engine, its value and unit (``ms``, ``s``, ``count``, ``MB`` ...)."""

    bench: str
    case: str
    engine: str
    figure: str
    value: float
    unit: str


def write_rows(rows: Iterable[Row], *, as_json: bool, out: TextIO | None = None) -> None:
    """Write each row as soon as it is there (JSON), or a table once all are."""
    out = sys.stdout if out is None else out
    if as_json:
        for row in rows:
            print(json.dumps(asdict(row), ensure_ascii=False, allow_nan=False), file=out, flush=True)
        return
    lines = [("bench", "case", "engine", "figure", "value", "unit")]
    lines += [(row.bench, row.case, row.engine, row.figure, _figure(row.value), row.unit) for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(6)]
    for line in lines:
        cells = [
            cell.rjust(width) if i == 4 else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        print("  ".join(cells).rstrip(), file=out)


def _figure(value: float) -> str:
    if float(value).is_integer() and abs(value) < 1e9:
        return str(int(value))
    if value == 0 or not math.isfinite(value):
        return str(value)
    digits = max(0, 3 - math.ceil(math.log10(abs(value))))
    return f"{value:.{digits}f}"
