"""Power cuts at any write: what was acknowledged is on the disk, whichever unsynced sectors made it there."""

import random
from contextlib import closing
from pathlib import Path

from kuaijing.engine.chain import verify
from kuaijing.engine.ports import Batch, Tail
from kuaijing.store.refused import DataUnreadable
from kuaijing.store.sqlite import SqliteStore
from tests.store.faulty_disk import FaultyDisk
from tests.store.rows import rows

CUTS = 150


def cut_while_writing(folder: Path, disk: FaultyDisk, chance: random.Random) -> list[tuple[int, dict[str, bytes]]]:
    """Append until there are enough cuts; gives the last acknowledged entry and the disk of each."""
    acknowledged = 0
    cuts: list[tuple[int, dict[str, bytes]]] = []

    def maybe() -> None:
        if chance.random() < 0.2 and len(cuts) < CUTS:
            cuts.append((acknowledged, disk.power_cut(chance)))

    store = SqliteStore(folder / "log.sqlite", vfs=disk.name)
    disk.on_write = maybe
    tail = Tail()
    while len(cuts) < CUTS:
        batch = rows(chance.randint(1, 12), tail)
        store.log.append(Batch(rows=tuple(batch)))
        tail = Tail(batch[-1].seq, batch[-1].hash)
        acknowledged = tail.seq
        if chance.random() < 0.05:
            store.log.confirm()
    store.close()
    return cuts


def lost(folder: Path, cuts: list[tuple[int, dict[str, bytes]]]) -> int:
    """How many cuts lost something acknowledged, or left a log that does not verify."""
    losses = 0
    for number, (acknowledged, files) in enumerate(cuts):
        after = folder / f"after{number}"
        after.mkdir()
        for name, content in files.items():
            (after / Path(name).name).write_bytes(content)
        try:
            with closing(SqliteStore(after / "log.sqlite")) as store:
                report = verify(store.log.read(0), "sha256")
                losses += not (report.whole and report.entries >= acknowledged)
        except DataUnreadable:
            losses += 1
    return losses


def test_no_acknowledged_entry_is_lost_in_any_power_cut(tmp_path: Path) -> None:
    disk = FaultyDisk(keep=True)
    cuts = cut_while_writing(tmp_path, disk, random.Random(20261121))

    assert lost(tmp_path, cuts) == 0


def test_a_disk_that_lies_about_its_syncs_does_lose_some_so_the_test_can_see_it(tmp_path: Path) -> None:
    disk = FaultyDisk(keep=True)
    disk.lying = True
    cuts = cut_while_writing(tmp_path, disk, random.Random(20261121))

    assert lost(tmp_path, cuts) > 0
