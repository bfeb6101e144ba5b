"""What the room costs while nobody sees it, and how soon it stands again once somebody does.

The tab is really hidden: another tab of the same Chromium is brought in front of it, and the page itself is asked whether it knows.
Playwright keeps every page visible (it emulates focus), so that this Chromium is a process of its own, driven by its own protocol.
"""

import contextlib
import itertools
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from websockets.sync.client import ClientConnection, connect

from kuaijing.bench.chromium import ARGUMENTS
from kuaijing.bench.ending import end
from kuaijing.bench.output import BenchRefused
from kuaijing.bench.screens_units import SETTLE_S, Room

STARTS_WITHIN_S = 60.0
RETURNS_WITHIN_S = 30.0
NOTE_RETURN = """(() => {
  const Plain = window.WebSocket
  let since = null, units = 0
  window.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given)
      this.addEventListener('message', (event) => {
        if (since === null || window.__back || !event.data.startsWith('{"type":"positions"')) return
        units = JSON.parse(event.data).fixes.length
        requestAnimationFrame(() => setTimeout(() => { window.__back ??= [performance.now() - since, units] }))
      })
    }
  }
  document.addEventListener('visibilitychange', () => { since = document.hidden ? null : performance.now() })
})()"""
DRAWN = "Boolean(window.kuaijingMap?.isStyleLoaded() && window.kuaijingMap.areTilesLoaded())"
Told = tuple[str, str, float, str]


@dataclass(frozen=True, slots=True)
class _Cost:
    """Milliseconds a second: of the page's main thread, and of every process of this Chromium together."""

    main_thread: float
    everything: float


class _Chromium:
    """One that hides what stands behind another tab."""

    def __init__(self, link: ClientConnection) -> None:
        self._link, self._numbers = link, itertools.count(1)

    def ask(self, method: str, session: str | None = None, **given: Any) -> Any:
        """Send a command, to a tab where one is named, and wait for its answer."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": given} | ({"sessionId": session} if session else {})
        self._link.send(json.dumps(message))
        while True:
            heard = json.loads(self._link.recv(timeout=120))
            if heard.get("id") == number:
                if "error" in heard:
                    raise BenchRefused(f"Chromium refused {method}: {heard['error']}")
                return heard["result"]

    def tab(self, address: str) -> tuple[str, str]:
        """A new tab, in front: its own name and that of the talk with it."""
        target = self.ask("Target.createTarget", url=address)["targetId"]
        return target, self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def value(self, session: str, expression: str) -> Any:
        """What an expression is in a page."""
        return self.ask("Runtime.evaluate", session, expression=expression, returnByValue=True)["result"].get("value")

    def cost(self, session: str, seconds: float) -> _Cost:
        """Over so many seconds in which nothing is asked of the page."""
        self.ask("Performance.enable", session, timeDomain="threadTicks")
        thread, everything, began = self._thread_s(session), self._cpu_s(), time.monotonic()
        time.sleep(seconds)
        passed = time.monotonic() - began
        return _Cost(1000 * (self._thread_s(session) - thread) / passed, 1000 * (self._cpu_s() - everything) / passed)

    def _thread_s(self, session: str) -> float:
        told = self.ask("Performance.getMetrics", session)["metrics"]
        return next(float(each["value"]) for each in told if each["name"] == "TaskDuration")

    def _cpu_s(self) -> float:
        return sum(float(each["cpuTime"]) for each in self.ask("SystemInfo.getProcessInfo")["processInfo"])


def hidden(room: Room) -> Iterator[Told]:
    """Engine, figure, value, unit: the room in front, behind another tab, and in front again."""
    with _chromium() as chromium:
        target, page = chromium.tab("about:blank")
        _open(chromium, page, room)
        costs = {"kuaijing, seen": chromium.cost(page, room.seconds)}
        _, other = chromium.tab("about:blank")
        _until(chromium, page, "document.hidden", "another tab in front does not hide a page of this Chromium")
        time.sleep(SETTLE_S)
        costs["kuaijing, hidden tab"] = chromium.cost(page, room.seconds)
        chromium.ask("Target.activateTarget", targetId=target)
        _until(chromium, page, "Boolean(window.__back)", "no position came once the tab was in front again")
        back_ms, units = chromium.value(page, "window.__back")
        chromium.ask("Target.closeTarget", targetId=target)
        empty = chromium.cost(other, room.seconds)
    for engine, cost in costs.items():
        yield engine, "main_thread_ms_per_s", cost.main_thread, "ms/s"
        yield engine, "whole_chromium_ms_per_s", cost.everything, "ms/s"
    yield "an empty Chromium", "whole_chromium_ms_per_s", empty.everything, "ms/s"
    yield "kuaijing", "back_in_front_to_newest_positions", back_ms, "ms"
    yield "kuaijing", "units_caught_up_in_one_frame", units, "count"


def _open(chromium: _Chromium, page: str, room: Room) -> None:
    name, value = room.cookie.split("=", 1)
    chromium.ask("Network.setCookie", page, name=name, value=value, url=room.url)
    chromium.ask("Page.addScriptToEvaluateOnNewDocument", page, source=NOTE_RETURN)
    chromium.ask("Page.enable", page)
    chromium.ask("Page.navigate", page, url=room.url)
    _until(chromium, page, DRAWN, "the map was not drawn; give the machine fewer --units", 120.0)
    time.sleep(SETTLE_S)


def _until(chromium: _Chromium, page: str, what: str, otherwise: str, seconds: float = RETURNS_WITHIN_S) -> None:
    late = time.monotonic() + seconds
    while not chromium.value(page, what):
        if time.monotonic() > late:
            raise BenchRefused(f"{otherwise} (waited {seconds:g} s)")
        time.sleep(0.1)


@contextlib.contextmanager
def _chromium() -> Iterator[_Chromium]:
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        raise BenchRefused("a hidden tab needs a whole Chromium, as Playwright's shell hides none; install chromium")
    with tempfile.TemporaryDirectory(prefix="kuaijing-bench-", ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [program, "--headless=new", "--remote-debugging-port=0", f"--user-data-dir={profile}", "--window-size=1920,1080",
             *ARGUMENTS, "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            with connect(_address(Path(profile), process), max_size=None, proxy=None) as link:
                yield _Chromium(link)
        finally:
            end(process)


def _address(profile: Path, process: "subprocess.Popen[bytes]") -> str:
    """Where it listens, as it writes once it does."""
    told, late = profile / "DevToolsActivePort", time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < late and process.poll() is None:
        lines = told.read_text().split() if told.is_file() else []
        if len(lines) == 2:
            return urlsplit("")._replace(scheme="ws", netloc=f"127.0.0.1:{lines[0]}", path=lines[1]).geturl()
        time.sleep(0.1)
    raise BenchRefused(f"Chromium did not say where it listens within {STARTS_WITHIN_S:g} s")
