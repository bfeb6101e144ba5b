"""A lost link and a full disk: said at once, no command in between, healed without a hand."""

import re
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import expect

from tests.e2e.conftest import OpenScreen
from tests.e2e.desk import Desk
from tests.e2e.served import Served
from tests.e2e.street import Street

OUTAGE_S = 30.0
"""How long the journey's server is gone: long enough for several attempts in vain."""


def test_a_room_without_its_server_stands_still_and_sends_nothing(
    served: Served, desk: Desk, street: Street, open_screen: OpenScreen
) -> None:
    incident = desk.call(street.home(), text="旧警情")
    screen = open_screen("wang")
    screen.room()
    screen.choose(incident)
    expect(screen.see("order")).to_be_enabled()
    sent: list[str] = []
    screen.page.on("request", lambda request: request.method != "GET" and sent.append(request.url))

    with served.frozen():
        began = time.monotonic()
        expect(screen.see("disconnected")).to_contain_text(re.compile(r"画面停在 \d\d:\d\d:\d\d"))
        expect(screen.see("link")).to_contain_text(re.compile(r"连接中断 · 截至 \d\d:\d\d:\d\d"))
        assert "grayscale" in screen.page.locator(".body").evaluate("body => getComputedStyle(body).filter")
        stopped = screen.see("clock").inner_text()
        expect(screen.see("order")).to_be_disabled()
        expect(screen.see("act-note")).to_be_disabled()
        screen.key("o")
        expect(screen.see("notice")).to_contain_text("连接中断，不能下达指令")
        screen.key("n")
        expect(screen.see("intake-open")).to_be_disabled()
        screen.key("Escape")
        screen.picture("disconnected")
        screen.page.wait_for_timeout(max(0.0, OUTAGE_S - (time.monotonic() - began)) * 1000)
        assert screen.see("clock").inner_text() == stopped
    assert sent == []

    expect(screen.see("disconnected")).to_have_count(0)
    expect(screen.see("order")).to_be_enabled()
    screen.see("order").click()
    expect(screen.see("incident-status")).to_have_text("已派警")


def test_what_happened_while_a_room_was_away_is_there_when_it_is_back(
    desk: Desk, street: Street, open_screen: OpenScreen
) -> None:
    kept = desk.call(street.home(), text="前")
    screen = open_screen("wang")
    screen.room()
    screen.context.set_offline(True)
    expect(screen.see("disconnected")).to_be_visible()
    missed = desk.call(street.home(), text="断线期间")
    desk.orders(kept, "2021")
    expect(screen.see(f"incident-{missed}")).to_have_count(0)

    screen.context.set_offline(False)
    expect(screen.see("disconnected")).to_have_count(0)
    expect(screen.see(f"incident-{missed}")).to_contain_text("断线期间")
    expect(screen.see(f"incident-{kept}")).to_contain_text("2021")
    expect(screen.see("unit-2021")).to_contain_text("已派警")
    screen.picture("healed")


@contextmanager
def _disk_full(served: Served) -> Iterator[None]:
    """No file of the server may grow: every append fails as it does on a full disk."""
    unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, unlimited)


def test_a_core_that_cannot_write_says_so_on_screen_and_heals_by_itself(
    served: Served, desk: Desk, street: Street, open_screen: OpenScreen
) -> None:
    incident = desk.call(street.home(), text="磁盘")
    screen = open_screen("wang")
    screen.room()
    screen.choose(incident)
    expect(screen.see("order")).to_be_enabled()

    with _disk_full(served):
        answer = desk.note(incident, "写不进去")
        assert answer.status_code == 503, answer.text
        expect(screen.see("degraded")).to_contain_text("暂时不能写入")
        expect(screen.see("link")).to_have_text("系统降级")
        expect(screen.see("order")).to_be_disabled()
        screen.key("o")
        expect(screen.see("notice")).to_contain_text("系统降级，暂不能写入")
        assert served.health()["status"] == "degraded"
        screen.picture("degraded")

    expect(screen.see("degraded")).to_have_count(0)
    expect(screen.see("link")).to_have_text("实时")
    screen.see("order").click()
    expect(screen.see("incident-status")).to_have_text("已派警")
    assert desk.told(incident) == []
    assert desk.note(incident, "写得进去").is_success
    assert desk.told(incident) == ["写得进去"]
