"""``kuaijing city generate``: arguments, refusals, progress on the terminal."""

import argparse
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from kuaijing.city.refused import ImportRefused

AREA_RANGE_KM2 = (4.0, 2_000.0)


class GenerateRefused(ValueError):
    """The city asked for cannot be made; the message names the option, the value and the remedy."""


def add_command(city_subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``generate`` to the ``city`` command."""
    parser = city_subparsers.add_parser(
        "generate",
        help="make a fictional Chinese river city (清岚市) with history and plan",
        description="Make a fictional Chinese river city from a seed: streets, buildings, places, a plan, three years of "
        "incidents. The same seed and area give the same city.",
    )
    parser.add_argument("--seed", required=True, help="whole number from 0; names the city")
    parser.add_argument("--area-km2", required=True, help="area, 4 to 2000 km²; 52 is the demo city")
    parser.add_argument("--out", required=True, type=Path, help="folder to make; must not exist or be empty")
    parser.add_argument(
        "--no-buildings", action="store_true", help="leave buildings out (done by itself above 300 km²)"
    )
    parser.add_argument("--until", default="2026-09-30", help="last day of the history (default 2026-09-30)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Carry it out; 0, or 2 with one message where it was refused."""
    try:
        settings = _settings(arguments)
        from kuaijing.city.generate.writing import generate_city  # costs a second to import

        started = time.monotonic()

        def progress(step: str) -> None:
            print(f"{time.monotonic() - started:7.1f} s  {step}", file=sys.stderr, flush=True)

        made = generate_city(**settings, progress=progress)
    except (GenerateRefused, ImportRefused) as refused:
        print(f"kuaijing city generate: {refused}", file=sys.stderr)
        return 2
    print(
        f"清岚市 Qinglan (fictional) in {settings['out']}: {made.street_km:.0f} km of streets, {made.people:,} people, "
        f"{made.platforms} platforms, {made.incidents:,} incidents of three years, {time.monotonic() - started:.1f} s"
    )
    return 0


def _settings(arguments: argparse.Namespace) -> dict[str, Any]:
    out: Path = arguments.out
    if out.exists() and not out.is_dir():
        raise GenerateRefused(f"--out {out} is a file; name a folder that does not exist yet")
    if out.is_dir() and any(out.iterdir()):
        raise GenerateRefused(f"--out {out} exists and is not empty; name another folder, or empty this one")
    return {
        "seed": _seed(arguments.seed),
        "area_km2": _area(arguments.area_km2),
        "out": out,
        "until": _until(arguments.until),
        "buildings": not arguments.no_buildings,
    }


def _seed(text: str) -> int:
    try:
        seed = int(text)
    except ValueError:
        raise GenerateRefused(f"--seed must be a whole number, got {text!r}; for example --seed 1") from None
    if not 0 <= seed < 2**63:
        raise GenerateRefused(f"--seed must be from 0 to 9223372036854775807, got {seed}; for example --seed 1")
    return seed


def _area(text: str) -> float:
    low, high = AREA_RANGE_KM2
    try:
        area = float(text)
    except ValueError:
        raise GenerateRefused(f"--area-km2 must be a number, got {text!r}; for example --area-km2 52") from None
    if not low <= area <= high:
        raise GenerateRefused(f"--area-km2 must be from {low:g} to {high:g}, got {text}; for example --area-km2 52")
    return area


def _until(text: str) -> date:
    try:
        until = date.fromisoformat(text)
    except ValueError:
        raise GenerateRefused(f"--until must be a day such as 2026-09-30, got {text!r}") from None
    if not 2000 <= until.year <= 2100:
        raise GenerateRefused(f"--until must lie between 2000 and 2100, got {text}")
    return until
