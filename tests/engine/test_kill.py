"""Kill -9 at any moment under load: no acknowledged command lost, none applied twice."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from kuaijing.domain.incidents import IncidentOpened
from kuaijing.engine.boot import load
from kuaijing.engine.engine import Engine
from kuaijing.engine.personal import PersonalWords
from kuaijing.store.folder import open_store
from tests.domain.invariants import check
from tests.engine.city import START, ZONE, call, context

KILLS = 5
WORDS = PersonalWords("打架", "张三", "13800000000")
ROOT = Path(__file__).resolve().parents[2]


def run_and_kill(data: Path, round_number: int, after_s: float) -> dict[str, str]:
    """Acknowledged keys with their incidents, as far as the process told before it was killed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.engine.under_load", str(data), str(round_number)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    time.sleep(after_s)
    os.kill(process.pid, signal.SIGKILL)
    told, _ = process.communicate()
    lines = told.decode().splitlines(keepends=True)
    return dict(line.split() for line in lines if line.endswith("\n"))  # type: ignore[misc]


async def test_kill_9_under_load_loses_nothing_acknowledged_and_applies_nothing_twice(tmp_path: Path) -> None:
    chance = random.Random(1121)
    acknowledged: dict[str, str] = {}
    for number in range(KILLS):
        acknowledged |= run_and_kill(tmp_path, number, chance.uniform(0.15, 0.9))
    assert len(acknowledged) > 20  # else the machine was too slow for this to show anything

    store = open_store(tmp_path)
    engine = Engine(store, lambda: START, ZONE)
    await engine.start()
    assert engine.verify().whole
    check(engine.picture.state)
    assert load(store, use_snapshot=False).state == engine.picture.state
    applied = Counter(each.key for each in engine.read(types=["IncidentOpened", "AssignmentOrdered", "IncidentClosed"]))
    assert set(acknowledged) <= set(applied)  # none lost
    assert set(applied.values()) == {1}  # none twice
    opened = {each.key: each.event for each in engine.read(types=["IncidentOpened"])}
    for key, incident in acknowledged.items():
        if key in opened:
            event = opened[key]
            assert isinstance(event, IncidentOpened)
            assert event.incident == incident
    # and a repeat after the restart still gets the first answer
    some = [key for key in acknowledged if key in opened][:20]
    answers = await asyncio.gather(*(engine.submit(call(), context(key=key), WORDS) for key in some))
    assert all(answer.repeated for answer in answers)
    assert [answer.ids["incident"] for answer in answers] == [acknowledged[key] for key in some]
    await engine.stop()
    store.close()
