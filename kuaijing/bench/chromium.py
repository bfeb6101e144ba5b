"""A real Chromium for a bench, and what it says of itself: time of its main thread, heap and nodes after a collection.

Times are thread time (the main thread's own processor time), so that a busy machine lengthens nothing. Knows no page.
"""

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from kuaijing.bench.output import BenchRefused

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page, WebSocket

ARGUMENTS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--mute-audio",
    "--js-flags=--expose-gc",
]
PATIENCE_MS = 120_000


@contextlib.contextmanager
def chromium() -> Iterator["Browser"]:
    """The system's Chromium, else Playwright's own; software GL, as no bench may depend on a graphics card."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise BenchRefused("playwright is missing; pip install 'kuaijing[bench]'") from None
    with sync_playwright() as playwright:
        playwright.selectors.set_test_id_attribute("data-test")
        try:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        except Error as error:
            raise BenchRefused(
                f"Chromium does not start: {error}; install it, or `playwright install chromium`"
            ) from None
        try:
            yield browser
        finally:
            browser.close()


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of the main thread since the page began."""

    task_s: float
    script_s: float
    layout_s: float


@dataclass
class Window:
    """One page, watched: its errors, the requests that left the host."""

    page: "Page"
    host: str
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    frames: list[str] | None = None
    """What comes over live links, once somebody has put a list here."""

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE_MS)
        self.cdp: CDPSession = self.page.context.new_cdp_session(self.page)
        self.cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("websocket", self._linked)
        self.page.context.on("request", lambda request: self._address(request.url))

    def _linked(self, socket: "WebSocket") -> None:
        self._address(socket.url)
        socket.on("framereceived", self._heard)

    def _heard(self, payload: str | bytes) -> None:
        if self.frames is not None:
            self.frames.append(str(payload))

    def _address(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("data", "blob") and parts.netloc != self.host:
            self.foreign.append(address)

    def spent(self) -> Spent:
        """Of the main thread until now."""
        told = {each["name"]: float(each["value"]) for each in self.cdp.send("Performance.getMetrics")["metrics"]}
        return Spent(told["TaskDuration"], told["ScriptDuration"], told["LayoutDuration"] + told["RecalcStyleDuration"])

    def memory(self) -> tuple[float, int, int]:
        """After a collection: heap in MB, nodes, listeners."""
        self.cdp.send("HeapProfiler.collectGarbage")
        heap: Any = self.cdp.send("Runtime.getHeapUsage")
        counters: Any = self.cdp.send("Memory.getDOMCounters")
        return float(heap["usedSize"]) / 1e6, int(counters["nodes"]), int(counters["jsEventListeners"])


@contextlib.contextmanager
def window(
    browser: "Browser", url: str, cookie: str = "", size: tuple[int, int] = (1920, 1080), **profile: Any
) -> Iterator[Window]:
    """A window of its own profile with nothing cached; ``cookie`` signs it in."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="zh-CN", timezone_id="Asia/Shanghai", **profile
    )
    if cookie:
        name, value = cookie.split("=", 1)
        context.add_cookies([{"name": name, "value": value, "url": url}])
    try:
        yield Window(context.new_page(), urlsplit(url).netloc)
    finally:
        context.close()
