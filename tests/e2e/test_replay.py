"""What happened is looked at again by a link: played, jumped in, with the advice that was shown; and nothing can be commanded there."""

import re
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import Request, expect

from tests.e2e.conftest import OpenScreen
from tests.e2e.desk import Desk
from tests.e2e.screen import Screen
from tests.e2e.served import Served, until
from tests.e2e.street import Street


def _happens(served: Served, street: Street, desk: Desk) -> dict[str, Any]:
    """A call near the platform, ordered as advised, arrived as measured; the assignment."""
    home = street.home()
    incident = desk.call((home[0] + 0.004, home[1] + 0.002), kind="fight", text="回放路口")
    until(lambda: desk.door.get(f"/api/incidents/{incident}/recommendation").status_code == 200, "advice can be given")
    advice = desk.door.get(f"/api/incidents/{incident}/recommendation").json()
    proposed = [each for each in advice["candidates"] if each["order"] is not None]
    lines = [{"unit": each["unit"], "version": each["version"], "role": each["role"]} for each in proposed]
    ordered = desk.door.post(f"/api/incidents/{incident}/orders", json={"units": lines, "advice": advice["digest"]})
    assert ordered.is_success, ordered.text
    first = next(each for each in street.incident(incident)["assignments"] if each["role"] == "first")
    street.presses(first["id"], "delivered", "acknowledged", "en_route")
    place = street.incident(incident)["place"]
    street.drives(first["unit"], (place["lon"], place["lat"])).join()
    until(lambda: street.incident(incident)["arrived"] is not None, "the arrival is measured")
    return {"incident": incident, "first": first, "proposed": [each["call_sign"] for each in proposed]}


def _at(screen: Screen) -> int:
    return int(screen.see("replay").get_attribute("data-at") or 0)


def test_an_incident_is_replayed_by_link_with_the_advice_that_was_shown_and_nothing_can_be_commanded(
    served: Served, street: Street, desk: Desk, open_screen: OpenScreen
) -> None:
    happened = _happens(served, street, desk)
    incident, first = happened["incident"], happened["first"]
    screen = open_screen("wang", f"/replay?incident={incident}", size=(1920, 1080))
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.method != "GET":
            sent.append(f"{request.method} {request.url.removeprefix(served.url)}")

    screen.page.on("request", note)
    screen.see("replay-reason").fill("班后复盘")
    screen.picture("replay-form")
    screen.see("replay-open").click()
    expect(screen.see("replay-band")).to_have_text("回放")
    expect(screen.see("incident")).to_contain_text("未选择警情")  # before the call there was none
    begins = _at(screen)

    screen.key("o")
    expect(screen.see("advised-0")).to_contain_text("chief")
    for call_sign in happened["proposed"]:
        expect(screen.see("advised-0")).to_contain_text(call_sign)
    expect(screen.see("advised-followed").first).to_have_text("与推荐一致")
    expect(screen.see(f"assignment-{first['id']}")).to_contain_text("尚未实测到场")
    ordered = _at(screen)
    assert ordered > begins
    screen.picture("replay-ordered")

    screen.key("a")
    card = screen.see(f"assignment-{first['id']}")
    expect(card.locator(".measured")).to_contain_text(re.compile(r"^实测到场 \d\d:\d\d:\d\d"))
    arrived = _at(screen)
    assert arrived > ordered
    screen.picture("replay-arrived")

    _commands_nothing(screen, sent)

    screen.key("ArrowLeft")
    expect(screen.see("replay")).to_have_attribute("data-at", str(arrived - 10_000))
    until(lambda: f"at={_written(arrived - 10_000)}" in screen.page.url, "the address names the moment")
    screen.page.reload()
    expect(screen.see("replay")).to_have_attribute("data-at", str(arrived - 10_000))
    expect(screen.see("replay-band")).to_be_visible()

    screen.see("speed-60").click()
    screen.key("Space")
    expect(screen.see("replay")).to_have_attribute("data-at", screen.see("replay").get_attribute("data-end") or "")
    expect(screen.see("replay")).to_have_attribute("data-playing", "false")
    expect(card.locator(".measured")).to_contain_text(re.compile(r"^实测到场"))
    assert sent == ["POST /api/replay"] * 2, "two openings, and nothing else left the page"

    screen.see("replay-leave").click()
    expect(screen.see("room")).to_have_attribute("data-connected", "true")
    expect(screen.see("new-call")).to_be_visible()


def _written(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{ms % 1000:03d}Z"


def _commands_nothing(screen: Screen, sent: list[str]) -> None:
    """No command is offered, none goes by key, and the page's own door for commands is shut."""
    for offered in ("new-call", "order", "actions", "set-status", "withdraw", "voice-cleared", "more-units", "intake"):
        expect(screen.see(offered)).to_have_count(0)
    before = list(sent)
    screen.key("n", "e", "c", "m", "x", "v", "Enter")
    for offered in ("intake", "form-escalate", "form-close", "form-merge"):
        expect(screen.see(offered)).to_have_count(0)
    assert sent == before
