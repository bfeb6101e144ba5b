"""A browser window as a person uses it, watched for what a person would not forgive: a foreign request, an error in the console,
an untranslated key, an identifier, a machine's timestamp on screen."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, expect

from tests.e2e.served import ROOT, until

PICTURES = ROOT / "test-results"
TOLD = re.compile(
    r"status of (401|409|503)|net::ERR_(INTERNET_DISCONNECTED|CONNECTION|NETWORK|ABORTED|EMPTY)|WebSocket connection"
)
"""What Chromium itself writes to the console for a refusal or a lost link: part of some journeys, no error of the screens."""
UNFIT = re.compile(
    r"\bundefined\b|\bNaN\b|\bnull\b|\bnone\b|\[object|Invalid Date|\d{4}-\d\d-\d\dT\d\d|\{\w+\}"
    r"|\b[a-z]+(?:\.[a-z_]\w*)+\b(?<!\.yaml)|\b[a-z]+_[a-z_]+\b|\bc\d{8}-\d{4}\b|\b\d{8}-\d{4}\.\d+\b|[0-9a-f]{16,}"
)
_VISIBLE_TEXTS = """() => {
  const texts = []
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walk.nextNode()) {
    const holder = walk.currentNode.parentElement
    const text = walk.currentNode.textContent.trim()
    if (text && !['SCRIPT', 'STYLE', 'KBD'].includes(holder.tagName) && holder.checkVisibility()) texts.push(text)
  }
  for (const each of document.querySelectorAll('[placeholder], [title], [aria-label]'))
    if (each.checkVisibility()) texts.push(...['placeholder', 'title', 'aria-label'].map((name) => each.getAttribute(name)).filter(Boolean))
  return texts
}"""


@dataclass
class Screen:
    """One window of one signed-in person."""

    page: Page
    url: str
    faults: list[str] = field(default_factory=list)

    @property
    def context(self) -> BrowserContext:
        """Its browser profile."""
        return self.page.context

    def watch(self) -> None:
        """Note every request to elsewhere and every error."""
        self.context.on("request", self._requested)
        self.page.on("websocket", lambda socket: self._address(socket.url))
        self.page.on("console", self._wrote)
        self.page.on("pageerror", lambda error: self.faults.append(f"page error: {error}"))

    def see(self, name: str) -> Locator:
        """By ``data-test``."""
        return self.page.get_by_test_id(name)

    def key(self, *keys: str) -> None:
        """Keys pressed one after the other."""
        for each in keys:
            self.page.keyboard.press(each)

    def from_header(self, what: str) -> None:
        """Opens the shift or the plan by its button in the head of the room, or by the menu that it moves to where there is less room."""
        button = self.see(f"open-{what}")
        if not button.is_visible():
            self.see("more").locator("summary").click()
            button = self.see(f"more-{what}")
        button.click()

    def tab_to(self, name: str, most: int = 160) -> None:
        """Tab until that field or button has the focus."""
        wanted = f"document.activeElement?.closest('[data-test=\"{name}\"]') !== null"
        for _ in range(most):
            if self.page.evaluate(wanted):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{name} cannot be reached with the Tab key")

    def room(self) -> None:
        """Wait until the room shows its picture and its map."""
        expect(self.see("room")).to_have_attribute("data-connected", "true")
        expect(self.see("link")).to_have_text(re.compile("实时|Live"))
        drawn = "window.kuaijingMap?.isStyleLoaded() && window.kuaijingMap.areTilesLoaded()"
        until(lambda: self.page.evaluate(drawn), "the map is drawn")  # by evaluate: the page's policy forbids eval

    def choose(self, incident: str) -> None:
        """Choose that incident in the queue."""
        self.see(f"incident-{incident}").click()
        expect(self.see("incident")).to_contain_text(incident)

    def texts(self) -> list[str]:
        """Every text that can be read, hints of fields and buttons included."""
        found: list[str] = self.page.evaluate(_VISIBLE_TEXTS)
        return found

    def picture(self, name: str) -> None:
        """Keep a picture, and look at every word on it."""
        PICTURES.mkdir(exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")
        unfit = [text for text in self.texts() if UNFIT.search(text)]
        assert not unfit, f"{name}.png shows {unfit}"

    def sound(self) -> None:
        """Nothing went wrong unseen."""
        assert self.faults == []

    def _requested(self, request: Request) -> None:
        self._address(request.url)

    def _address(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("data", "blob") and parts.netloc != urlsplit(self.url).netloc:
            self.faults.append(f"foreign request: {address}")

    def _wrote(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not TOLD.search(message.text):
            self.faults.append(f"console: {message.text}")
