"""The command line: which subcommands there are, and how a refusal looks there. What each does is in a module of its own.

A subcommand's module is imported when it is chosen, so that ``kuaijing --help`` answers at once.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from kuaijing.app.refused import Refused

_OWN: dict[str, str] = {
    "demo": "a living shift in a fictional or given city, with play-acted crews and callers",
    "serve": "the server of a city, in service",
    "city": "import a city's roads and places, or generate a fictional city",
    "user": "accounts: add, list, remove",
    "plan": "plan documents: import, export; made and proved: beats, platforms, force, day, compare, rerun",
    "simulate": "what a plan would do on the city's calls, beside another plan or policy",
    "devices": "devices that report positions: list, approve, enter, change, retire, import",
    "history": "incident records: import, list, weigh, analyse",
    "tracks": "past positions: export as Parquet, GeoJSON or GPX",
    "backup": "a consistent copy of DATA while the server runs",
    "verify": "prove that the log of DATA is complete and unaltered",
    "warm": "compile the road searches once, into the cache",
    "openapi": "print the OpenAPI document",
    "decode": "what a terminal's bytes say, frame by frame",
    "bench": "measure, beside peers",
}
"""Subcommands and a line of help each. Module ``kuaijing.app.<name>`` has ``add_arguments(parser)`` and ``run(arguments)``."""

_ROOMS = {
    "city": "kuaijing.city.command",
    "history": "kuaijing.studies.history_command",
    "bench": "kuaijing.bench.command",
    "decode": "kuaijing.feeds.command",
}
"""Subcommands that a room of its own brings: its ``add_commands(subparsers)`` adds the parser and sets ``run``."""


def parser_for(chosen: str | None) -> argparse.ArgumentParser:
    """The parser; only the chosen subcommand's arguments are known in full."""
    parser = argparse.ArgumentParser(
        prog="kuaijing", description="快警 Kuaijing: the open command system for a city's rapid-response street force."
    )
    parser.add_argument("--version", action=_Version, help="print the release and stop")
    subcommands = parser.add_subparsers(dest="subcommand", metavar="COMMAND", required=True)
    for name, line in _OWN.items():
        if name == chosen and name in _ROOMS:
            importlib.import_module(_ROOMS[name]).add_commands(subcommands)
            continue
        added = subcommands.add_parser(name, help=line, description=line[0].upper() + line[1:] + ".")
        if name == chosen:
            module = _module(name)
            module.add_arguments(added)
            added.set_defaults(run=module.run)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of ``kuaijing``: the exit status (0 done, 1 a check failed, 2 refused)."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    chosen = next((word for word in given if not word.startswith("-")), None)
    try:
        parsed = parser_for(chosen if chosen in _OWN else None).parse_args(given)
        return int(parsed.run(parsed) or 0)
    except Refused as refused:
        print(f"kuaijing {chosen}: {refused}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 141
    except OSError as error:  # a folder that cannot be written, a file that is gone: said in a line, without a trace
        print(f"kuaijing {chosen}: {_said(error)}", file=sys.stderr)
        return 2


def _said(error: OSError) -> str:
    return f"{error.filename}: {error.strerror}" if error.filename and error.strerror else str(error)


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"kuaijing.app.{name}")


class _Version(argparse.Action):
    """``--version``; the release is looked up only when it is asked for."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(nargs=0, **settings)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from kuaijing.web.release import release

        print(f"kuaijing {release()}")
        parser.exit()


if __name__ == "__main__":
    sys.exit(main())
