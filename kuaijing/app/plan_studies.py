"""``kuaijing plan beats|platforms|force|day|compare|rerun``: plans made and proved on the command line. Reads the city and DATA.

Nothing is put in force: what is written is a plan folder that ``kuaijing plan import`` takes, after it has been checked.
"""

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kuaijing.app.refused import Refused

if TYPE_CHECKING:
    from kuaijing.domain.plan_document import PlanDocument
    from kuaijing.studies.city_study import Frozen
    from kuaijing.studies.fleet_asked import FleetAsked
    from kuaijing.studies.what_if_lines import Comparison

Study = Callable[[argparse.Namespace], int]


def add_actions(actions: Any) -> None:
    """Add the actions; each sets ``study``."""
    beats = _action(actions, "beats", "cut the city into even, compact beats", _beats, "cut")
    beats.add_argument("--beats", type=int, required=True, metavar="K")
    beats.add_argument("--keep-platforms", action="store_true", help="today's platforms stay where they are")
    beats.add_argument("--borders", type=Path, metavar="GEOJSON", help="polygons that no beat may span")
    beats.add_argument("--seconds", type=float, default=20.0)
    beats.add_argument("--seed", type=int, default=0)
    platforms = _action(
        actions, "platforms", "where platforms and vehicles should stand, with a bound", _platforms, "placed"
    )
    _fleet(platforms)
    force = _action(actions, "force", "the least force that meets the standard", _force)
    _fleet(force)
    force.add_argument(
        "--class", dest="unit_class", required=True, metavar="CLASS", help="motorcycle, car, command_vehicle"
    )
    force.add_argument("--target", required=True, metavar="TIER=SHARE,…", help="for example rest=0.9,second=0.9")
    force.add_argument("--most", type=int, default=200, help="of that class")
    force.add_argument("--confirm", action="store_true", help="by simulation, at the lower end of its 95 %% interval")
    day = _action(actions, "day", "the same force through the day: a table of moves", _day)
    _fleet(day)
    day.add_argument("--slower-by-period", metavar="F,F,F,F,F", help="how much longer drives take in each period")
    compare = _action(actions, "compare", "plans beside each other on the same calls", _compare)
    compare.add_argument(
        "plans", nargs="+", metavar="PLAN", help="folder or ZIP; the first is what others are held against"
    )
    compare.add_argument("--days", type=float, default=30.0)
    compare.add_argument("--policy", default="", help="between jobs: dmexclp, compliance, reach, stay_home, stand")
    compare.add_argument("--incidents-per-day", type=float, metavar="N")
    compare.add_argument("--desk-s", type=float, default=30.0, help="call to order where a unit is free (30)")
    rerun = _action(actions, "rerun", "a real day of the log again, with other posts", _rerun)
    rerun.add_argument("--day", required=True, metavar="YYYY-MM-DD")
    rerun.add_argument(
        "--close", action="append", default=[], metavar="PLATFORM[=TO]", help="its units are off duty, or go to TO"
    )
    rerun.add_argument("--off", action="append", default=[], metavar="UNIT[@22-6]", help="off duty, or in those hours")
    rerun.add_argument(
        "--move", action="append", default=[], metavar="PLATFORM=LON,LAT", help="the platform stands elsewhere"
    )
    for each in (compare, rerun):
        each.add_argument("--replications", type=int, default=8 if each is compare else 20)
        each.add_argument("--seed", type=int, default=1)
        each.add_argument("--slower", type=float, default=1.0, help="drives take so many times as long")


def _action(actions: Any, name: str, told: str, study: Study, out: str = "") -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=told, description=told[0].upper() + told[1:] + ".")
    parser.add_argument("--city", type=Path, required=True, metavar="DIR")
    parser.add_argument(
        "--data", type=Path, metavar="DIR", required=name == "rerun", help="histories, plan in force, log"
    )
    if name != "compare":
        parser.add_argument(
            "--plan", metavar="PLAN", help="folder or ZIP; else the one in force in DATA, else the city's own"
        )
    if out:
        parser.add_argument("--prove", action="store_true", help="simulate it beside the plan that it was made from")
        parser.add_argument(
            "--out", type=Path, metavar="DIR", help=f"write the plan as {out}; must not exist or be empty"
        )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--report", type=Path, metavar="FILE", help=".html, or .pdf (needs Chromium)")
    parser.set_defaults(study=study)
    return parser


