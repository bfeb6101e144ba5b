"""``make screenshots``: a demo at eight times real time, brought to life with a few calls at named places, photographed as it runs.

Writes docs/pictures/ in Chinese and English: room, intake, report, unit, devices, replay, plan, wall, post. What is on them is what the
screens showed; nothing is staged but the moment and the calls.
"""

import contextlib
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Page, TimeoutError, expect, sync_playwright

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from kuaijing.app.demo import ANALYST, PASSWORD, USER  # noqa: E402
from tests.e2e.conftest import CHROMIUM  # noqa: E402
from tests.e2e.served import Served, run, serving, until  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
SPEED, SEED = 8, 1
LANGUAGES = ("zh", "en")
MOST_BYTES = 500_000
CALLS = [
    ("广场", "fight", "两伙人打起来了"),
    ("医院", "medical", "家属堵住急诊大厅"),
    ("小学", "missing_person", "放学没接到孩子"),
    ("市场", "theft", "摊位上的手机被偷"),
    ("酒店", "drunk", "客人喝醉砸东西"),
    ("车站", "snatching", "有人抢包往南跑了"),
    ("公园", "rescue", "老人摔倒在坡下"),
    ("超市", "consumer", "退货起了争执"),
]
PAGES = [
    ("report", "/report", USER, "misses"),
    ("devices", "/devices", USER, "devices"),
    ("plan", "/plan", ANALYST, "demand-period"),
    ("wall", "/wall", USER, "wall"),
    ("post", "/post", USER, "post"),
]
"""Name, address, who looks, what shows that it stands."""
LAST_CALL = ("商场", "fight", "一楼有人动手,已有人受伤")


def _call(door: httpx.Client, query: str, kind: str, words: str) -> str:
    hit = door.get("/api/search", params={"q": query, "limit": 1}).json()[0]
    place = {"lon": hit["lon"], "lat": hit["lat"], "text": hit["text"]}
    answer = door.post("/api/calls", json={"place": place, "kind": kind, "words": words, "caller": "王女士"})
    assert answer.is_success, answer.text
    incident: str = answer.json()["ids"]["incident"]
    return incident


def _order_what_is_advised(door: httpx.Client, incident: str) -> str:
    """Whoever takes a call orders: the play-acted desk leaves it to us. The first unit."""

    def ordered() -> str | None:
        advice = door.get(f"/api/incidents/{incident}/recommendation").json()
        chosen = sorted((each for each in advice["candidates"] if each["order"]), key=lambda each: each["order"])
        lines = [
            {
                "unit": each["unit"],
                "version": each["version"],
                "role": each["role"],
                "mode": "divert" if each["diversion_from"] else "now",
            }
            for each in chosen
        ]
        answer = door.post(f"/api/incidents/{incident}/orders", json={"units": lines, "advice": advice["digest"]})
        return str(lines[0]["unit"]) if answer.is_success else None  # a unit may be taken in between: ask again

    unit: str = until(ordered, "the units are ordered")
    return unit


def _close_what_is_done(door: httpx.Client) -> None:
    """Our own incidents whose units are all clear."""
    for incident in door.get("/api/incidents", params={"status": "active"}).json():
        if incident["assignments"] and all(each["status"] == "cleared" for each in incident["assignments"]):
            door.post(f"/api/incidents/{incident['id']}/close", json={"outcome": "settled"})


def _bring_to_life(door: httpx.Client) -> None:
    """Calls, a few city minutes apart; until units are on their way, on scene, and done."""
    for call in CALLS:
        _order_what_is_advised(door, _call(door, *call))
        time.sleep(60 / SPEED)  # a call a minute, by the city's clock

    def lives() -> bool:
        _close_what_is_done(door)
        today = door.get("/api/state").json()["today"]
        return bool(today["mean_handling_s"] and sum(tier["response"]["of"] for tier in today["attainment"]) >= 5)

    until(lives, "incidents are measured and closed", 300.0)
    for call in CALLS[:2]:
        _order_what_is_advised(door, _call(door, *call))


def _window(browser: Browser, served: Served, user: str, password: str, size: tuple[int, int], **profile: Any) -> Page:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="zh-CN", timezone_id="Asia/Shanghai", **profile
    )
    context.set_default_timeout(60_000)
    context.add_init_script(f"localStorage.setItem('kuaijing.tour', JSON.stringify(['{user}']))")
    answer = context.request.post(f"{served.url}/api/session", data={"user": user, "password": password})
    assert answer.ok, answer.text()
    return context.new_page()


def _drawn(page: Page) -> None:
    until(lambda: page.evaluate("window.kuaijingMap?.areTilesLoaded()"), "the map is drawn", 60.0)


def _keep(page: Page, name: str) -> None:
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path)
    _in_fewer_colours(path)
    print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1000} kB")


def _in_fewer_colours(path: Path) -> None:
    """Where Pillow is installed, 256 colours halve the file; chosen so that the rare ones, the units', stay what they are."""
    try:
        from PIL import Image
    except ImportError:
        return
    if path.stat().st_size > MOST_BYTES // 2:
        with Image.open(path) as picture:
            few = picture.convert("RGB").quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        few.save(path, optimize=True)


