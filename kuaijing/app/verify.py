"""``kuaijing verify``: walk the log's hash chain from the first entry to the last, then replay it against the seals
of its days, and compare the registers with what it vouches for.

Exit status 1 where any does not hold. Only a log that exists is verified; nothing is made where there is none.
"""

import argparse
import tempfile
from pathlib import Path

from kuaijing.app.refused import Refused


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the subcommand."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="a data folder, or a backup of one")


def run(arguments: argparse.Namespace) -> int:
    """Verify the log, and the training log beside it; while a server writes, a consistent copy is verified instead."""
    from kuaijing.store import StoreError, backup, has_log, require_log
    from kuaijing.store.folder import TRAINING
    from kuaijing.store.refused import DataInUse

    data: Path = arguments.data
    if not data.is_dir():
        raise Refused(f"there is no data folder {data}")
    if not has_log(data) and has_log(data / TRAINING):
        data = data / TRAINING
    try:
        require_log(data)
        try:
            found = _verified(data, data, "")
        except DataInUse:
            with tempfile.TemporaryDirectory() as beside:
                copy = Path(beside) / (TRAINING if data.resolve().name == TRAINING else "copy")
                backup(data, copy)
                found = _verified(copy, data, " (a copy was verified, a server is writing)")
    except StoreError as error:
        raise Refused(str(error)) from None
    for _, said in found:
        print(said)
    return 0 if all(whole for whole, _ in found) else 1


def _verified(data: Path, named: Path, remark: str) -> list[tuple[bool, str]]:
    """The log of ``data`` and the training log in it, told under the name the user gave."""
    from kuaijing.store import has_log
    from kuaijing.store.folder import TRAINING

    found = [_verified_one(data, named, remark)]
    if has_log(data / TRAINING):
        found.append(_verified_one(data / TRAINING, named / TRAINING, remark))
    return found


def _verified_one(folder: Path, named: Path, remark: str) -> tuple[bool, str]:
    from kuaijing.engine.chain import verify
    from kuaijing.engine.register_check import verify_registers
    from kuaijing.engine.seals import verify_seals
    from kuaijing.store import open_store
    from kuaijing.store.folder import TRAINING, read_manifest

    training = read_manifest(folder)["mode"] == TRAINING
    store = open_store(folder.resolve().parent if training else folder, training)
    try:
        chain = verify(store.log.read(0), store.algorithm, store.log.tail())
        if chain.fault is not None:
            return False, f"{named}: BROKEN: {chain.fault}"
        seals = verify_seals(store)
        changes, altered = verify_registers(store)
    finally:
        store.close()
    if seals.faults:
        first = seals.faults[0]
        more = f", and {len(seals.faults) - 1} more" if len(seals.faults) > 1 else ""
        return False, (
            f"{named}: BROKEN: the seal of {first.day} (entry {first.seq}) says {first.sealed}, "
            f"a replay finds {first.found}{more}"
        )
    if altered:
        more = f", and {len(altered) - 1} more" if len(altered) > 1 else ""
        return False, f"{named}: BROKEN: version {altered[0].version} of {altered[0].entry} {altered[0].problem}{more}"
    registers = f"{changes} register changes true, " if changes else ""
    older = f" ({seals.not_comparable} of another form, not compared)" if seals.not_comparable else ""
    return True, (
        f"{named}: whole, {chain.entries} entries, {seals.days - seals.not_comparable} day seals true{older}, "
        f"{registers}last hash {chain.tail.hash.hex()}{remark}"
    )