def _fleet(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--units", metavar="CLASS=N,…", help="for example car=20,motorcycle=40; today's where not given"
    )
    parser.add_argument("--per-platform", metavar="CLASS=N,…", help="at most so many at one place")
    parser.add_argument(
        "--platforms", type=int, metavar="N", help="at most so many places; 0 any number; today's if not given"
    )
    parser.add_argument("--keep", action="append", default=[], metavar="PLATFORM", help="stays with its vehicles")
    parser.add_argument("--every-junction", action="store_true", help="candidates: every junction, not one a block")
    parser.add_argument("--sites", type=Path, metavar="GEOJSON", help="candidates: these points")
    parser.add_argument("--hours", metavar="FROM-UNTIL", help="only these hours of the day count: 17-20")
    parser.add_argument("--slower", type=float, default=1.0, help="drives take so many times as long")
    parser.add_argument("--incidents-per-day", type=float, metavar="N", help="needed where no history is known")
    parser.add_argument("--seconds", type=float, default=20.0, help="of the search")


# --- what they do -----------------------------------------------------------------------------------------------------------


def run(arguments: argparse.Namespace) -> int:
    """Do the study; every refusal is one line."""
    from kuaijing.city.ground import DamagedGround
    from kuaijing.demand import DemandError
    from kuaijing.planning.errors import PlanningError
    from kuaijing.routing.errors import RoutingError
    from kuaijing.simulation.compiled.errors import Cancelled, SimulationError
    from kuaijing.studies.refused import StudyRefused
    from kuaijing.wire.plans import PlanRefused

    report: Path | None = arguments.report
    if report is not None and report.suffix.lower() not in (".html", ".pdf"):
        raise Refused(f"--report {report}: wanted a name that ends in .html or .pdf")
    out: Path | None = getattr(arguments, "out", None)
    if out is not None and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Refused(f"{out} exists and is not empty; name a folder that does not exist")
    try:
        study: Study = arguments.study
        return study(arguments)
    except (
        StudyRefused, PlanRefused, DamagedGround, DemandError, RoutingError, PlanningError, SimulationError, Cancelled,
        NotADirectoryError, FileNotFoundError,
    ) as error:  # fmt: skip
        raise Refused(str(error)) from None


def _beats(arguments: argparse.Namespace) -> int:
    from kuaijing.app.plan_words import beats_text
    from kuaijing.studies.borders import borders_of
    from kuaijing.studies.questions import BeatsAsked, cut_into_beats

    frozen = _frozen(arguments)
    asked = _asked(
        BeatsAsked,
        k=arguments.beats,
        keep_platforms=arguments.keep_platforms,
        seconds=arguments.seconds,
        seed=arguments.seed,
    )
    with_borders = {} if arguments.borders is None else {"borders": borders_of(frozen, arguments.borders)}
    answer = cut_into_beats(frozen, asked, _progress(), **with_borders)
    plan = _written(frozen, answer.plan, arguments)
    proof, said = _proved(frozen, plan, arguments)
    return _told(
        arguments, frozen, answer.figures, beats_text(answer.figures) + said, beats=answer, plan=plan, comparison=proof
    )


def _platforms(arguments: argparse.Namespace) -> int:
    from kuaijing.app.plan_words import fleet_text, worth_text
    from kuaijing.studies.fleet_questions import place, worth_of_a_unit

    frozen = _frozen(arguments)
    asked = _fleet_asked(arguments)
    answer = place(frozen, asked, _progress())
    plan = _written(frozen, answer.plan, arguments)
    worth = worth_of_a_unit(frozen, asked, _progress()) if arguments.prove else []
    proof, said = _proved(frozen, plan, arguments)
    text = fleet_text(answer.study) + worth_text(worth) + said
    return _told(arguments, frozen, answer.study, text, fleet=answer.study, worth=worth, plan=plan, comparison=proof)


