"""Two dispatchers at once; merging and taking it back; an incident that grows."""

import re

from playwright.sync_api import Route, expect

from tests.e2e.conftest import OpenScreen
from tests.e2e.desk import Desk
from tests.e2e.screen import Screen
from tests.e2e.served import until
from tests.e2e.street import Street


def _ready_to_order(screen: Screen, incident: str) -> None:
    screen.room()
    screen.choose(incident)
    expect(screen.see("order")).to_be_enabled()


def test_second_of_two_dispatchers_is_told_who_took_the_unit_and_may_queue_it(
    desk: Desk, street: Street, open_screen: OpenScreen
) -> None:
    here, there = desk.call(street.home(), text="东门"), desk.call(street.home(), text="西门")
    first, second = open_screen("wang"), open_screen("li")
    held: list[Route] = []
    second.page.route("**/orders", lambda route: held.append(route))  # the second hand is a moment later
    _ready_to_order(first, here)
    _ready_to_order(second, there)

    second.key("o")
    until(lambda: second.page.wait_for_timeout(50) or held, "the second order is on its way")
    unit = held[0].request.post_data_json["units"][0]["unit"]
    if not first.see(f"candidate-{unit}").get_by_role("checkbox").is_checked():
        first.see("recommendation").get_by_role("checkbox", checked=True).first.click()
        first.see(f"candidate-{unit}").get_by_role("checkbox").click()
    first.see("order").click()
    expect(first.see("incident-status")).to_have_text("已派警")
    held[0].continue_()

    conflict = second.see("conflict")
    expect(conflict).to_contain_text("警力状态已变化，未派出")
    expect(conflict).to_contain_text(unit)
    expect(conflict).to_contain_text("已派警")
    expect(conflict).to_contain_text(here)
    expect(second.see("conflict-queue")).to_be_visible()
    expect(second.see("conflict-divert")).to_be_visible()
    second.picture("conflict")
    second.page.unroute("**/orders")
    second.see("conflict-queue").click()
    expect(second.see("assignments").get_by_test_id("assignment-status")).to_have_text("排队")
    expect(first.see("assignments").get_by_test_id("assignment-status")).to_have_text("已派警")
    assert [each["unit"] for each in street.incident(there)["assignments"]] == [unit]


def test_a_merged_incident_comes_back_when_the_merge_is_undone(
    desk: Desk, street: Street, open_screen: OpenScreen
) -> None:
    one, other = desk.call(street.home(), text="菜市场"), desk.call(street.home(), text="菜市场后门")
    screen = open_screen("wang")
    screen.room()
    screen.choose(other)
    screen.see("act-merge").click()
    screen.see("merge-into").select_option(one)
    screen.see("act-text").fill("同一起")
    screen.see("act-submit").click()
    expect(screen.see("incident-status")).to_have_text("已合并")
    expect(screen.see(f"incident-{other}")).to_have_count(0)
    expect(screen.see("incident")).to_contain_text(f"并入{one}")
    screen.picture("merged")

    screen.see("act-unmerge").click()
    expect(screen.see("incident-status")).to_have_text("待派警")
    expect(screen.see(f"incident-{other}")).to_be_visible()
    expect(screen.see("timeline")).to_contain_text("撤销合并")


def test_an_incident_that_grows_is_reinforced_first_and_the_hole_is_covered(
    desk: Desk, street: Street, open_screen: OpenScreen
) -> None:
    incident = desk.call(street.home(), kind="fight", text="鼓楼广场")
    screen = open_screen("wang")
    _ready_to_order(screen, incident)
    screen.see("order").click()
    expect(screen.see("assignments")).to_be_visible()
    before = len(street.incident(incident)["assignments"])

    screen.see("act-escalate").click()
    screen.see("act-text").fill("多人持械")
    screen.see("act-submit").click()
    expect(screen.see("recommendation")).to_contain_text("增援补位")
    expect(screen.see(f"incident-{incident}")).to_contain_text("已升级")
    expect(screen.see("order")).to_be_enabled()
    expect(screen.see("cover")).to_contain_text(re.compile(r"布防调整.*可达率 .* → .*"))
    order, cover = screen.see("order").bounding_box(), screen.see("cover").bounding_box()
    assert order is not None
    assert cover is not None
    assert order["y"] < cover["y"], "the reinforcement stands above the cover"
    screen.picture("escalated")

    screen.key("o")
    until(lambda: len(street.incident(incident)["assignments"]) > before, "the reinforcement is ordered")
    expect(screen.see("assignments")).to_contain_text("增援")
    offer = screen.see("cover-offer")
    expect(offer).to_contain_text(re.compile(r"布防调整.*可达率 .* → .*"))
    screen.picture("reinforced")
    screen.key("v")
    expect(screen.see("notice").filter(has_text="已调整")).to_be_visible()
    until(lambda: any(unit["cover"] for unit in street.units()), "a unit covers")
    expect(offer).to_have_count(0)
