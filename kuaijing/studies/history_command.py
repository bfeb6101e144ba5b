"""``kuaijing history …``: bring incident records in, list them, give layers a weight, take them away again."""

import argparse
import csv
import getpass
import hashlib
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np

from kuaijing.measures.instants import Instant, to_datetime
from kuaijing.studies.analyse_command import add_analyse
from kuaijing.studies.importing import Import, Reading, RecordFault, import_records
from kuaijing.studies.layout import read_kinds, read_layout
from kuaijing.studies.record_files import read_file
from kuaijing.studies.records import NO_TIME, WHATS, Records
from kuaijing.studies.refused import StudyRefused
from kuaijing.studies.shelf import Holding, Shelf

_SHOWN: Final = 20
_OUTSIDE_SHARE: Final = 0.5
"""With more of the places outside the city than this, it is another city's file or another coordinate system."""


def add_commands(subparsers: Any) -> None:
    """Add ``history`` with its actions."""
    history = subparsers.add_parser("history", help="incident records / 警情历史")
    actions = history.add_subparsers(dest="action", metavar="ACTION", required=True)
    _add_import(actions)
    add_analyse(actions)
    listing = actions.add_parser("list", help="what has been brought in")
    weighing = actions.add_parser("weigh", help="the share of demand that a layer of hazards or counts gets")
    weighing.add_argument("name", metavar="NAME")
    weighing.add_argument("weight", metavar="SHARE", type=float, help="0 to 0.9")
    removing = actions.add_parser("remove", help="take one away again")
    removing.add_argument("name", metavar="NAME")
    for action, run in ((listing, _run_list), (weighing, _run_weigh), (removing, _run_remove)):
        action.add_argument("--data", metavar="DIR", type=Path, required=True)
        action.set_defaults(run=_refusing(run))


def _add_import(actions: Any) -> None:
    parser = actions.add_parser(
        "import", help="bring a file in", description="Reads CSV, Parquet or XLSX; see docs/demand.md."
    )
    parser.add_argument("source", metavar="FILE", type=Path)
    parser.add_argument(
        "--columns", metavar="MAP", required=True, help="a YAML file, or called_at=…,lon=…,lat=…,kind=…,origin=…"
    )
    parser.add_argument("--crs", metavar="CRS", required=True, help="wgs84 | gcj02 | bd09 | EPSG:n")
    parser.add_argument("--kinds", metavar="MAP", type=Path, help="YAML or CSV: the file's words and our codes")
    parser.add_argument("--data", metavar="DIR", type=Path, required=True)
    parser.add_argument(
        "--city", metavar="DIR", type=Path, help="whose bounds and time zone; without it say --timezone"
    )
    parser.add_argument("--timezone", metavar="ZONE", help="of times that say none, for example Asia/Shanghai")
    parser.add_argument("--as", dest="what", choices=WHATS, default="incidents", help="incidents and cases stay apart")
    parser.add_argument("--name", metavar="NAME", help="by default the file's")
    parser.add_argument("--skip-faulty", action="store_true", help="take the rest where some records have faults")
    parser.add_argument("--faults", metavar="CSV", type=Path, help="write every fault there")
    parser.add_argument("--replace", action="store_true", help="put it in the place of the one of that name")
    parser.add_argument("--check", action="store_true", help="only check; change nothing")
    parser.set_defaults(run=_refusing(_run_import))


def _refusing(run: Any) -> Any:
    def wrapped(arguments: argparse.Namespace) -> int:
        try:
            return int(run(arguments))
        except StudyRefused as refused:
            print(f"kuaijing history {arguments.action}: {refused}", file=sys.stderr)
            return 2

    return wrapped


def _run_import(arguments: argparse.Namespace) -> int:
    bbox, zone = _city(arguments)
    layout = read_layout(arguments.columns)
    kinds = None if arguments.kinds is None else read_kinds(arguments.kinds)
    found = import_records(
        read_file(arguments.source, layout),
        Reading(layout, arguments.what, arguments.crs, zone, kinds, bbox, datetime.now(UTC) + timedelta(days=1)),
    )
    if arguments.faults is not None:
        _write_faults(found.faults, arguments.faults)
    if found.faults and not arguments.skip_faulty:
        raise StudyRefused(_faults_text(found.faults, arguments), [str(fault) for fault in found.faults])
    _refuse_nonsense(found, arguments)
    holding, shelf = _holding(found, arguments), Shelf(arguments.data)
    _refuse_overwriting(holding, shelf, arguments)
    alike = shelf.alike(holding, found.records)
    if not arguments.check:
        shelf.put(holding, found.records)
    print(report_text(holding, found, checked_only=arguments.check))
    for name, count in alike.items():
        print(
            f"  {count:,} look like records of {name} under another number or in another precision (same minute, kind and place): "
            "they count twice; take one of the two away with `kuaijing history remove`"
        )
    return 0


def _refuse_overwriting(holding: Holding, shelf: Shelf, arguments: argparse.Namespace) -> None:
    before = next((each for each in shelf.list_all() if each.name == holding.name), None)
    if before is None or arguments.replace or (before.sha256, before.what) == (holding.sha256, holding.what):
        return
    raise StudyRefused(
        f"there is a history {holding.name} already: {before.rows:,} {before.what} from {before.source}, imported {before.imported_at}; "
        "give this one another --name, or put it in that one's place with --replace"
    )