def _force(arguments: argparse.Namespace) -> int:
    from kuaijing.app.plan_words import force_text
    from kuaijing.studies.confirming import confirm_by_simulation
    from kuaijing.studies.fleet_asked import ForceAsked
    from kuaijing.studies.fleet_questions import find_least

    frozen = _frozen(arguments)
    target = _pairs(arguments.target, "--target", float)
    asked = ForceAsked(arguments.unit_class, target, _fleet_asked(arguments), arguments.most)
    confirm = None
    if arguments.confirm:
        confirm = confirm_by_simulation(
            frozen, target, incidents_per_day=arguments.incidents_per_day, slower=arguments.slower
        )
    answer = find_least(frozen, asked, _progress(), confirm)
    return _told(arguments, frozen, answer, force_text(answer, confirmed=arguments.confirm), force=answer)


def _day(arguments: argparse.Namespace) -> int:
    from kuaijing.app.plan_words import day_text
    from kuaijing.studies.fleet_asked import DayAsked
    from kuaijing.studies.fleet_questions import through_the_day

    frozen = _frozen(arguments)
    slower = None
    if arguments.slower_by_period:
        slower = [_number(part, "--slower-by-period") for part in arguments.slower_by_period.split(",")]
    answer = through_the_day(frozen, DayAsked(_fleet_asked(arguments), slower), _progress())
    return _told(arguments, frozen, answer, day_text(answer), day=answer)


def _compare(arguments: argparse.Namespace) -> int:
    from kuaijing.app.plan_words import comparison_text
    from kuaijing.city.ground import open_ground
    from kuaijing.studies.what_if import WhatIfAsked, compare_plans
    from kuaijing.wire.plans import read_plan

    bbox = open_ground(arguments.city).bbox
    plans = [read_plan(Path(given), bbox) for given in arguments.plans]
    frozen = _frozen(arguments, plans[0])
    asked = _asked(
        WhatIfAsked, days=arguments.days, replications=arguments.replications, seed=arguments.seed,
        incidents_per_day=arguments.incidents_per_day, slower=arguments.slower, policy=arguments.policy,
        desk_s=arguments.desk_s,
    )  # fmt: skip
    answer = compare_plans(frozen, plans, asked, _progress())
    return _told(arguments, frozen, answer, comparison_text(answer), comparison=answer, plan=plans[-1])


def _rerun(arguments: argparse.Namespace) -> int:
    from zoneinfo import ZoneInfo

    from kuaijing.app.plan_words import rerun_text
    from kuaijing.city.ground import open_ground
    from kuaijing.studies.past_log import past_day
    from kuaijing.studies.plan_edits import edit_of
    from kuaijing.studies.rerun import RerunAsked, past_calls, rerun_day
    from kuaijing.wire.plans import from_canonical

    ground = open_ground(arguments.city)
    edits = tuple(edit_of(how, text) for how in ("close", "off", "move") for text in getattr(arguments, how))
    day = past_day(arguments.data, arguments.day, ZoneInfo(ground.timezone))
    held = from_canonical(day.plan) if arguments.plan is None and day.plan is not None else None
    frozen = _frozen(arguments, held)
    calls, left = past_calls(day.files)
    asked = _asked(
        RerunAsked, day=arguments.day, edits=edits, replications=arguments.replications, seed=arguments.seed,
        slower=arguments.slower,
    )  # fmt: skip
    answer = rerun_day(frozen, calls, left, asked, _progress())
    return _told(arguments, frozen, answer, rerun_text(answer), rerun=answer, comparison=answer.comparison)


def _proved(frozen: "Frozen", plan: "PlanDocument", arguments: argparse.Namespace) -> "tuple[Comparison | None, str]":
    """The plan beside the one that it was made from, where asked for."""
    from kuaijing.app.plan_words import comparison_text
    from kuaijing.studies.what_if import WhatIfAsked, compare_plans

    if not arguments.prove:
        return None, ""
    asked = WhatIfAsked(
        incidents_per_day=getattr(arguments, "incidents_per_day", None), slower=getattr(arguments, "slower", 1.0)
    )
    proof = compare_plans(frozen, [frozen.plan, plan], asked, _progress())
    return proof, "\n" + comparison_text(proof)


# --- what they are given, and where it goes ---------------------------------------------------------------------------------


