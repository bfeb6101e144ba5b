"""A press from far away stands on the report with its distance, and its row leads to the replay of that moment."""

from playwright.sync_api import expect

from tests.e2e.conftest import OpenScreen
from tests.e2e.desk import Desk
from tests.e2e.street import Street


def test_press_from_afar_stands_on_the_report_and_leads_to_its_replay(
    desk: Desk, street: Street, open_screen: OpenScreen
) -> None:
    home = street.home()
    incident = desk.call((home[0] + 0.006, home[1]), text="东门")
    unit = next(each["id"] for each in street.units() if each["status"] == "available")
    street.presses(desk.orders(incident, unit), "on_scene")  # it never left its platform, 590 m away
    screen = open_screen("wang", "/report")
    screen.tab_to("tab-arrivals")
    screen.key("Enter")

    row = screen.see(f"press-{incident}")
    expect(row).to_contain_text("距离过远")
    expect(row).to_contain_text("东门")
    expect(screen.see("arrival-totals")).to_contain_text("距离过远")
    screen.picture("arrivals")
    row.get_by_role("link", name="回放").press("Enter")

    screen.page.wait_for_url(f"**/replay?incident={incident}*")
    expect(screen.page.get_by_text(incident).first).to_be_visible()
