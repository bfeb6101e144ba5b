"""One small city, a server for each module, one browser; windows are opened by whoever needs them and judged at the end."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from kuaijing.web.identity.accounts import Accounts
from kuaijing.web.identity.roles import UserRole
from tests.e2e.desk import Desk
from tests.e2e.screen import Screen
from tests.e2e.served import PASSWORD, PATIENCE_S, Served, run, serving
from tests.e2e.street import Street

CHROMIUM = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
    "--no-first-run",
    "--mute-audio",
]
OpenScreen = Callable[..., Screen]


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fictional city of 4 km² with one platform and seven units."""
    folder = tmp_path_factory.mktemp("ground") / "city"
    run("city", "generate", "--seed", 3, "--area-km2", 4, "--out", folder)
    return folder


@pytest.fixture(scope="session")
def furnished(city: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the plan in force and everybody's account, to be copied."""
    data = tmp_path_factory.mktemp("furnished") / "data"
    run("user", "add", "wang", "--role", "dispatcher", "--password-stdin", "--data", data, words=f"{PASSWORD}\n")
    accounts = Accounts(data)
    accounts.add("li", UserRole.DISPATCHER, PASSWORD)
    accounts.add("chief", UserRole.ADMINISTRATOR, PASSWORD)
    accounts.add("gate", UserRole.GATEWAY, PASSWORD)
    accounts.add("officer", UserRole.OFFICER, PASSWORD, unit="2021")
    accounts.close()
    run("plan", "import", city / "plan", "--city", city, "--data", data)
    return data


@pytest.fixture(scope="module")
def served(city: Path, furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The server in service, fresh for each module."""
    data = tmp_path_factory.mktemp("served") / "data"
    shutil.copytree(furnished, data)
    with serving("serve", "--city", city, "--data", data, data=data) as server:
        yield server


@pytest.fixture(scope="module")
def street(served: Served) -> Street:
    """Seven units at their platform, reporting."""
    street = Street(served.client("gate"))
    street.all_at_home()
    return street


@pytest.fixture
def desk(served: Served) -> Iterator[Desk]:
    """A dispatcher without a screen; leaves no incident open behind it."""
    desk = Desk(served.client("chief"))
    yield desk
    desk.ends_all()


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Stopped after the last journey: its event loop would stand in the way of other tests."""
    with sync_playwright() as playwright:
        playwright.selectors.set_test_id_attribute("data-test")
        expect.set_options(timeout=PATIENCE_S * 1000)
        yield playwright


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium, else Playwright's own."""
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
    yield browser
    browser.close()


@pytest.fixture
def open_screen(browser: Browser, request: pytest.FixtureRequest) -> Iterator[OpenScreen]:
    """Opens windows: ``open_screen("wang")``. Whatever went wrong in one of them fails the test at its end."""
    opened: list[Screen] = []

    def open_screen(
        user: str,
        path: str = "/",
        *,
        size: tuple[int, int] = (1366, 768),
        server: Served | None = None,
        password: str = PASSWORD,
        tour: bool = False,
        as_left: bool = False,
        **profile: Any,
    ) -> Screen:
        url = (server or request.getfixturevalue("served")).url
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="zh-CN", timezone_id="Asia/Shanghai", **profile
        )
        context.set_default_timeout(PATIENCE_S * 1000)
        if not tour:  # seen before, as by everybody but a newcomer
            context.add_init_script(f"localStorage.setItem('kuaijing.tour', JSON.stringify(['{user}']))")
        answer = context.request.post(f"{url}/api/session", data={"user": user, "password": password})
        assert answer.ok, answer.text()
        if not as_left:  # what an earlier window of this account was made to look like goes with the account
            context.request.put(f"{url}/api/me/preferences", data={"kept": {}})
        screen = Screen(context.new_page(), url)
        opened.append(screen)
        screen.watch()
        screen.page.goto(url + path)
        return screen

    yield open_screen
    for screen in opened:
        screen.context.close()
    for screen in opened:
        screen.sound()
