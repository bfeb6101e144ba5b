"""Whether a hand can work while very many units move: the main thread's share, its longest task, and from a key to what is painted of it.

Usable is: the main thread busy at most a quarter of its time (its own processor time), and 95 of 100 keys painted within 200 ms, which
is what browsers call good. From key to paint is the browser's own Event Timing: from the press to the next picture that was presented.
The same page with an empty map stands beside it, as a machine without a graphics card is slow to present anything.
"""

import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from kuaijing.bench.chromium import window
from kuaijing.bench.screens_units import Parts, Room, cost_of, opened_room

KEYS = ("l", "Escape", "/", "Escape")
BETWEEN_MS = 250
LEAST_TOLD_MS = 16.0
"""Events that were painted sooner are not told by the browser; they count as this."""
WATCH = """() => {
  const watched = (window.__watched = { keys: [], tasks: [] })
  new PerformanceObserver((list) => {
    for (const each of list.getEntries()) if (each.name === 'keydown') watched.keys.push(each.duration)
  }).observe({ type: 'event', durationThreshold: 16 })
  new PerformanceObserver((list) => {
    for (const each of list.getEntries()) watched.tasks.push(each.duration)
  }).observe({ type: 'longtask' })
}"""
Told = tuple[str, str, float, str]


def usable(room: Room) -> Iterator[Told]:
    """Engine, figure, value, unit: ours and the empty map, one after the other."""
    engines: dict[str, Parts] = {"kuaijing": "ours", "empty map": "none"}
    for engine, parts in engines.items():
        yield from ((engine, *told) for told in _watched(room, parts))


def _watched(room: Room, parts: Parts) -> Iterator[tuple[str, float, str]]:
    with window(room.browser, room.url, room.cookie) as seen:
        opened_room(seen, room, parts)
        cost = cost_of(seen, room)
        seen.page.evaluate(WATCH)
        pressed, began = 0, time.monotonic()
        while time.monotonic() - began < room.seconds:
            for key in KEYS:
                seen.page.keyboard.press(key)
                seen.page.wait_for_timeout(BETWEEN_MS)
            pressed += len(KEYS)
        passed = time.monotonic() - began
        seen.page.wait_for_timeout(1000)  # the last is painted and told
        told: Any = seen.page.evaluate("window.__watched")
    keys = np.array(told["keys"] + [LEAST_TOLD_MS] * max(0, pressed - len(told["keys"])))
    yield "main_thread_ms_per_update", cost.task_ms, "ms"
    yield "updates_per_s", cost.updates, "1/s"
    yield "main_thread_share", cost.task_ms * cost.updates / 1000, "share"
    yield "longest_task", float(max(told["tasks"], default=0.0)), "ms"
    yield "tasks_over_50_ms", len(told["tasks"]) / passed, "1/s"
    for part in (50, 95):
        yield f"key_to_painted_p{part}", float(np.percentile(keys, part)), "ms"
    yield "keys_pressed", pressed, "count"
