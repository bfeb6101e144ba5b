"""Making a city folder out of a road file: wall time and peak memory of ``kuaijing city import``, beside reading the file alone.

Memory is of the process and everything that it starts (the tile maker): the larger of the system's own peak for one process and
the sum over all of them, looked at twenty times a second. The peer reads the same file once and keeps nothing: for OpenStreetMap
data pyosmium over every object with node locations, for a layer pyogrio.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kuaijing.bench.output import OURS, BenchRefused, Row
from kuaijing.bench.served import kuaijing, psutil, scratch_folder
from kuaijing.city.ground import open_ground

DEFAULT = Path("../shared/data/roads/porto.osm.pbf")
LOOK_EVERY_S = 0.05

_OSMIUM: Final = """
import sys, osmium
for each in osmium.FileProcessor(sys.argv[1]).with_locations():
    pass
"""
_OGR: Final = """
import sys, pyogrio
pyogrio.raw.read(sys.argv[1])
"""
_PEERS: Final = {
    ".pbf": ("osmium, read alone", _OSMIUM),
    ".osm": ("osmium, read alone", _OSMIUM),
    ".gz": ("osmium, read alone", _OSMIUM),
    ".bz2": ("osmium, read alone", _OSMIUM),
    ".shp": ("pyogrio, read alone", _OGR),
    ".gpkg": ("pyogrio, read alone", _OGR),
    ".geojson": ("pyogrio, read alone", _OGR),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``kuaijing bench import``."""
    parser.add_argument("file", type=Path, nargs="?", default=DEFAULT, metavar="FILE", help=f"default {DEFAULT}")
    parser.add_argument("--crs", metavar="CRS", help="as for `kuaijing city import`")
    parser.add_argument("--columns", metavar="FILE", help="as for `kuaijing city import`")
    parser.add_argument(
        "--scratch", type=Path, metavar="DIR", help="where the city is written for the time of the bench"
    )


@dataclass(frozen=True, slots=True)
class Spent:
    """By a process and everything that it started."""

    wall_s: float
    cpu_s: float
    memory_mb: float


def run(arguments: argparse.Namespace) -> Iterator[Row]:
    """The rows, as they are measured."""
    file: Path = arguments.file
    if not file.exists():
        raise BenchRefused(f"there is no file {file}; name a road file: kuaijing bench import FILE")
    psutil()
    options = [f"--{name}={value}" for name in ("crs", "columns") if (value := getattr(arguments, name)) is not None]
    with scratch_folder(arguments.scratch) as scratch:
        out = scratch / "city"
        yield from _rows(file.name, OURS, _spent(kuaijing("city", "import", str(file), "--out", str(out), *options)))
        counts = open_ground(out).manifest["counts"]
        yield Row("import", file.name, OURS, "street_km", counts["street_km"], "km")
        yield Row("import", file.name, OURS, "arcs", counts["arcs"], "count")
    peer = _PEERS.get(file.suffix.lower())
    if peer is not None:
        name, program = peer
        yield from _rows(file.name, name, _spent([sys.executable, "-c", program, str(file)]))


def _rows(case: str, engine: str, spent: Spent) -> Iterator[Row]:
    yield Row("import", case, engine, "wall_s", spent.wall_s, "s")
    yield Row("import", case, engine, "cpu_s", spent.cpu_s, "s")
    yield Row("import", case, engine, "memory_mb", spent.memory_mb, "MB")


def _spent(command: list[str]) -> Spent:
    with tempfile.TemporaryFile("w+") as errors:
        began = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors)
        peak, looked = 0, psutil().Process(process.pid)
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            peak = max(peak, _tree_bytes(looked))
            time.sleep(LOOK_EVERY_S)
        wall_s = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        said = errors.read().strip().splitlines() or ["nothing"]
    if process.returncode:
        raise BenchRefused(f"exit status {process.returncode}; it said: {said[-1]}")
    return Spent(wall_s, usage.ru_utime + usage.ru_stime, max(peak, usage.ru_maxrss * 1024) / 1e6)


def _tree_bytes(process: Any) -> int:
    """Resident memory of a process and all that it started; what ends meanwhile counts nothing."""
    total = 0
    gone = psutil().Error
    try:
        family = [process, *process.children(recursive=True)]
    except gone:
        return 0
    for each in family:
        try:
            total += each.memory_info().rss
        except gone:
            continue
    return total
