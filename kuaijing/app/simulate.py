"""``kuaijing simulate``: what a plan would do on a city's calls, beside another plan or policy, with intervals. Reads; changes nothing."""

import argparse
import dataclasses
import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kuaijing.app.refused import Refused

if TYPE_CHECKING:
    from kuaijing.city.ground import Ground
    from kuaijing.domain.plan_document import PlanDocument
    from kuaijing.simulation.compiled.intervals import Figure
    from kuaijing.simulation.compiled.scenario import Scenario
    from kuaijing.simulation.sweeps import Swept


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the subcommand."""
    parser.add_argument("--city", type=Path, required=True, metavar="DIR")
    parser.add_argument(
        "--plan", metavar="PLAN", help="folder or ZIP; by default the city's own plan, else a provisional one"
    )
    parser.add_argument("--against", metavar="PLAN2", help="a second plan on the same calls, compared call by call")
    parser.add_argument("--days", type=float, default=30.0, metavar="N", help="counted days a replication (30)")
    parser.add_argument("--replications", type=int, default=8, metavar="R", help="(8)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="(1)")
    parser.add_argument(
        "--policy", metavar="NAME", help="between jobs: stay_home, stand, patrol, dmexclp, compliance, reach"
    )
    parser.add_argument("--calls-per-day", type=float, metavar="N", help="scales the expected calls to this mean")
    parser.add_argument("--history", type=Path, metavar="FILE", help="Parquet of past calls; by default the city's own")
    parser.add_argument(
        "--calls", type=Path, metavar="FILE", help="Parquet of real calls to play again, instead of drawn ones"
    )
    parser.add_argument("--workers", type=int, metavar="N", help="processes (one a core)")
    parser.add_argument("--ray", metavar="ADDRESS", help="run on a Ray cluster: auto, host:port, or local")
    parser.add_argument("--json", action="store_true", help="all figures as one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Simulate and print."""
    from kuaijing.city.ground import DamagedGround, open_ground
    from kuaijing.demand import DemandError
    from kuaijing.routing.errors import RoutingError
    from kuaijing.simulation.compiled.errors import Cancelled, SimulationError
    from kuaijing.wire.plans import PlanRefused

    try:
        ground = open_ground(arguments.city)
        plans = [_plan(arguments.plan, ground)]
        if arguments.against is not None:
            plans.append(_plan(arguments.against, ground))
        swept, scenarios = _simulated(arguments, ground, plans)
    except (PlanRefused, DamagedGround, DemandError, RoutingError, SimulationError, Cancelled) as error:
        raise Refused(str(error)) from None
    if arguments.json:
        print(json.dumps(_plain(swept, arguments), ensure_ascii=False, allow_nan=False))
    else:
        _print_table(swept, scenarios, arguments)
    return 0


def _plan(given: str | None, ground: "Ground") -> "PlanDocument":
    from kuaijing.wire.plans import read_plan
    from kuaijing.wire.plans.provisional import provisional

    if given is not None:
        return read_plan(Path(given), ground.bbox)
    own = ground.folder / "plan"
    return read_plan(own, ground.bbox) if own.is_dir() else provisional(ground)


def _simulated(
    arguments: argparse.Namespace, ground: "Ground", plans: "list[PlanDocument]"
) -> "tuple[Swept, tuple[Scenario, ...]]":
    from kuaijing.app.demand_of import HISTORY
    from kuaijing.app.simulated_calls import called_in, history_of, places_of, real_calls
    from kuaijing.demand import Grid, rates, street_length_rates, street_metres
    from kuaijing.engine.advice import CityStreets
    from kuaijing.routing import Network
    from kuaijing.simulation.compiled.building import build
    from kuaijing.simulation.compiled.calls import Streams
    from kuaijing.simulation.sweeps import Job, sweep
    from kuaijing.simulation.tuning import with_policy

    streets = CityStreets.of(ground)
    west, south, east, north = ground.bbox
    edge = 0.003  # a little more than a cell, so that streets on the border lie inside
    grid = Grid.over((west - edge, south - edge, east + edge, north + edge))
    metres = street_metres(grid, streets.pieces)
    path = arguments.history or ground.folder / HISTORY
    history, demand = None, None
    real = None if arguments.calls is None else called_in(arguments.calls)
    per_day = arguments.calls_per_day
    if real is not None and per_day is None and not path.is_file():  # what the roads' points weigh; the calls are given
        per_day = len(real.called_at) / max(1.0, float(real.called_at[-1] - real.called_at[0]) / 86_400e6)
    if path.is_file():
        history, origin = history_of(path)
        demand = rates(
            history.lon, history.lat, history.called_at, origin, grid=grid, zone=ground.timezone, street_m=metres
        )
    elif arguments.history is not None:
        raise Refused(f"there is no file {path}")
    elif per_day is None:
        raise Refused(
            f"{ground.name} has no incident history; give --history FILE, --calls FILE, or --calls-per-day N to spread by street length"
        )
    else:
        demand = street_length_rates(grid, metres, ground.timezone)
    built = build(
        Network(ground), plans, demand, history=real if history is None else history, calls_per_day=per_day,
        more_places=None if real is None else places_of(real),
    )  # fmt: skip
    scenarios = built.scenarios
    if arguments.policy is not None:
        tuned = [
            with_policy(scenario, model, arguments.policy, seed=arguments.seed)
            for scenario, model in zip(built.scenarios, built.models, strict=True)
        ]
        scenarios = tuple(tuned) if len(tuned) > 1 else (built.scenarios[0], tuned[0])
    models = built.models if len(built.models) == len(scenarios) else (built.models[0],) * len(scenarios)
    given = None if real is None else real_calls(real, built, plans[0], arguments.calls)
    job = Job(scenarios, models, arguments.days, Streams(arguments.seed), real=given)
    arguments.days = round(job.window_days, 3)
    shown = sys.stderr.isatty()

    def progress(done: int, whole: int) -> None:
        if shown:
            print(f"\r{done}/{whole}", end="\n" if done == whole else "", file=sys.stderr, flush=True)

    swept = sweep(job, arguments.replications, workers=arguments.workers, ray=arguments.ray, progress=progress)
    return swept, scenarios


