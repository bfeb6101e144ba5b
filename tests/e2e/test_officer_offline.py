"""The officer's page without a link: loaded afresh in the middle of an assignment and worked on; a build replaced by another, whole."""

import asyncio
import json
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import Browser, Page, expect

from kuaijing.web.screens import FOLDER, Screens
from tests.e2e.conftest import OpenScreen
from tests.e2e.desk import Desk
from tests.e2e.screen import Screen
from tests.e2e.served import until
from tests.e2e.street import Street

UNIT = "2021"
PHONE: dict[str, Any] = {"is_mobile": True, "has_touch": True, "permissions": ["geolocation"]}
OUTBOX = "kuaijing.outbox.officer"
_DRAWN = """window.kuaijingMap?.areTilesLoaded()
  && ['road-major', 'way', 'end'].every((id) => window.kuaijingMap.queryRenderedFeatures({ layers: [id] }).length > 0)"""
_SHELVES = "caches.keys().then((names) => names.filter((name) => name.startsWith('kuaijing-unit-shell-')))"
_KEPT_PATHS = """async () => {
  const paths = []
  for (const name of await caches.keys())
    for (const { url } of await (await caches.open(name)).keys()) paths.push(new URL(url).pathname)
  return paths
}"""


def _phone(open_screen: OpenScreen, street: Street) -> Screen:
    lon, lat = street.home()
    here = {"longitude": lon, "latitude": lat, "accuracy": 8}
    return open_screen("officer", "/unit", size=(390, 844), geolocation=here, **PHONE)


def _shelved(page: Page) -> list[str]:
    names: list[str] = page.evaluate(_SHELVES)
    return names


def _waits(phone: Screen) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = json.loads(phone.page.evaluate(f"localStorage.getItem('{OUTBOX}') ?? '[]'"))
    return kept


def _afresh(phone: Screen) -> None:
    """Loaded anew where nothing can come over the air, and yet all there."""
    assert phone.page.evaluate("fetch('/api/health').then(() => 'answered', () => 'no link')") == "no link"
    phone.page.reload()
    expect(phone.see("officer-offline")).to_contain_text("无网络")


def test_a_whole_assignment_with_the_page_loaded_afresh_while_there_is_no_link(
    desk: Desk, street: Street, open_screen: OpenScreen
) -> None:
    home = street.home()
    phone = _phone(open_screen, street)
    phone.see("start").click()
    until(lambda: phone.page.evaluate("navigator.serviceWorker.controller !== null"), "the worker is in charge")
    incident = desk.call((home[0] + 0.002, home[1]), kind="drunk", text="东门停车场")
    desk.orders(incident, UNIT)
    phone.see("step-acknowledged").tap()
    until(lambda: street.incident(incident)["assignments"][0]["acknowledged_at"], "it is acknowledged")
    until(lambda: phone.page.evaluate("window.kuaijingMap?.areTilesLoaded()"), "the map is drawn")

    phone.context.set_offline(True)
    expect(phone.see("officer-offline")).to_contain_text("无网络")
    phone.see("step-en_route").tap()
    expect(phone.see("waiting")).to_contain_text("1 条待发送")
    _afresh(phone)
    expect(phone.see("order")).to_contain_text("东门停车场")
    expect(phone.see("order")).to_contain_text("路程")
    expect(phone.see("waiting")).to_contain_text("1 条待发送")
    until(lambda: phone.page.evaluate(_DRAWN), "the seen map is drawn again")
    phone.page.wait_for_timeout(1100)  # two presses of one person are never one moment
    phone.see("step-on_scene").tap()
    phone.page.wait_for_timeout(1100)
    phone.see("step-controlled").tap()
    _afresh(phone)
    expect(phone.see("waiting")).to_contain_text("3 条待发送")
    expect(phone.see("step-cleared")).to_be_visible()
    until(lambda: phone.page.evaluate(_DRAWN), "the seen map is drawn again")
    phone.picture("officer-afresh-offline")
    pressed = {item["what"]: item["body"]["at"] for item in _waits(phone)}
    assert list(pressed) == ["en_route", "on_scene", "controlled"]
    assert list(pressed.values()) == sorted(pressed.values())

    phone.context.set_offline(False)
    expect(phone.see("officer-offline")).to_have_count(0)
    expect(phone.see("waiting")).to_have_count(0)
    expect(phone.see("own-status")).to_have_text("在现场")
    phone.see("step-cleared").tap()
    expect(phone.see("idle")).to_contain_text("待命中")
    timeline = desk.door.get(f"/api/incidents/{incident}").json()["timeline"]
    names = {"IncidentControlled": "controlled", "AssignmentCleared": "cleared"}
    steps = [
        entry["data"].get("step", names.get(entry["type"]))
        for entry in timeline
        if entry["type"] in ("AssignmentStamped", *names)
    ]
    steps = [step for step in steps if step != "delivered"]
    assert steps == ["acknowledged", "en_route", "on_scene", "controlled", "cleared"]
    assert _kept_order(phone) == []
    after = street.incident(incident)
    stamps = after["assignments"][0]
    told = {"en_route": stamps["en_route_at"], "on_scene": stamps["on_scene_at"], "controlled": after["controlled_at"]}
    assert {step: at[:23] for step, at in told.items()} == {step: at[:23] for step, at in pressed.items()}


