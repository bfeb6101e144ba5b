"""A long shift before one open screen: does memory stay, does the document stay, is every incident shown that the log has, once.

``kuaijing demo`` at 60 times real time, one window of the room, a hand that chooses, opens, folds and closes all the while. Heap and
nodes are counted after a collection, after each round of the hand, when everything is closed that it has opened.

Flat is judged by the later half: least squares on the hour of the city's clock and on how many incidents stand in the queue, so that a
busy hour is not taken for a leak. What is told is the slope by the hour, its standard error, and what eight hours of it would add as a
share of the level; ``flat`` is 1 where that is at most a fifth for heap, nodes and listeners alike.
"""

import contextlib
import itertools
import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kuaijing.bench.chromium import Window, chromium, window
from kuaijing.bench.ending import end
from kuaijing.bench.output import BenchRefused
from kuaijing.bench.served import HOST, READY_WITHIN_S, kuaijing

if TYPE_CHECKING:
    from playwright.sync_api import Page

SPEED = 60
HAND = [
    "1",
    "Escape",
    "r",
    "2",
    "Escape",
    "l",
    "Escape",
    "?",
    "Escape",
    "/",
    "Escape",
    "n",
    "Escape",
    "3",
    "r",
    "Escape",
    "u",
    "u",
]
"""What is pressed, round and round. After each round what it has folded, opened or laid over the map is as before: then a sample is
taken, so that no sample holds a layer that another lacks."""
USER, PASSWORD = "demo", "kuaijing-demo"
"""As ``kuaijing demo`` prints them."""
UNSEEN_S = 5.0
"""An incident opened so shortly before the end need not have been shown."""
WATCHER = """() => {
  const seen = new Set(), twice = new Set()
  setInterval(() => {
    const now = new Set()
    for (const row of document.querySelectorAll('[data-test=queue] [data-test^="incident-"]')) {
      const id = row.dataset.test.slice(9)
      if (now.has(id)) twice.add(id)
      now.add(id)
      seen.add(id)
    }
  }, 200)
  window.__shown = () => ({ seen: [...seen], twice: [...twice] })
}"""
QUEUED = "document.querySelectorAll('[data-test=queue] [data-test^=\"incident-\"]').length"
SHIFT_H = 8.0
MOST_GROWTH = 0.2
LEAST_SAMPLES = 16
Figure = tuple[str, float, str]