def _frozen(arguments: argparse.Namespace, plan: "PlanDocument | None" = None) -> "Frozen":
    import tempfile

    from kuaijing.app.demand_of import rates_of
    from kuaijing.app.training import find_service_plan
    from kuaijing.city.ground import open_ground
    from kuaijing.studies.city_study import Frozen
    from kuaijing.studies.histories import mark_of_holdings
    from kuaijing.wire.plans import canonical, digest_of, read_plan
    from kuaijing.wire.plans.provisional import provisional

    ground = open_ground(arguments.city)
    data: Path | None = arguments.data
    if data is not None and not data.is_dir():
        raise Refused(f"there is no data folder {data}")
    if plan is None and getattr(arguments, "plan", None) is not None:
        plan = read_plan(Path(arguments.plan), ground.bbox)
    if plan is None and data is not None:
        plan = find_service_plan(data)
    if plan is None:
        own = ground.folder / "plan"
        plan = read_plan(own, ground.bbox) if own.is_dir() else provisional(ground)
    if data is None:  # rates are kept beside the city's histories, which without DATA are the city's own alone
        data = Path(tempfile.gettempdir()) / f"kuaijing-studies-{os.getuid()}" / ground.hash[:16]
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Frozen(
        ground.folder, data, canonical(plan), digest_of(plan), mark_of_holdings(data, ground.folder), rates_of
    )


def _fleet_asked(arguments: argparse.Namespace) -> "FleetAsked":
    from kuaijing.studies.borders import points_of
    from kuaijing.studies.fleet_asked import FleetAsked

    hours = None
    if arguments.hours:
        start, _, until = arguments.hours.partition("-")
        hours = (int(_number(start, "--hours")), int(_number(until, "--hours")))
    return FleetAsked(
        units=_pairs(arguments.units, "--units", int) if arguments.units else None,
        platforms=arguments.platforms,
        per_platform=_pairs(arguments.per_platform, "--per-platform", int) if arguments.per_platform else None,
        keep=arguments.keep,
        every_junction=arguments.every_junction,
        sites=None if arguments.sites is None else points_of(arguments.sites),
        hours=hours,
        incidents_per_day=arguments.incidents_per_day,
        slower=arguments.slower,
        seconds=arguments.seconds,
    )


def _asked(kind: Any, **given: Any) -> Any:
    """A question whose values are within their bounds."""
    import msgspec

    try:
        return msgspec.convert(msgspec.to_builtins(given), kind)
    except msgspec.ValidationError as error:
        raise Refused(str(error)) from None


def _pairs(text: str, option: str, kind: Callable[[float], Any]) -> dict[str, Any]:
    found = {}
    for part in text.replace("，", ",").split(","):
        name, _, value = part.partition("=")
        if not name.strip() or not value:
            raise Refused(f"{option} {text!r}: {part!r} is not of the form name=number")
        found[name.strip()] = kind(_number(value, option))
    return found


def _number(text: str, option: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Refused(f"{option}: {text!r} is no number") from None


def _progress() -> Callable[[str, float], None]:
    shown = sys.stderr.isatty()

    def progress(step: str, share: float) -> None:
        if shown:
            print(f"\r\x1b[K{step} {share:4.0%}", end="", file=sys.stderr, flush=True)

    return progress


def _written(frozen: "Frozen", body: bytes, arguments: argparse.Namespace) -> "PlanDocument":
    """The plan; written and read back where asked for, so that what import would refuse is never left lying."""
    from kuaijing.city.ground import open_ground
    from kuaijing.wire.plans import from_canonical, read_plan, write_folder

    plan = from_canonical(body)
    plan = replace(plan, version=f"{plan.version}-proposed")
    if arguments.out is not None:
        write_folder(plan, arguments.out)
        read_plan(arguments.out, open_ground(frozen.city).bbox)
    return plan


def _told(arguments: argparse.Namespace, frozen: "Frozen", answer: Any, text: str, **parts: Any) -> int:
    import msgspec

    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr)
    print(msgspec.json.encode(answer).decode() if arguments.json else text)
    if arguments.report is not None:
        from kuaijing.studies.report import write_report
        from kuaijing.studies.report_parts import ReportParts

        write_report(arguments.report, frozen, ReportParts(**parts))
        print(f"报告 report: {arguments.report}", file=sys.stderr)
    return 0
