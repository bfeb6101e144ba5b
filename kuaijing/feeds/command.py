"""``kuaijing decode PROTOCOL``: what a terminal's bytes say, one JSON object a frame. An integrator's first tool."""

import argparse
import sys
from collections.abc import Iterable
from typing import Any

import msgspec

from kuaijing.feeds.jt808.decode import decode_hex


def add_commands(subparsers: Any) -> None:
    """Add ``decode`` to the subcommands."""
    parser = subparsers.add_parser(
        "decode",
        help="what a terminal's bytes say",
        description="What a terminal's bytes say, one JSON object a frame.",
    )
    parser.set_defaults(run=run)
    parser.add_argument("protocol", choices=["jt808"], help="JT/T 808, editions 2011, 2013 and 2019")
    parser.add_argument(
        "hex",
        nargs="*",
        metavar="HEX",
        help="frames as hex digits, together or byte by byte; none: lines from standard input",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print one object a frame; exit status 1 where any frame was bad."""
    given: list[str] = arguments.hex
    if given and all(len(each.removeprefix("0x").removeprefix("0X")) <= 2 for each in given):
        given = [" ".join(given)]  # a frame copied byte by byte, without quotes
    lines: Iterable[str] = given or (line for line in sys.stdin if line.strip())
    good = True
    for line in lines:
        for found in decode_hex(line):
            print(msgspec.json.encode(found).decode())
            good &= bool(found["ok"])
    return 0 if good else 1
