"""How soon the room can be worked in, how soon its map stands, what its pages weigh, and whether any asks another host.

Cold is a profile with nothing cached, warm a new tab of the same profile, once the first is closed. A reload is told beside them: the
page before it must first be taken down, and where a processor stands in for a graphics card that waits for all that was still to be drawn.
"Interactive" is when header and queue show the picture and a key has been acted on. The map's time is a ratio to the same page with an
empty map in the same run: medians of windows opened in turn.
"""

import time
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median
from typing import TYPE_CHECKING

from kuaijing.bench.chromium import Window, window
from kuaijing.bench.screens_units import Room, empty_map, until_drawn

if TYPE_CHECKING:
    from playwright.sync_api import Response

ROUTES = ("/", "/unit", "/report", "/replay", "/devices", "/plan", "/wall", "/post", "/signin")
SCRIPT = (".js", ".mjs")
TRIES = 3
SETTLE_MS = 2000
SEEN = """() => {
  window.__seen = {}
  const look = () => {
    const ready = document.querySelector('[data-test=room][data-connected=true] [data-test=queue]')
      && document.querySelector('[data-test=header]')
    if (!ready) return requestAnimationFrame(look)
    window.__seen.shown = performance.now()
    const press = () => {
      if (document.querySelector('[data-test=intake]')) { window.__seen.acted = performance.now(); return }
      window.dispatchEvent(new KeyboardEvent('keydown', { key: 'n', bubbles: true, cancelable: true }))
      setTimeout(press, 20)
    }
    press()
  }
  requestAnimationFrame(look)
}"""
IDLE = """() => {
  const wait = () => {
    const map = window.kuaijingMap
    if (!map) return requestAnimationFrame(wait)
    if (map.loaded() && map.areTilesLoaded()) window.__idle = performance.now()
    else map.once('idle', () => { window.__idle = performance.now() })
  }
  requestAnimationFrame(wait)
}"""
Told = tuple[str, str, float, str]


def interactive(room: Room) -> Iterator[Told]:
    """Cold, warm, and by a reload."""
    found: dict[str, list[float]] = {}
    for _ in range(TRIES):
        with window(room.browser, room.url, room.cookie) as cold:
            _note_start(found, "cold", cold, partial(cold.page.goto, room.url))
            until_drawn(cold.page)
            _note_start(found, "reload", cold, cold.page.reload)
            until_drawn(cold.page)
            cold.page.close()
            warm = Window(cold.page.context.new_page(), cold.host)
            warm.page.wait_for_timeout(SETTLE_MS)
            _note_start(found, "warm", warm, partial(warm.page.goto, room.url))
    for name, seconds in found.items():
        yield "kuaijing", f"header_and_queue_{name}", median(seconds), "s"


def _note_start(found: dict[str, list[float]], name: str, seen: Window, go: Callable[[], object]) -> None:
    if name != "reload":  # a script of the page stays with it
        seen.page.add_init_script(f"({SEEN})()")
    go()
    for what in ("shown", "acted"):
        told = "interactive" if what == "acted" else what
        found.setdefault(f"{told}_{name}", []).append(_until(seen, f"window.__seen?.{what}") / 1000)


def map_idle(room: Room) -> Iterator[Told]:
    """Ours and the empty map, in turn."""
    found: dict[str, list[float]] = {"kuaijing": [], "empty map": []}
    for _ in range(TRIES):
        for engine, times in found.items():
            with window(room.browser, room.url, room.cookie) as seen:
                if engine != "kuaijing":
                    empty_map(seen.page)
                seen.page.add_init_script(f"({IDLE})()")
                seen.page.goto(room.url)
                times.append(_until(seen, "window.__idle") / 1000)
    for engine, times in found.items():
        yield engine, "map_idle", median(times), "s"
    yield "kuaijing", "map_idle_ratio", median(found["kuaijing"]) / median(found["empty map"]), "ratio"


def weights(room: Room) -> Iterator[Told]:
    """Gzipped JavaScript of each page, as it came; all addresses outside the host."""
    foreign = 0
    for route in ROUTES:
        scripts: dict[str, Response] = {}
        with window(room.browser, room.url, room.cookie) as seen:
            seen.page.context.on("response", partial(_note, scripts))
            seen.page.goto(room.url + route)
            seen.page.wait_for_timeout(6000)
            weight = sum(_weight(answer) for url, answer in scripts.items() if url.split("?")[0].endswith(SCRIPT))
            landed = seen.page.evaluate("location.pathname")
            foreign += len(seen.foreign)
        name = "room" if route == "/" else route[1:]
        if landed == route:  # a page that this account may not see sends it elsewhere
            yield "kuaijing", f"javascript_kb_{name}", weight / 1000, "kB"
    yield "kuaijing", "foreign_requests", foreign, "count"


def _note(scripts: dict[str, "Response"], answer: "Response") -> None:
    scripts.setdefault(answer.url, answer)


def _weight(answer: "Response") -> int:
    return int(answer.header_value("content-length") or 0) or len(answer.body())


def _until(seen: Window, what: str) -> float:
    late = time.monotonic() + 120.0
    while time.monotonic() < late:
        if (value := seen.page.evaluate(what)) is not None:
            return float(value)
        time.sleep(0.05)
    raise TimeoutError(f"waited 120 s in vain for {what}")
