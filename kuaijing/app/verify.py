"""``kuaijing verify``: walk the log's hash chain from the first entry to the last. Exit status 1 where it does not hold."""

import argparse
import tempfile
from pathlib import Path

from kuaijing.app.refused import Refused


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the subcommand."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="a data folder, or a backup of one")


def run(arguments: argparse.Namespace) -> int:
    """Verify; while a server writes, a consistent copy is verified instead."""
    from kuaijing.engine.chain import verify
    from kuaijing.store import StoreError, backup, open_store
    from kuaijing.store.refused import DataInUse

    if not arguments.data.is_dir():
        raise Refused(f"there is no data folder {arguments.data}")
    try:
        try:
            store = open_store(arguments.data)
        except DataInUse:
            with tempfile.TemporaryDirectory() as beside:
                report = backup(arguments.data, Path(beside) / "copy")
            print(f"{arguments.data}: whole, {report.entries} entries (a copy was verified, a server is writing)")
            return 0
        try:
            found = verify(store.log.read(0), store.algorithm, store.log.tail())
        finally:
            store.close()
    except StoreError as error:
        raise Refused(str(error)) from None
    if found.fault is not None:
        print(f"{arguments.data}: BROKEN: {found.fault}")
        return 1
    print(f"{arguments.data}: whole, {found.entries} entries, last hash {found.tail.hash.hex()}")
    return 0