@dataclass
class Soak:
    """What was seen."""

    hours: list[float] = field(default_factory=list)
    heap_mb: list[float] = field(default_factory=list)
    nodes: list[int] = field(default_factory=list)
    listeners: list[int] = field(default_factory=list)
    queued: list[int] = field(default_factory=list)
    """Incidents in the queue at each sample."""
    expected: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    twice: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def figures(self) -> Iterator[Figure]:
        """Its rows."""
        yield "shift_h", self.hours[-1], "h"
        yield "incidents_in_log", len(self.expected), "count"
        yield "incidents_not_shown", len(self.expected - self.seen), "count"
        yield "incidents_shown_twice", len(self.twice), "count"
        yield "console_errors", len(self.errors), "count"
        yield "foreign_requests", len(self.foreign), "count"
        growths = []
        for name, values, unit in (
            ("heap", self.heap_mb, "MB"),
            ("nodes", self.nodes, "count"),
            ("listeners", self.listeners, "count"),
        ):
            later = slice(len(values) // 2, None)
            yield f"{name}_first", float(np.median(values[: max(1, len(values) // 8)])), unit
            yield f"{name}_last", float(np.median(values[-max(1, len(values) // 8) :])), unit
            yield f"{name}_most", float(max(values)), unit
            if len(values) >= LEAST_SAMPLES:
                slope, error = slope_at_equal_load(self.hours[later], self.queued[later], values[later])
                growths.append(SHIFT_H * slope / float(np.median(values[later])))
                yield f"{name}_slope", slope, f"{unit}/h"
                yield f"{name}_slope_error", error, f"{unit}/h"
                yield f"{name}_growth_of_8_h", growths[-1], "share"
        if growths:
            yield "flat", float(max(growths) <= MOST_GROWTH), "1 is yes"


def slope_at_equal_load(hours: Sequence[float], load: Sequence[float], values: Sequence[float]) -> tuple[float, float]:
    """What a value gains an hour where the load stays as it is, and the standard error of that."""
    table = np.column_stack([np.ones(len(hours)), hours, load])
    fitted, _, rank, _ = np.linalg.lstsq(table, np.asarray(values, float), rcond=None)
    left = np.asarray(values, float) - table @ fitted
    spread = float(left @ left) / max(1, len(hours) - rank)
    return float(fitted[1]), float(np.sqrt(max(0.0, spread * np.linalg.pinv(table.T @ table)[1, 1])))


def soak(minutes: float, city: Path, scratch: Path) -> Soak:
    """A screen before a demo for so many minutes of real time."""
    with _demo(city, scratch) as url, chromium() as browser, window(browser, url, size=(1366, 768)) as seen:
        page = seen.page
        answer = page.context.request.post(f"{url}/api/session", data={"user": USER, "password": PASSWORD})
        if not answer.ok:
            raise BenchRefused(f"the demo lets {USER} not in: {answer.text()}")
        page.goto(url)
        page.get_by_test_id("queue").wait_for()
        page.evaluate(WATCHER)
        return _watched(seen, url, minutes)


def _watched(seen: Window, url: str, minutes: float) -> Soak:
    page, soak = seen.page, Soak()
    before = set(_incidents(page, url))
    began = time.monotonic()
    ends = began + 60 * minutes
    for step in itertools.count():
        _hand(page, step)
        page.wait_for_timeout(700)
        if step % len(HAND) == len(HAND) - 1:
            sampled = time.monotonic()
            for _ in range(3):
                page.keyboard.press("Escape")
            page.wait_for_timeout(300)
            heap, nodes, listeners = seen.memory()
            soak.hours.append((sampled - began) * SPEED / 3600)
            soak.heap_mb.append(heap)
            soak.nodes.append(nodes)
            soak.listeners.append(listeners)
            soak.queued.append(int(page.evaluate(QUEUED)))
        if time.monotonic() >= ends and soak.hours:
            break
    soak.expected = set(_incidents(page, url)) - before
    page.wait_for_timeout(round(UNSEEN_S * 1000))
    shown: Any = page.evaluate("window.__shown()")
    soak.seen, soak.twice = set(shown["seen"]), set(shown["twice"])
    soak.errors, soak.foreign = seen.errors, seen.foreign
    return soak


def _hand(page: "Page", step: int) -> None:
    """What a dispatcher does between calls, one small thing after the other."""
    page.keyboard.press(HAND[step % len(HAND)])


def _incidents(page: "Page", url: str) -> list[str]:
    found: Any = page.context.request.get(f"{url}/api/incidents?status=all").json()
    return [str(each["id"]) for each in found]


@contextlib.contextmanager
def _demo(city: Path, scratch: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = int(free.getsockname()[1])
    said = scratch / "demo.log"
    with said.open("w") as log:
        process = subprocess.Popen(
            kuaijing(
                "demo", "--city", str(city), "--data", str(scratch / "demo"), "--port", str(port), "--speed", str(SPEED)
            ),
            stdout=log,
            stderr=log,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        try:
            _until_playing(process, port, said)
            yield f"http://{HOST}:{port}"
        finally:
            end(process)


def _until_playing(process: "subprocess.Popen[bytes]", port: int, said: Path) -> None:
    """The demo plays: it is well and units report."""
    late = time.monotonic() + 2 * READY_WITHIN_S
    while time.monotonic() < late:
        if process.poll() is not None:
            raise BenchRefused(f"the demo did not start: {said.read_text(errors='replace').strip()[-2000:]}")
        with contextlib.suppress(OSError, urllib.error.URLError):
            with urllib.request.urlopen(f"http://{HOST}:{port}/api/health", timeout=5) as answer:
                health = json.load(answer)
            if health["status"] == "ok" and health["units_reporting"] > 0:
                return
        time.sleep(0.2)
    raise BenchRefused(f"the demo did not play within {2 * READY_WITHIN_S:g} s: {said.read_text()[-2000:]}")
