"""``kuaijing history analyse``: the daily analysis as a table to read, or as JSON."""

import argparse
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec

from kuaijing.studies.city_grid import CityGrid
from kuaijing.studies.demand_lines import ChangeLine, DemandStudy
from kuaijing.studies.demand_study import study_demand
from kuaijing.studies.histories import known_incidents
from kuaijing.studies.refused import StudyRefused
from kuaijing.studies.shelf import Shelf

_FORECASTS: Final = {
    "rates": "our rates",
    "kernel": "kernel density",
    "all_counts": "all counts",
    "last_month": "last month's counts",
}
_SHOWN: Final = 12
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def add_analyse(actions: Any) -> None:
    """Add the action; sets ``run``."""
    parser = actions.add_parser("analyse", help="what, when, where, what has changed, which forecast is worth having")
    parser.add_argument("--city", metavar="DIR", type=Path, required=True)
    parser.add_argument("--data", metavar="DIR", type=Path, help="where histories were imported; else the city's own")
    parser.add_argument("--until", metavar="DAY", type=date.fromisoformat, help="day after the last one (YYYY-MM-DD)")
    parser.add_argument("--days", type=int, default=28)
    parser.add_argument("--include-officers", action="store_true", help="count what officers found themselves too")
    parser.add_argument("--kind", action="append", default=[], metavar="CODE", help="only this kind; more than once")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from kuaijing.city.ground import DamagedGround, open_ground
    from kuaijing.engine.advice import CityStreets

    try:
        ground = open_ground(arguments.city)
        shelf = Shelf(arguments.data if arguments.data is not None else ground.folder)
        study = study_demand(
            known_incidents(shelf, ground.folder),
            CityGrid.of(ground, CityStreets.of(ground)),
            until=arguments.until,
            days=arguments.days,
            include_officers=arguments.include_officers,
            only=arguments.kind,
        )
    except (StudyRefused, DamagedGround, OSError) as error:
        print(f"kuaijing history analyse: {error}", file=sys.stderr)
        return 2
    if arguments.json:
        print(msgspec.json.encode(study).decode())
    else:
        print(study_text(study))
    return 0


def study_text(study: DemandStudy) -> str:
    """The analysis in words and tables."""
    lines = [
        f"{study.days} days before {study.made_for}: {study.in_period:,} incidents "
        f"({study.records:,} records from {study.history_from})",
        f"  {study.without_place:,} without a place, {study.outside:,} outside the city; "
        f"{study.by_officers:,} found by officers, apart",
        "",
        "kind                          now   before  change [95 %]           a year ago",
    ]
    lines += [
        f"{line.kind or 'all':<26}{line.now:>7,}{'' if line.against_before is None else format(line.against_before.before, ','):>9}  "
        f"{_change(line.against_before):<22}{_change(line.against_year):>14}"
        for line in study.kinds[:_SHOWN]
    ]
    lines += ["", "hour        " + "".join(f"{hour:>4}" for hour in range(0, 24, 2))]
    lines += [
        f"{_DAYS[day]:<12}" + "".join(f"{hours[hour] + hours[hour + 1]:>4}" for hour in range(0, 24, 2))
        for day, hours in enumerate(study.week)
    ]
    lines += ["", f"{len(study.hot_spots)} hot spots (Gi*, at most 5 % of the cells by accident)"]
    lines += [
        f"  {spot.incidents:>5,} ({spot.share:.1%}), {spot.times_mean:.1f} times the mean: {spot.road or 'no named street'} "
        f"({spot.lon:.5f}, {spot.lat:.5f}): {', '.join(spot.top_kinds)}"
        for spot in study.hot_spots[:_SHOWN]
    ]
    lines += ["", f"near repeats: {len(study.repeats)} of {study.repeats_looked_at} kinds show them"]
    lines += [
        f"  {line.kind}: {line.ratio:.2f} times chance within {line.within_m:g} m and {line.within_days:g} days (p {line.p:.2f})"
        for line in study.repeats
    ]
    lines += ["", *_season(study), "", *_scores(study)]
    return "\n".join(lines)


def _change(line: ChangeLine | None) -> str:
    if line is None:
        return "not known"
    if line.ratio is None:
        return "from none"
    high = "∞" if line.high is None else f"{line.high - 1:+.0%}"
    return f"{line.ratio - 1:+.1%} [{line.low - 1:+.0%}, {high}]{' *' if line.certain else ''}"


def _season(study: DemandStudy) -> list[str]:
    season = study.season
    if season is None:
        return ["season and trend: not claimed; that takes a history of a year and a half"]
    months = " ".join(f"{factor:.2f}" for factor in season.months)
    return [
        f"trend {season.per_year - 1:+.1%} a year [{season.per_year_low - 1:+.1%}, {season.per_year_high - 1:+.1%}]",
        f"season, January to December: {months}",
    ]


def _scores(study: DemandStudy) -> list[str]:
    if not study.scores:
        return [f"forecasts not judged: {study.scores_note}"]
    best: Mapping[float, float] = {
        share: max(line.pai for line in study.scores if line.area_share == share)
        for share in {line.area_share for line in study.scores}
    }
    lines = ["forecast, judged on months not seen   area   caught      PAI [95 %]            PEI*"]
    lines += [
        f"{_FORECASTS[line.forecast]:<36}{line.area_share:>6.0%}{line.caught:>8,}   {line.pai:>6.2f} "
        f"[{line.pai_low:.2f}, {line.pai_high:.2f}]{' best' if line.pai == best[line.area_share] else '     '}{line.pei:>8.2f}"
        for line in sorted(study.scores, key=lambda line: (line.area_share, -line.pai))
    ]
    return lines
