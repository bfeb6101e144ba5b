"""``kuaijing city …`` on the command line: importing a city, and saying what became of it."""

import argparse
import sys
import time
from pathlib import Path
from typing import Any

from kuaijing.city.basemap import BaseMapFailed
from kuaijing.city.generate import command as generate
from kuaijing.city.importing import ImportReport, import_city
from kuaijing.city.mapping import shipped_layouts
from kuaijing.city.refused import ImportRefused

Subparsers = Any
"""argparse's own type for this is private."""


def add_commands(subparsers: Subparsers) -> None:
    """Add ``city`` with its subcommands. Each sets ``run``: a function from the parsed arguments to the exit code."""
    city = subparsers.add_parser("city", help="import a city / 导入城市")
    commands = city.add_subparsers(dest="city_command", required=True, metavar="COMMAND")
    _add_import(commands)
    generate.add_command(commands)


def _add_import(commands: Subparsers) -> None:
    parser = commands.add_parser(
        "import",
        help="make a city folder of OpenStreetMap data or a road layer / 由路网数据生成城市目录",
        description="Reads .osm.pbf, .osm, .osm.gz, .osm.bz2, Shapefile, GeoPackage, GeoJSON, or node and arc tables in CSV.",
    )
    parser.add_argument("source", metavar="SOURCE", type=Path)
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="city folder to make, or to replace")
    parser.add_argument("--name", metavar="N", help="what the city is called")
    area = parser.add_mutually_exclusive_group()
    area.add_argument("--boundary", metavar="NAME", help="a boundary in the source by name or id, or a polygon file")
    area.add_argument(
        "--bbox", metavar="W,S,E,N", type=_bbox, help="degrees; write --bbox=-8.7,… for a western longitude"
    )
    parser.add_argument(
        "--crs", metavar="CRS", help="wgs84 | gcj02 | bd09 | EPSG:n, for a road layer that does not say it"
    )
    parser.add_argument(
        "--columns",
        metavar="FILE",
        help=f"column mapping of a road layer: a YAML file, or {', '.join(shipped_layouts())}",
    )
    parser.add_argument("--timezone", metavar="ZONE", help="IANA name, for example Asia/Shanghai")
    parser.set_defaults(run=_run_import)


def _bbox(text: str) -> tuple[float, float, float, float]:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not west,south,east,north in degrees") from None
    return west, south, east, north


def _run_import(arguments: argparse.Namespace) -> int:
    began = time.perf_counter()
    try:
        report = import_city(
            arguments.source,
            arguments.out,
            name=arguments.name,
            boundary=arguments.boundary,
            bbox=arguments.bbox,
            crs=arguments.crs,
            columns=arguments.columns,
            timezone=arguments.timezone,
            progress=lambda step: print(f"{time.perf_counter() - began:6.1f} s  {step}", file=sys.stderr),
        )
    except ImportRefused as refused:
        print(f"kuaijing city import: {refused}", file=sys.stderr)
        return 2
    except BaseMapFailed as failed:
        print(f"kuaijing city import: the base map could not be made: {failed}", file=sys.stderr)
        return 1
    except OSError as error:
        print(
            f"kuaijing city import: {arguments.out} could not be written: {error}; nothing is left there",
            file=sys.stderr,
        )
        return 1
    print(report_text(report, time.perf_counter() - began))
    return 0


def report_text(report: ImportReport, seconds: float) -> str:
    """The import in words: what was made, and everything that was left out."""
    manifest = report.manifest
    counts, dropped = manifest["counts"], manifest["dropped"]
    lines = [
        f"{manifest['name']} → {report.folder}  ({seconds:.1f} s)",
        f"  hash      {manifest['hash'][:16]}…  zone {manifest['timezone']}  read as {manifest['crs_of_source'][:60]}",
        f"  roads     {counts['junctions']:,} junctions, {counts['arcs']:,} arcs, {counts['streets']:,} streets, "
        f"{counts['street_km']:,.0f} km",
        f"  turns     {counts['forbidden_turns']:,} forbidden, {counts['signals']:,} signalled junctions",
        f"  search    {counts['searchable_roads']:,} roads, {counts['searchable_crossings']:,} crossings, "
        f"{counts['searchable_places']:,} places, {counts['searchable_addresses']:,} addresses",
    ]
    for unit_class, kilometres in counts["arc_km_by_class"].items():
        out = dropped["outside_the_largest_part"][unit_class]
        lines.append(
            f"  {unit_class:<16}{kilometres:>10,.0f} km usable, {out['km']:,.1f} km ({out['arcs']:,} arcs) cut off and dropped"
        )
    lines += [
        f"  {key.replace('_', ' ')}: {value:,}" for key, value in dropped.items() if isinstance(value, int) and value
    ]
    return "\n".join(lines)