def _city(arguments: argparse.Namespace) -> tuple[tuple[float, float, float, float] | None, str]:
    from kuaijing.city.ground import DamagedGround, open_ground

    if arguments.city is None:
        if arguments.timezone is None:
            raise StudyRefused("whose clock are times without a zone? name --city DIR or --timezone ZONE")
        return None, _zone(arguments.timezone)
    try:
        ground = open_ground(arguments.city)
    except (DamagedGround, OSError) as error:
        raise StudyRefused(str(error)) from None
    return ground.bbox, _zone(arguments.timezone or ground.timezone)


def _zone(name: str) -> str:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise StudyRefused(f"timezone {name!r} is not known; say an IANA name such as Asia/Shanghai") from None
    return name


def _refuse_nonsense(found: Import, arguments: argparse.Namespace) -> None:
    if not len(found.records):
        raise StudyRefused(f"{arguments.source} holds no record that can be used")
    placed = int(found.records.placed.sum())
    if placed and found.outside > _OUTSIDE_SHARE * placed:
        raise StudyRefused(
            f"{found.outside:,} of {placed:,} places lie outside the city {arguments.city}: "
            "another city's file, longitude and latitude swapped, or another --crs"
        )


def _holding(found: Import, arguments: argparse.Namespace) -> Holding:
    records = found.records
    timed = records.called_at[records.called_at != NO_TIME]
    return Holding(
        name=arguments.name or arguments.source.stem,
        what=arguments.what,
        source=arguments.source.name,
        sha256=hashlib.sha256(arguments.source.read_bytes()).hexdigest(),
        imported_at=datetime.now(UTC).isoformat(timespec="seconds"),
        by=getpass.getuser(),
        crs=arguments.crs,
        rows=len(records),
        duplicates=found.duplicates,
        without_place=found.without_place,
        outside=found.outside,
        by_officers=found.by_officers,
        faulty=len({fault.row for fault in found.faults}),
        from_at=int(timed.min()) if len(timed) else 0,
        until=int(timed.max()) if len(timed) else 0,
    )


def _faults_text(faults: tuple[RecordFault, ...], arguments: argparse.Namespace) -> str:
    records = len({fault.row for fault in faults})
    lines = [f"{len(faults):,} faults in {records:,} records of {arguments.source}; nothing was imported"]
    lines += [f"  {fault}" for fault in faults[:_SHOWN]]
    if len(faults) > _SHOWN:
        lines.append(f"  … and {len(faults) - _SHOWN:,} more; --faults FILE.csv writes every one")
    lines.append("  mend the file or the columns, or take the rest with --skip-faulty")
    return "\n".join(lines)


def _write_faults(faults: tuple[RecordFault, ...], path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["row", "column", "value", "problem"])
        writer.writerows((fault.row, _as_text(fault.column), _as_text(fault.value), fault.problem) for fault in faults)


def _as_text(word: str) -> str:
    """What a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{word}" if word.startswith(("=", "+", "-", "@", "\t", "\r")) else word


def report_text(holding: Holding, found: Import, *, checked_only: bool = False) -> str:
    """The import in words: what was taken, and everything that was left out."""
    records = found.records
    lines = [
        f"{holding.name}: {holding.rows:,} {holding.what} of {found.read:,} records{' (checked only)' if checked_only else ''}",
        f"  {holding.duplicates:,} repeated (taken once), {holding.faulty:,} faulty (left out)",
        f"  {holding.without_place:,} without a place, {holding.outside:,} outside the city (in totals, in no rate)",
        f"  {holding.by_officers:,} found by officers (marked; left out of rates)",
    ]
    if holding.until:
        lines.insert(1, f"  {_day(holding.from_at)} to {_day(holding.until)}")
    if found.kinds_unmapped:
        lines.append(f"  {len(found.kinds_unmapped):,} words that the table of kinds does not have, kept as they are:")
        lines += [f"    {count:>7,}  {word}" for word, count in list(found.kinds_unmapped.items())[:_SHOWN]]
        if len(found.kinds_unmapped) > _SHOWN:
            lines.append(f"             and {len(found.kinds_unmapped) - _SHOWN:,} more")
    else:
        lines.append(f"  {len(_kinds(records)):,} kinds")
    return "\n".join(lines)


def _kinds(records: Records) -> Mapping[str, int]:
    words, counts = np.unique(records.kind, return_counts=True)
    return dict(zip(words.tolist(), counts.tolist(), strict=True))


def _day(instant: int) -> str:
    return to_datetime(Instant(instant)).date().isoformat()


def _run_list(arguments: argparse.Namespace) -> int:
    holdings = Shelf(arguments.data).list_all()
    if not holdings:
        print(f"no history in {arguments.data}; bring one in with `kuaijing history import FILE`")
    for each in holdings:
        weight = f", weight {each.weight:g}" if each.what in ("hazards", "counts") else ""
        when = f"{_day(each.from_at)} to {_day(each.until)}" if each.until else "without times"
        print(
            f"{each.name}: {each.rows:,} {each.what}, {when}{weight}; from {each.source}, imported {each.imported_at} by {each.by}"
        )
    return 0


def _run_weigh(arguments: argparse.Namespace) -> int:
    weighed = Shelf(arguments.data).weigh(arguments.name, arguments.weight)
    print(f"{weighed.name}: {weighed.weight:.0%} of the demand")
    return 0


def _run_remove(arguments: argparse.Namespace) -> int:
    Shelf(arguments.data).remove(arguments.name)
    print(f"{arguments.name} removed")
    return 0