def _kept_order(phone: Screen) -> list[Any]:
    found: list[Any] = phone.page.evaluate("JSON.parse(localStorage.getItem('kuaijing.duty')).state.incidents")
    return found


def test_no_answer_of_the_core_lies_in_the_cache_and_signing_out_leaves_only_files(
    desk: Desk, street: Street, open_screen: OpenScreen
) -> None:
    home = street.home()
    phone = _phone(open_screen, street)
    phone.see("start").click()
    desk.orders(desk.call((home[0], home[1] + 0.001), kind="noise", text="西门", words="他姓陈"), UNIT)
    expect(phone.see("order")).to_contain_text("西门")
    until(lambda: phone.page.evaluate("window.kuaijingMap?.areTilesLoaded()"), "the map is drawn")
    until(lambda: any(path.startswith("/tiles/") for path in phone.page.evaluate(_KEPT_PATHS)), "tiles are kept")
    kept = {path for path in phone.page.evaluate(_KEPT_PATHS) if not path.startswith(("/assets/", "/tiles/"))}
    assert kept == {"/unit", "/mark.svg"}
    until(lambda: _kept_order(phone) != [], "the order is kept")
    assert "陈" not in phone.page.evaluate("JSON.stringify({ ...localStorage, ...sessionStorage })")  # masked as given

    phone.context.set_offline(True)
    phone.see("step-acknowledged").tap()
    expect(phone.see("waiting")).to_contain_text("1 条待发送")
    phone.see("sign-out").tap()
    expect(phone.see("leave-unsent")).to_contain_text("1 条尚未发出")
    phone.picture("officer-leave-unsent")
    phone.see("leave-anyway").tap()
    expect(phone.see("sign-in")).to_be_visible()
    assert not [path for path in phone.page.evaluate(_KEPT_PATHS) if path.startswith("/tiles/")]
    left = phone.page.evaluate("Object.keys({ ...localStorage, ...sessionStorage })")
    assert not [key for key in left if key.startswith(("kuaijing.duty", "kuaijing.outbox", "kuaijing.whereabouts"))]
    phone.context.set_offline(False)
    phone.page.goto(phone.url + "/unit")
    expect(phone.see("sign-in")).to_be_visible()  # signed out without a link is signed out


@contextmanager
def _screens(folder: Path) -> Iterator[str]:
    """Only the screens, from that folder."""
    config = uvicorn.Config(Screens(folder), port=0, log_level="error", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    until(lambda: server.started, "the screens are served")
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)


def _rebuilt(folder: Path) -> str:
    """A new build: the start page's script has another name, and all that names it names the new one."""
    for packed in folder.rglob("*.gz"):
        packed.unlink()
    old, new = next(folder.glob("assets/index-*.js")).stem, "index-another"
    (folder / "assets" / f"{old}.js").rename(folder / "assets" / f"{new}.js")
    for file in [folder / "index.html", folder / "unit-worker.js", *(folder / "assets").glob("*.js")]:
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    worker = folder / "unit-worker.js"
    code = worker.read_text(encoding="utf-8")
    worker.write_text(code.replace(_build_of(folder), "0123456789abcdef"), encoding="utf-8")
    return new


def _build_of(folder: Path) -> str:
    found = re.search(r"[`\"']([0-9a-f]{16})[`\"']", (folder / "unit-worker.js").read_text(encoding="utf-8"))
    assert found, "the worker names its build"
    return found[1]


def _script(page: Page) -> str:
    found: str = page.evaluate("document.querySelector('script[type=module]').src")
    return found.rpartition("/")[2].removesuffix(".js")


def test_a_new_build_replaces_the_old_whole_and_only_when_the_page_lets_it(tmp_path: Path, browser: Browser) -> None:
    folder = tmp_path / "static"
    shutil.copytree(FOLDER, folder)
    with _screens(folder) as url, browser.new_context(locale="zh-CN") as context:
        page = context.new_page()
        page.goto(f"{url}/unit")
        until(lambda: page.evaluate("navigator.serviceWorker.controller !== null"), "the worker is in charge")
        first = _script(page)
        assert _shelved(page) == [f"kuaijing-unit-shell-{_build_of(folder)}"]
        page.evaluate(
            """localStorage.setItem('kuaijing.outbox.', '[{"key":"k","path":"/api/x","what":"note","of":"1"}]')"""
        )
        context.set_offline(True)  # what waits must not be sent here, and the update must come with the link
        page.reload()
        expect(page.get_by_test_id("waiting")).to_be_visible()

        second = _rebuilt(folder)
        context.set_offline(False)
        page.evaluate("navigator.serviceWorker.getRegistration('/unit').then((own) => own.update().then(() => true))")
        expect(page.get_by_test_id("newer")).to_be_visible()
        page.reload()
        assert _script(page) == first  # the server has it no more, and yet all of it is there
        expect(page.get_by_test_id("newer")).to_be_visible()

        page.get_by_test_id("newer").get_by_role("button").click()
        expect(page.locator("script[type=module]")).to_have_attribute("src", f"/assets/{second}.js")
        until(lambda: _shelved(page) == ["kuaijing-unit-shell-0123456789abcdef"], "the old build is gone")
