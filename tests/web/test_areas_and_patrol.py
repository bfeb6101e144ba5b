"""The doors of what was found: an empty area is seen once for everybody; the points of the plan with their visits."""

import time

from kuaijing.domain.findings import RecordEmptyArea
from kuaijing.measures.instants import after
from tests.web.town import Town


def test_an_empty_area_stands_among_the_alerts_until_a_dispatcher_has_seen_it(town: Town) -> None:
    wang = town.signed_in("wang")
    beat = wang.get("/api/state").json()["plan"]["beats"][0]["id"]
    now = town.city.clock.now()
    town.city.live_picture.note_finding(RecordEmptyArea(f"beat:{beat}", 0.1, after(now, -120)))

    def standing() -> list[str]:
        return [alert["area"] for alert in wang.get("/api/state").json()["alerts"] if alert["kind"] == "empty_area"]

    def wait_for(wanted: list[str]) -> None:
        for _ in range(100):
            if standing() == wanted:
                return
            time.sleep(0.1)
        raise AssertionError(f"{standing()} stands, wanted {wanted}")

    wait_for([f"beat:{beat}"])
    seen = wang.post(f"/api/areas/beat:{beat}/acknowledge", json={})
    wait_for([])
    again = wang.post("/api/areas/beat:none/acknowledge", json={})

    assert seen.status_code == 200
    assert again.status_code == 409
    assert "nothing to acknowledge" in str(again.json())


def test_patrol_points_are_those_of_the_plan_in_force(town: Town) -> None:
    points = town.signed_in("wang").get("/api/patrol").json()

    assert [point["id"] for point in points] == [point.id for point in town.plan.patrol_points]
    assert all(point["visits"] == [] for point in points)


def test_the_backfill_of_an_area_that_there_is_not_is_nobody(town: Town) -> None:
    answer = town.signed_in("wang").get("/api/areas/beat:none/backfill")

    assert answer.status_code in (200, 503)  # 503 while the searches are being made ready
    assert answer.status_code == 503 or answer.json() == []
