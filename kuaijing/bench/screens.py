"""The screens in a real Chromium: units that move, the start of the room, its weight, and a long shift before it.

Each figure stands beside the same page with an empty map, or with a plain symbol layer, in the same run. What is measured is in
``screens_units``, ``screens_hidden``, ``screens_usable``, ``screens_start`` and ``screens_soak``.
"""

import argparse
import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from kuaijing.bench.big_force import bench_city, opened, plan_with, put_in_force
from kuaijing.bench.chromium import chromium
from kuaijing.bench.lines import Door
from kuaijing.bench.load_processes import LoadProcess
from kuaijing.bench.output import OURS, BenchRefused, Row
from kuaijing.bench.screens_hidden import hidden
from kuaijing.bench.screens_soak import SPEED, soak
from kuaijing.bench.screens_start import interactive, map_idle, weights
from kuaijing.bench.screens_units import Room, moving
from kuaijing.bench.screens_usable import usable
from kuaijing.bench.served import HOST, scratch_folder, serving
from kuaijing.bench.street_load import StreetOrder
from kuaijing.bench.walks import walks

PARTS = ("start", "units", "hidden", "many", "soak")
BATCHES_A_SECOND = 10
MOST_S = 3600
LOOP_S = 60
Told = Iterator[tuple[str, str, float, str]]
Measured = Callable[[Room], Told]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``kuaijing bench screens``."""
    parser.add_argument("--only", action="append", choices=PARTS, help="may be given again (default: all)")
    parser.add_argument("--city", type=Path, metavar="DIR", help="city folder (default: Qinglan, generated once)")
    parser.add_argument("--units", type=int, default=1000, metavar="N", help="that move at 1 Hz (default 1000)")
    parser.add_argument("--many", type=int, default=5000, metavar="N", help="that must stay usable (default 5000)")
    parser.add_argument("--seconds", type=float, default=15.0, metavar="S", help="measured for each page (default 15)")
    parser.add_argument(
        "--minutes",
        type=float,
        default=8.0,
        metavar="M",
        help=f"of the soak, at {SPEED} times (default 8: 8 h of shift)",
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="default 1")
    parser.add_argument("--scratch", type=Path, metavar="DIR", help="where data is written for the time of the bench")


def run(arguments: argparse.Namespace) -> Iterator[Row]:
    """The rows, as they are measured."""
    for name in ("units", "many", "seconds", "minutes"):
        if getattr(arguments, name) <= 0:
            raise BenchRefused(f"--{name} must be more than 0, got {getattr(arguments, name):g}")
    chosen = tuple(arguments.only or PARTS)
    measured: dict[str, Measured] = {"start": _start, "units": moving, "hidden": hidden}
    todo = [measure for name, measure in measured.items() if name in chosen]
    if todo:
        yield from _before_units(arguments, arguments.units, todo)
    if "many" in chosen:
        yield from _before_units(arguments, arguments.many, [usable])
    if "soak" in chosen:
        case = f"a demo shift at {SPEED}x"
        with scratch_folder(arguments.scratch) as scratch:
            for figure, value, unit in soak(arguments.minutes, bench_city(arguments.city), scratch).figures():
                yield Row("screens", case, OURS, figure, value, unit)


def _start(room: Room) -> Told:
    yield from interactive(room)
    yield from map_idle(room)
    yield from weights(room)


def _before_units(arguments: argparse.Namespace, units: int, todo: Sequence[Measured]) -> Iterator[Row]:
    """The rooms of a server whose units all report once a second."""
    city = bench_city(arguments.city)
    ground = opened(city)
    plan = plan_with(ground, units)
    case = f"{ground.name} {units} units at 1 Hz"
    with contextlib.ExitStack() as stack:
        scratch = stack.enter_context(scratch_folder(arguments.scratch))
        put_in_force(city, scratch / "data", plan, scratch)
        served = stack.enter_context(serving(city, scratch / "data"))
        places = walks(ground, [unit.unit_class for unit in plan.force], LOOP_S, arguments.seed)
        order = StreetOrder(
            Door(HOST, served.port, served.cookie), [unit.unit for unit in plan.force], places, BATCHES_A_SECOND
        )
        load = LoadProcess(order, MOST_S)
        stack.callback(load.stop)
        load.until_ready()
        load.begin(time.monotonic() + 0.2)
        browser = stack.enter_context(chromium())
        room = Room(browser, f"http://{HOST}:{served.port}", served.cookie, arguments.seconds, units)
        for measured in todo:
            for engine, figure, value, unit in measured(room):
                yield Row("screens", case, engine, figure, value, unit)
