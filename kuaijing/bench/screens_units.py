"""What units that move cost the room's main thread: the same page with our layer, with an empty map, and with a plain symbol layer.

All three windows are fed by the same server under the same load, one after the other. The empty map is the room itself with its map's
parts taken out of the build's one chunk that holds them. Milliseconds are of the main thread's own processor time for each update,
that is for as many fixes at the page as there are units: on a machine too busy to send one a second, an update is still one.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kuaijing.bench.chromium import Spent, Window, window
from kuaijing.bench.output import BenchRefused

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Parts = Literal["ours", "none", "symbols"]
SETTLE_S = 6.0
PARTS_CHUNK = "**/assets/RoomParts-*.js"
EMPTY_PARTS = "const Empty = { render() { return null } }; export { Empty as default }"
HEAR = """() => {
  const fixes = (window.__fixes = new Map())
  const Plain = window.WebSocket
  window.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given)
      this.addEventListener('message', (event) => {
        if (event.data.startsWith('{"type":"positions"'))
          for (const row of JSON.parse(event.data).fixes) fixes.set(row[0], row)
      })
    }
  }
}"""
SYMBOLS = """() => {
  const map = window.kuaijingMap
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 24
  const pen = canvas.getContext('2d')
  pen.fillStyle = '#e04a4a'
  pen.fillRect(4, 4, 16, 16)
  map.addImage('unit', pen.getImageData(0, 0, 24, 24))
  const shapes = () => ({ type: 'FeatureCollection', features: [...window.__fixes.values()].map((row) => ({
    type: 'Feature', geometry: { type: 'Point', coordinates: [row[1], row[2]] }, properties: { heading: row[4] ?? 0 },
  })) })
  map.addSource('plain', { type: 'geojson', data: shapes() })
  map.addLayer({ id: 'plain', type: 'symbol', source: 'plain', layout: {
    'icon-image': 'unit', 'icon-rotate': ['get', 'heading'], 'icon-allow-overlap': true, 'icon-ignore-placement': true,
  } })
  setInterval(() => map.getSource('plain').setData(shapes()), 1000)
}"""
COUNT_PAINTS = """() => {
  window.__paints = { map: 0, units: 0 }
  window.kuaijingMap.on('render', () => { window.__paints.map++ })
  const gl = document.querySelector('.units-canvas')?.getContext('webgl2')
  if (!gl) return
  const clear = gl.clear.bind(gl)
  gl.clear = (mask) => { window.__paints.units++; clear(mask) }
}"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of the main thread for each update, how often one came, and how often map and units were painted."""

    task_ms: float
    script_ms: float
    updates: float
    paints: float
    glides: float


@dataclass(frozen=True, slots=True)
class Room:
    """Where the rooms to be measured are."""

    browser: "Browser"
    url: str
    cookie: str
    seconds: float
    units: int


def empty_map(page: "Page") -> None:
    """From now on this page's map draws nothing but the city."""
    page.route(PARTS_CHUNK, lambda route: route.fulfill(body=EMPTY_PARTS, content_type="text/javascript"))


def until_drawn(page: "Page") -> None:
    """The room shows its picture, the map every tile."""
    page.locator('[data-test=room][data-connected="true"]').wait_for()
    late = time.monotonic() + 120.0
    while not page.evaluate("Boolean(window.kuaijingMap?.isStyleLoaded() && window.kuaijingMap.areTilesLoaded())"):
        if time.monotonic() > late:
            raise BenchRefused("the map was not drawn within 120 s; give the machine fewer --units")
        time.sleep(0.2)


def moving(room: Room) -> Iterator[tuple[str, str, float, str]]:
    """Engine, figure, value, unit: each of the three pages."""
    costs: dict[str, Cost] = {}
    with window(room.browser, room.url, room.cookie) as seen:
        opened_room(seen, room, "ours")
        costs["kuaijing"] = cost_of(seen, room)
    with window(room.browser, room.url, room.cookie) as seen:
        opened_room(seen, room, "none")
        costs["empty map"] = cost_of(seen, room)
    with window(room.browser, room.url, room.cookie) as seen:
        opened_room(seen, room, "symbols")
        costs["symbol layer"] = cost_of(seen, room)
    bare = costs["empty map"].task_ms
    for engine, cost in costs.items():
        yield engine, "main_thread_ms_per_update", cost.task_ms, "ms"
        yield engine, "script_ms_per_update", cost.script_ms, "ms"
        yield engine, "updates_per_s", cost.updates, "1/s"
        yield engine, "map_paints_per_s", cost.paints, "1/s"
        if engine == "kuaijing":
            yield engine, "unit_paints_per_s", cost.glides, "1/s"
    for engine in ("kuaijing", "symbol layer"):
        yield engine, "above_empty_map_ms", costs[engine].task_ms - bare, "ms"


def opened_room(seen: Window, room: Room, parts: Parts) -> None:
    """The room, drawn and settled, with what is asked for on its map."""
    page = seen.page
    if parts != "ours":
        empty_map(page)
    if parts == "symbols":
        page.add_init_script(f"({HEAR})()")
    page.goto(room.url)
    until_drawn(page)
    if parts == "symbols":
        page.wait_for_timeout(2000)  # every unit has reported once
        page.evaluate(SYMBOLS)
    page.evaluate(COUNT_PAINTS)
    page.wait_for_timeout(SETTLE_S * 1000)


def cost_of(seen: Window, room: Room) -> Cost:
    """Of a page over the seconds that are measured."""
    before, paints, began = seen.spent(), _paints(seen), time.monotonic()
    heard = seen.frames = []
    time.sleep(room.seconds)  # nothing is asked of the page meanwhile
    after, later, passed = seen.spent(), _paints(seen), time.monotonic() - began
    fixes = sum(len(json.loads(each)["fixes"]) for each in heard if '"type":"positions"' in each[:40])
    updates = fixes / room.units
    if updates < 1:
        raise BenchRefused(
            f"{fixes} fixes of {room.units} units came in {passed:.0f} s; the machine is too busy to measure"
        )
    script, task = _ms(before, after, "script_s"), _ms(before, after, "task_s")
    often = {name: (later[name] - paints[name]) / passed for name in paints}
    return Cost(task / updates, script / updates, updates / passed, often["map"], often["units"])


def _paints(seen: Window) -> dict[str, int]:
    return dict(seen.page.evaluate("window.__paints"))


def _ms(before: Spent, after: Spent, name: str) -> float:
    return 1000 * (float(getattr(after, name)) - float(getattr(before, name)))
