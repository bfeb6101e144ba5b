"""Kill -9, power cuts, a full disk: what was said to be in the file is in it, and the live picture never waits."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from kuaijing.measures.instants import after
from kuaijing.store.history import HistorySettings, PositionHistory, history, open_history_beside
from kuaijing.store.history.beside import HistoryBeside
from kuaijing.store.refused import DataUnreadable
from tests.store.faulty_disk import FaultyDisk
from tests.store_history.street import NOON, SetClock, judged
from tests.store_history.under_load import UNITS

ROOT = Path(__file__).resolve().parents[2]
KILLS = 5
CUTS = 60
FOR_EVER = after(NOON, 1e9)


def run_and_kill(folder: Path, after_s: float) -> int:
    """How many fixes were durable, as far as the process told before it was killed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.store_history.under_load", str(folder)], stdout=subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    time.sleep(after_s)
    os.kill(process.pid, signal.SIGKILL)
    told, _ = process.communicate()
    lines = [line for line in told.decode().splitlines(keepends=True) if line.endswith("\n")]
    return int(lines[-1]) if lines else 0


def kept_of(reading: HistoryBeside | PositionHistory) -> dict[str, list[int]]:
    return {
        unit: ((reading.track(unit, NOON, FOR_EVER).measured - NOON) // 1_000_000).tolist() for unit in reading.units()
    }


def test_kill_9_mid_write_loses_nothing_that_was_in_the_file_and_it_opens_again(tmp_path: Path) -> None:
    chance = random.Random(1122)
    durable = 0
    for _ in range(KILLS):  # each process sends everything again from the first fix on
        durable = max(durable, run_and_kill(tmp_path, chance.uniform(0.1, 0.5)))
        with open_history_beside(tmp_path) as beside:
            found = kept_of(beside)
        for unit in range(UNITS):
            wanted = [number // UNITS * 60 for number in range(unit, durable, UNITS)]
            assert found.get(f"u{unit}", [])[: len(wanted)] == wanted  # none lost, none twice
    assert durable > 200  # else the machine was too slow for this to show anything

    kept = PositionHistory(tmp_path / "positions.sqlite", lambda: FOR_EVER)
    assert kept.state().segments > UNITS  # some were sealed while it was killed
    kept.close()


def test_no_durable_fix_is_lost_in_any_power_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_QUIET_S", 0.0)
    chance, disk, clock = random.Random(7), FaultyDisk(keep=True), SetClock()
    cuts: list[tuple[int, dict[str, bytes]]] = []
    durable = [0]

    def maybe() -> None:
        if chance.random() < 0.05 and len(cuts) < CUTS:
            cuts.append((durable[0], disk.power_cut(chance)))

    settings = HistorySettings(flush_s=0.001, grace_s=0.0)
    with closing(PositionHistory(tmp_path / "positions.sqlite", clock.now, settings, vfs=disk.name)) as kept:
        disk.on_write = maybe
        kept.start()
        while len(cuts) < CUTS:
            kept.take([judged("2095", durable[0] * 60)])
            clock.seconds = durable[0] * 60
            assert kept.flush()
            durable[0] += 1

    for number, (acknowledged, files) in enumerate(cuts):
        folder = tmp_path / f"after{number}"
        folder.mkdir()
        for name, content in files.items():
            if not name.endswith("-shm"):
                (folder / Path(name).name).write_bytes(content)
        with open_history_beside(folder) as beside:
            found = kept_of(beside).get("2095", [])
        assert found[:acknowledged] == [each * 60 for each in range(acknowledged)]


def test_on_a_full_disk_the_history_stops_with_its_reason_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    disk, clock = FaultyDisk(), SetClock()
    settings = HistorySettings(flush_s=0.01, queue_fixes=50)
    with closing(PositionHistory(tmp_path / "positions.sqlite", clock.now, settings, vfs=disk.name)) as kept:
        kept.start()
        kept.take([judged("2095", 0)])
        assert kept.flush()

        disk.full = True
        began = time.perf_counter()
        for second in range(1, 101):
            kept.take([judged("2095", second)])
        assert time.perf_counter() - began < 1  # nobody waits for the disk
        assert not kept.flush(timeout_s=0.2)
        state = kept.state()
        assert (state.writing, state.queued, state.lost) == (False, 50, 50)
        assert "FullError" in state.fault
        assert len(kept.track("2095", NOON, FOR_EVER)) == 1  # what is there can be read

        disk.full = False
        assert kept.flush(timeout_s=30)
        deadline = time.monotonic() + 10
        while not kept.state().writing:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert len(kept.track("2095", NOON, FOR_EVER)) == 51  # what had found room


def test_it_closes_on_a_full_disk(tmp_path: Path) -> None:
    disk = FaultyDisk()
    kept = PositionHistory(tmp_path / "positions.sqlite", SetClock().now, vfs=disk.name)
    kept.start()
    disk.full = True
    kept.take([judged("2095", 0)])
    kept.close()


def test_a_file_that_is_none_of_ours_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "positions.sqlite"
    path.write_bytes(b"these are no positions" * 1000)

    with pytest.raises(DataUnreadable, match=r"positions\.sqlite"):
        PositionHistory(path, SetClock().now)


def test_the_file_is_its_owners_only(tmp_path: Path) -> None:
    PositionHistory(tmp_path / "positions.sqlite", SetClock().now).close()
    assert (tmp_path / "positions.sqlite").stat().st_mode & 0o077 == 0
