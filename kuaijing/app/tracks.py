"""``kuaijing tracks export``: past positions of DATA as Parquet, GeoJSON or GPX, also while the server runs.

Movement traces are sensitive: an export needs a reason, and each leaves a line in ``DATA/track-exports.jsonl``, since only the server
may write the log. Whoever may run this may read the file itself; see docs/decisions/0071-looking-at-traces.md.
"""

import argparse
import getpass
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kuaijing.app.refused import Refused

if TYPE_CHECKING:
    from kuaijing.measures.instants import Instant
    from kuaijing.store.history import Fixes, HistoryReading

FORMS: Final = ("parquet", "geojson", "gpx")
EXPORTS: Final = "track-exports.jsonl"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the subcommand."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    export = actions.add_parser("export", help="write past positions as a file for other tools")
    export.add_argument("--data", type=Path, required=True, metavar="DIR", help="the server's data folder")
    export.add_argument("--from", dest="begin", required=True, metavar="TIME", help="such as 2026-11-21T08:00+08:00")
    export.add_argument("--to", dest="end", required=True, metavar="TIME", help="not included")
    export.add_argument("--unit", action="append", default=[], metavar="ID", help="only this one; may be repeated")
    export.add_argument("--format", choices=FORMS, required=True)
    export.add_argument("--out", type=Path, required=True, metavar="FILE", help="must not exist")
    export.add_argument("--reason", required=True, metavar="WORDS", help=f"why; kept in DATA/{EXPORTS}")


def run(arguments: argparse.Namespace) -> int:
    """Export."""
    from kuaijing.store import StoreError
    from kuaijing.store.history import open_history_beside

    from_at, until = _instant("--from", arguments.begin), _instant("--to", arguments.end)
    if from_at >= until:
        raise Refused(f"--from {arguments.begin} is not before --to {arguments.end}; give the earlier time first")
    if not arguments.reason.strip():
        raise Refused("--reason is empty; say why the positions are exported")
    out: Path = arguments.out
    if out.exists():
        raise Refused(f"--out {out} is there already; name a file that is not")
    try:
        with open_history_beside(arguments.data) as history:
            unknown = sorted(set(arguments.unit) - set(history.units()))
            if unknown:
                raise Refused(f"--unit {', '.join(unknown)}: no position of it was ever kept; check the spelling")
            _put_on_record(arguments)
            written = _written(history, arguments, from_at, until)
    except (StoreError, OSError) as error:
        raise Refused(str(error)) from None
    if not written:
        raise Refused(f"no position is kept between {arguments.begin} and {arguments.end}; nothing was written")
    print(f"{out}: {written} fixes, {out.stat().st_size / 1e6:.2f} MB")
    return 0


def _written(history: "HistoryReading", arguments: argparse.Namespace, from_at: "Instant", until: "Instant") -> int:
    """Fixes that were written; beside the final name first, so that a failed export leaves nothing there."""
    out: Path = arguments.out
    beside = out.with_name(out.name + ".part")
    try:
        beside.unlink(missing_ok=True)
        beside.touch(mode=0o600, exist_ok=False)  # traces are for whoever exports them, as the history itself
        if arguments.format == "parquet":
            written = _parquet(history, arguments.unit, beside, from_at, until)
        else:
            written = _lines(history, arguments, beside, from_at, until)
        if written:
            beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)
    return written


def _parquet(history: "HistoryReading", units: list[str], beside: Path, from_at: "Instant", until: "Instant") -> int:
    from kuaijing.store.history.formats import write_parquet
    from kuaijing.store.history.tracks import only

    def parts() -> Iterator["Fixes"]:
        for part in history.between(from_at, until):
            yield only(part, units) if units else part

    return write_parquet(beside, parts())


def _lines(
    history: "HistoryReading", arguments: argparse.Namespace, beside: Path, from_at: "Instant", until: "Instant"
) -> int:
    from kuaijing.store.history import Track
    from kuaijing.store.history.formats import geojson_lines, gpx_lines

    counted = 0

    def tracks() -> Iterator[Track]:
        nonlocal counted
        for unit in arguments.unit or history.units():
            track = history.track(unit, from_at, until)
            counted += len(track)
            if len(track):
                yield track

    lines = gpx_lines(tracks()) if arguments.format == "gpx" else geojson_lines(tracks())
    with beside.open("w", encoding="utf-8") as file:
        file.writelines(lines)
    return counted


def _put_on_record(arguments: argparse.Namespace) -> None:
    line = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "who": getpass.getuser(),
        "reason": arguments.reason.strip(),
        "from": arguments.begin,
        "to": arguments.end,
        "units": arguments.unit,
        "format": arguments.format,
        "out": str(arguments.out.resolve()),
    }
    handle = os.open(arguments.data / EXPORTS, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _instant(name: str, text: str) -> "Instant":
    from kuaijing.measures.instants import from_datetime

    try:
        return from_datetime(datetime.fromisoformat(text))
    except ValueError as fault:
        raise Refused(
            f"{name} {text!r} is no time with a zone ({fault}); give one such as 2026-11-21T08:00+08:00"
        ) from None
