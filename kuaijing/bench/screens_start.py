"""How soon the room can be worked in, how soon its map stands, what its pages weigh, and whether any asks another host.

Cold is a profile with nothing cached, warm a reload of it. "Interactive" is when header and queue show the picture and a key has
been acted on. The map's time is a ratio to the same page with an empty map in the same run: medians of windows opened in turn.
"""

import time
from collections.abc import Iterator
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
    """Cold and warm."""
    found: dict[str, list[float]] = {"cold": [], "warm": [], "cold_shown": [], "warm_shown": []}
    for _ in range(TRIES):
        with window(room.browser, room.url, room.cookie) as seen:
            seen.page.add_init_script(f"({SEEN})()")
            seen.page.goto(room.url)
            for name in ("cold", "warm"):
                if name == "warm":
                    until_drawn(seen.page)
                    seen.page.reload()
                found[name].append(_until(seen, "window.__seen?.acted") / 1000)
                found[f"{name}_shown"].append(_until(seen, "window.__seen?.shown") / 1000)
    for name in ("cold", "warm"):
        yield "kuaijing", f"header_and_queue_shown_{name}", median(found[f"{name}_shown"]), "s"
        yield "kuaijing", f"header_and_queue_interactive_{name}", median(found[name]), "s"


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
