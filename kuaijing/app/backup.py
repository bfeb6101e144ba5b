"""``kuaijing backup``: a consistent copy of DATA, also while the server runs; verified before it is called one."""

import argparse
from pathlib import Path

from kuaijing.app.refused import Refused


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the subcommand."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the server's data folder")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to make; must not exist")


def run(arguments: argparse.Namespace) -> int:
    """Copy and verify."""
    from kuaijing.store import StoreError, backup

    try:
        report = backup(arguments.data, arguments.out)
    except StoreError as error:
        raise Refused(str(error)) from None
    megabytes = report.bytes / 1e6
    print(f"{report.out}: {report.entries} log entries verified, {report.files} files, {megabytes:.1f} MB")
    return 0