_ROWS = (
    ("within", "按时到达率(派警起) within limit, from order", "share"),
    ("within_citizen", "按时到达率(报警起) within limit, from call", "share"),
    ("late_per_day", "超时起数/日 late arrivals a day, from call", "number"),
    ("mean_s", "平均出警用时 mean response", "s"),
    ("median_s", "中位出警用时 median response", "s"),
    ("p90_s", "九成出警用时 90th percentile", "s"),
    ("utilisation", "警力占用率 utilisation", "share"),
    ("visible_min_per_h", "见警:每小时在街警力分钟 visible-unit minutes an hour", "number"),
    ("moves_per_day", "调动次数/日 moves between jobs a day", "number"),
    ("queued", "等待派警 calls that waited for a unit", "share"),
)


def _print_table(swept: "Swept", scenarios: "tuple[Scenario, ...]", arguments: argparse.Namespace) -> None:
    from kuaijing.simulation.policies import POLICIES

    names = {number: name for name, number in POLICIES.items()}
    for row, summary in enumerate(swept.summaries):
        first = summary.calls
        scenario = scenarios[row]
        print(f"方案 plan {'AB'[row]}: {summary.name} · {scenario.units} units · {names[scenario.rules.between]}")
        print(
            f"  {summary.replications} × {arguments.days:g} days, seed {arguments.seed}, {first.value:.0f} calls each; 95 % intervals"
        )
        for name, figure in summary.tiers:
            print(f"  {_pad(f'{name} 按时到达 within limit')} {_said(figure, 'share')}")
        for key, title, unit in _ROWS:
            print(f"  {_pad(title)} {_said(getattr(summary, key), unit)}")
    for difference in swept.differences:
        print("B − A, 同一批警情 same calls, paired:")
        for name, figure in difference.tiers:
            print(f"  {_pad(f'{name} 按时到达 within limit')} {_said(figure, 'points')}")
        print(f"  {_pad('按时到达率 within limit')} {_said(difference.within, 'points')}")
        print(f"  {_pad('超时(相对) late arrivals, relative')} {_said(difference.late_relative, 'points')}")
        print(f"  {_pad('平均出警用时 mean response')} {_said(difference.mean_s, 's')}")
        print(f"  {_pad('九成出警用时 90th percentile')} {_said(difference.p90_s, 's')}")


def _pad(text: str) -> str:
    width = sum(2 if ord(char) > 0x2E80 else 1 for char in text)
    return text + " " * max(0, 58 - width)


def _said(figure: "Figure", unit: str) -> str:
    if math.isnan(figure.value):
        return "—"
    scale, mark = (100, " %") if unit in ("share", "points") else (1, " s" if unit == "s" else "")
    sign = "+" if unit == "points" else ""
    text = f"{figure.value * scale:{sign}.1f}{mark}"
    if not math.isnan(figure.low):
        text += f"  [{figure.low * scale:{sign}.1f}, {figure.high * scale:{sign}.1f}]"
    return text + (f"  {figure.met}/{figure.of}" if figure.of >= 0 else "")


def _plain(swept: "Swept", arguments: argparse.Namespace) -> dict[str, Any]:
    return {
        "days": arguments.days,
        "replications": swept.summaries[0].replications,
        "seed": arguments.seed,
        "summaries": [_finite(dataclasses.asdict(summary)) for summary in swept.summaries],
        "differences": [_finite(dataclasses.asdict(difference)) for difference in swept.differences],
    }


def _finite(value: Any) -> Any:
    """NaN as null: JSON has none."""
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
