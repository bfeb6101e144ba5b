"""Reads roads from a table of nodes and a table of arcs in CSV: plain, or sectioned as JEMSS writes them, also inside a zip.

A sectioned file repeats: a line ``name,rows``, a line of column names, then that many rows. Arcs are straight lines between
their nodes; lengths come from the coordinates, speeds from the times where the mapping names a time column.
"""

import csv
import io
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kuaijing.city.areas import Area
from kuaijing.city.junctions import segment_metres
from kuaijing.city.layer_roads import LayerRoads
from kuaijing.city.mapped_roads import Column, column_of, mapped_lines
from kuaijing.city.mapping import ArcTable, Mapping, NodeTable
from kuaijing.city.projection import wgs84_of
from kuaijing.city.refused import ImportRefused

_SECONDS = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0, "days": 86400.0}


def read_table_roads(source: Path, mapping: Mapping, crs: str | None, area: Area | None) -> LayerRoads:
    """Roads of the tables that the mapping names; ``source`` is a zip, a folder, or one of the files in it."""
    nodes, arcs = mapping.nodes, mapping.arcs
    if nodes is None or arcs is None:
        raise ImportRefused(f"{source.name} holds tables; the --columns file must name nodes and arcs")
    if crs is None:
        raise ImportRefused(
            f"{source.name}: tables do not say their coordinate system; say it with --crs wgs84|gcj02|bd09|EPSG:n"
        )
    node_rows, arc_rows = _table(source, nodes), _table(source, arcs)
    lon, lat = wgs84_of(_figures(nodes.x, node_rows, nodes), _figures(nodes.y, node_rows, nodes), crs)
    ends = _ends(nodes, arcs, node_rows, arc_rows)
    wanted = ends[:, 0] != ends[:, 1]
    dropped: Counter[str] = Counter(arcs_from_a_node_to_itself=int((~wanted).sum()))
    if area is not None:
        wanted &= area.holds_many(lon, lat)[ends].any(axis=1)
    ends = ends[wanted]
    if not len(ends):
        raise ImportRefused(f"{source.name} holds no roads in the wanted area; check --bbox or --boundary")
    arc_rows = {name: column[wanted] for name, column in arc_rows.items()}
    point = ends.ravel()
    start = np.arange(0, len(point) + 1, 2, dtype=np.int64)
    speed = None
    if arcs.time is not None:
        speed = _speeds(lon[point], lat[point], _figures(arcs.time, arc_rows, arcs) * _SECONDS[arcs.time_unit])
    node = point.astype(np.int64)
    return LayerRoads(mapped_lines(mapping, arc_rows, start, node, lon[point], lat[point], speed, dropped), crs)


def _speeds(lon: NDArray[np.float64], lat: NDArray[np.float64], seconds: NDArray[np.float64]) -> NDArray[np.float32]:
    metres = segment_metres(lon, lat)[::2]
    with np.errstate(divide="ignore", invalid="ignore"):
        speed = metres / seconds
    return np.where((speed >= 0.5) & (speed <= 90), speed, np.nan).astype(np.float32)


def _ends(
    nodes: NodeTable, arcs: ArcTable, node_rows: dict[str, Column], arc_rows: dict[str, Column]
) -> NDArray[np.int64]:
    """Row numbers of each arc's two nodes, shape (arcs, 2)."""
    identity = {str(cell): row for row, cell in enumerate(_column(nodes.id, node_rows, nodes))}
    if len(identity) != len(node_rows[nodes.id]):
        raise ImportRefused(f"{nodes.file}: column {nodes.id!r} names some node twice")
    ends = np.empty((len(next(iter(arc_rows.values()))), 2), np.int64)
    for side, name in enumerate((arcs.tail, arcs.head)):
        for row, cell in enumerate(_column(name, arc_rows, arcs)):
            found = identity.get(str(cell))
            if found is None:
                raise ImportRefused(f"{arcs.file}, row {row + 1}: {name} is {cell}, which {nodes.file} does not hold")
            ends[row, side] = found
    return ends


def _column(name: str, rows: dict[str, Column], table: NodeTable | ArcTable) -> Column:
    column = column_of(name, rows, table.file)
    assert column is not None  # a table's own columns are always named
    return column


def _figures(name: str, rows: dict[str, Column], table: NodeTable | ArcTable) -> NDArray[np.float64]:
    column = _column(name, rows, table)
    try:
        return column.astype(np.float64)
    except ValueError as error:
        raise ImportRefused(f"{table.file}, column {name!r}: {error}; mend the table") from None


def _table(source: Path, table: NodeTable | ArcTable) -> dict[str, Column]:
    """Columns of a table, or of one section of it, as arrays of text."""
    rows = [row for row in csv.reader(io.StringIO(_text(source, table.file))) if any(cell.strip() for cell in row)]
    if table.section is not None:
        rows = _section(rows, table.section, table.file)
    if len(rows) < 2:
        raise ImportRefused(f"{table.file} in {source.name} holds no rows")
    header = [cell.strip() for cell in rows[0]]
    while header and not header[-1]:
        header.pop()
    for number, row in enumerate(rows[1:], 1):
        if len(row) < len(header):
            raise ImportRefused(
                f"{table.file}, row {number} has {len(row)} cells, wanted {len(header)}; the file may be truncated"
            )
    body = np.array([row[: len(header)] for row in rows[1:]], dtype=object)
    return {name: body[:, i] for i, name in enumerate(header)}


def _section(rows: list[list[str]], section: str, file: str) -> list[list[str]]:
    for i, row in enumerate(rows):
        if row[0] == section and len(row) > 1 and row[1].strip().isdigit():
            count = int(row[1])
            found = rows[i + 1 : i + 2 + count]
            if len(found) < count + 1:
                raise ImportRefused(
                    f"{file}: section {section!r} states {count} rows, {len(found) - 1} are there; truncated"
                )
            return found
    raise ImportRefused(f"{file} has no section {section!r}")


def _text(source: Path, file: str) -> str:
    try:
        if zipfile.is_zipfile(source):
            with zipfile.ZipFile(source) as archive:
                data = archive.read(file)
        else:
            data = ((source if source.is_dir() else source.parent) / file).read_bytes()
    except (OSError, KeyError, zipfile.BadZipFile, EOFError) as error:
        raise ImportRefused(f"{source.name}: table {file} cannot be read: {error}") from None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ImportRefused(f"{file} is neither UTF-8 nor GB 18030 text")