def _room(browser: Browser, served: Served, door: httpx.Client) -> None:
    """The room with a fresh incident chosen and its recommendation ready."""
    page = _window(browser, served, USER, PASSWORD, (1920, 1080))
    page.goto(served.url)
    _drawn(page)
    with contextlib.suppress(TimeoutError):  # what has been asking is seen; there may be nothing
        page.get_by_test_id("see-all").click(timeout=3000)
    incident = _call(door, *LAST_CALL)
    for language in LANGUAGES:
        page.get_by_test_id(f"incident-{incident}").click()
        expect(page.get_by_test_id("order")).to_be_enabled()
        _drawn(page)
        _keep(page, f"room-{language}")
        page.get_by_test_id("language").click()
    page.set_viewport_size({"width": 1366, "height": 768})
    for language in LANGUAGES:
        page.keyboard.press("n")
        page.get_by_test_id("intake-place").locator("input").or_(
            page.locator("input[data-test=intake-place]")
        ).first.fill("医院")
        page.wait_for_timeout(1500)
        _keep(page, f"intake-{language}")
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        page.get_by_test_id("language").click()
    page.context.close()


def _speaks(page: Page, language: str) -> None:
    """What this user chose before."""
    page.add_init_script(f"localStorage.setItem('kuaijing.preferences', JSON.stringify({{locale: '{language}'}}))")


def _pages(browser: Browser, served: Served) -> None:
    """The other pages, in both languages."""
    for language in LANGUAGES:
        for name, path, user, ready in PAGES:
            page = _window(browser, served, user, PASSWORD, (1920, 1080) if name == "wall" else (1366, 768))
            _speaks(page, language)
            page.goto(f"{served.url}{path}")
            expect(page.get_by_test_id(ready).first).to_be_visible()
            with contextlib.suppress(AssertionError):  # a page may have no map
                until(lambda page=page: page.evaluate("window.kuaijingMap?.areTilesLoaded()"), "the map is drawn", 60.0)  # type: ignore[misc]
            page.wait_for_timeout(2000)
            _keep(page, f"{name}-{language}")
            page.context.close()


def _replay(browser: Browser, served: Served, incident: str) -> None:
    """An incident that was ordered, at its first order."""
    for language in LANGUAGES:
        page = _window(browser, served, USER, PASSWORD, (1366, 768))
        _speaks(page, language)
        page.goto(f"{served.url}/replay?incident={incident}")
        page.get_by_test_id("replay-reason").fill("班后复盘" if language == "zh" else "after-shift review")
        page.get_by_test_id("replay-open").click()
        expect(page.get_by_test_id("replay-band")).to_be_visible()
        page.keyboard.press("o")
        expect(page.get_by_test_id("advised-0")).to_be_visible()
        _drawn(page)
        _keep(page, f"replay-{language}")
        page.context.close()


def _officer(browser: Browser, served: Served, door: httpx.Client) -> None:
    """A phone of a unit under orders, standing where the unit is."""
    incident = _call(door, *LAST_CALL)
    unit = _order_what_is_advised(door, incident)
    run(
        *("user", "add", "officer", "--role", "officer", "--unit", unit, "--password-stdin"),
        *("--data", served.data / "data"),
        words=f"{PASSWORD}\n",
    )
    fix = door.get(f"/api/units/{unit}").json()["fix"]
    here = {"longitude": fix["lon"], "latitude": fix["lat"], "accuracy": 8}
    phone: dict[str, Any] = {"is_mobile": True, "has_touch": True, "permissions": ["geolocation"], "geolocation": here}
    for language in LANGUAGES:
        page = _window(browser, served, "officer", PASSWORD, (390, 844), **phone)
        _speaks(page, language)
        page.goto(f"{served.url}/unit")
        page.get_by_test_id("start").tap()
        expect(page.get_by_test_id("order")).to_be_visible()
        page.wait_for_timeout(3000)  # tiles of the small map, which shows nothing when they are there
        _keep(page, f"unit-{language}")
        page.context.close()


def main() -> None:
    """All pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="kuaijing-pictures-") as folder:
        data = Path(folder)
        city = ("--city", sys.argv[1]) if sys.argv[1:] else ()  # one generated before, else one is
        with (
            serving("demo", *city, "--data", data, "--speed", SPEED, "--seed", SEED, data=data) as served,
            sync_playwright() as pw,
        ):
            pw.selectors.set_test_id_attribute("data-test")
            expect.set_options(timeout=60_000)
            browser = pw.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
            door = served.client(USER, PASSWORD)
            until(lambda: served.health()["units_reporting"] > 0, "units report", 120.0)
            _bring_to_life(door)
            _room(browser, served, door)
            _pages(browser, served)
            _replay(browser, served, door.get("/api/incidents", params={"status": "active"}).json()[-1]["id"])
            _officer(browser, served, door)
            browser.close()


if __name__ == "__main__":
    main()
