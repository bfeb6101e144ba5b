"""Who comes for the first time is shown the room in five steps, by keyboard if he likes, and not again once he has had enough."""

from playwright.sync_api import expect

from tests.e2e.conftest import OpenScreen


def test_the_tour_is_walked_by_keyboard_and_stays_away_once_finished(open_screen: OpenScreen) -> None:
    screen = open_screen("li", tour=True)
    expect(screen.see("room")).to_have_attribute("data-connected", "true")
    expect(screen.see("tour")).to_contain_text("警情")
    expect(screen.see("tour-next")).to_be_focused()
    screen.picture("tour-1")
    for step in ("2/5", "3/5"):
        screen.key("Enter")
        expect(screen.see("tour-count")).to_have_text(step)
    screen.key("ArrowLeft")
    expect(screen.see("tour-count")).to_have_text("2/5")
    for _ in range(4):
        screen.key("Enter")
    expect(screen.see("tour")).to_be_hidden()
    screen.page.reload()
    expect(screen.see("room")).to_have_attribute("data-connected", "true")
    expect(screen.see("tour")).to_be_hidden()


def test_the_tour_waits_for_a_call_and_is_dismissed_for_good_and_shown_again_on_asking(open_screen: OpenScreen) -> None:
    screen = open_screen("wang", tour=True)
    expect(screen.see("room")).to_have_attribute("data-connected", "true")
    expect(screen.see("tour")).to_be_visible()
    screen.key("n")
    expect(screen.see("intake")).to_be_visible()  # whoever has a call takes it
    screen.key("Escape")
    expect(screen.see("tour-next")).to_be_focused()  # back where it was
    screen.see("tour-dismiss").click()
    screen.page.reload()
    expect(screen.see("room")).to_have_attribute("data-connected", "true")
    expect(screen.see("tour")).to_be_hidden()
    screen.key("?")
    screen.see("tour-again").click()
    expect(screen.see("tour")).to_be_visible()
    screen.see("language").click()
    expect(screen.see("tour")).to_contain_text("Incidents")
    screen.picture("tour-en")
