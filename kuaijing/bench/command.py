"""``kuaijing bench NAME [--json] ...``: finds the bench, hands it its arguments, writes its rows."""

import argparse
import importlib
import sys
from typing import Any

from kuaijing.bench.output import BenchRefused, write_rows
from kuaijing.bench.registry import BENCHES, module_of


def add_commands(subparsers: Any) -> None:
    """Add ``bench`` to the subcommands; the arguments of the bench itself are read by ``run``."""
    listed = "\n".join(f"  {name:<12} {line}" for name, line in BENCHES.items())
    parser = subparsers.add_parser(
        "bench",
        help="measure, beside peers",
        description="Measure, beside peers.",
        epilog=f"benches:\n{listed}\n\n`kuaijing bench NAME --help` tells a bench's own options.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="one object a line instead of a table")
    parser.add_argument("name", metavar="NAME", help="the bench")
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="...", help="its options")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run one bench; exit status 2 where it is unknown or cannot run as asked."""
    name: str = arguments.name
    if name not in BENCHES:
        print(f"kuaijing bench: there is no bench {name!r}; there are {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    module = importlib.import_module(module_of(name))
    parser = argparse.ArgumentParser(prog=f"kuaijing bench {name}", description=BENCHES[name])
    parser.add_argument("--json", action="store_true", help="one object a line instead of a table")
    module.add_arguments(parser)
    own = parser.parse_args(arguments.rest)
    try:
        write_rows(module.run(own), as_json=arguments.json or own.json)
    except BenchRefused as refused:
        print(f"kuaijing bench {name}: {refused}", file=sys.stderr)
        return 2
    return 0
