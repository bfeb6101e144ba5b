"""A closure that could close nothing is refused at the door, instead of standing on every screen without effect."""

from datetime import timedelta
from typing import Any

import pytest

from kuaijing.measures.instants import to_datetime
from tests.web.town import Town


def drawn(town: Town, points: list[tuple[float, float]], **more: Any) -> dict[str, Any]:
    """A closure; points are shares of the city's box, from its south-west corner."""
    west, south, east, north = town.city.ground.bbox
    places = [(west + x * (east - west), south + y * (north - south)) for x, y in points]
    return {"name": "施工", "shape": "polygon", "points": places, **more}


SQUARE = [(0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6)]


@pytest.mark.parametrize(
    ("points", "more", "problem"),
    [
        ([(0.4, 0.4), (0.6, 0.6), (0.6, 0.4), (0.4, 0.6)], {}, "Self-intersection"),
        ([(5.0, 5.0), (5.1, 5.0), (5.1, 5.1)], {}, "outside the city"),
        ([(5.0, 5.0), (5.1, 5.0)], {"shape": "line"}, "outside the city"),
        ([(0.4, 0.4), (0.4, 0.4)], {"shape": "line"}, "a line of one point"),
        ([(0.4, 0.4), (0.6, 0.4)], {}, "fewer than three corners"),
    ],
)
def test_shape_that_could_close_nothing_is_refused(
    town: Town, points: list[tuple[float, float]], more: dict[str, Any], problem: str
) -> None:
    wang = town.signed_in("wang")
    before = wang.get("/api/closures").json()

    answer = wang.post("/api/closures", json=drawn(town, points, **more))

    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["faults"]] == ["points"]
    assert problem in answer.json()["faults"][0]["problem"]
    assert wang.get("/api/closures").json() == before


def test_closure_that_is_over_already_is_refused(town: Town) -> None:
    now = to_datetime(town.city.clock.now())
    over = drawn(town, SQUARE, until=(now - timedelta(minutes=1)).isoformat())
    ahead = drawn(town, SQUARE, until=(now + timedelta(hours=1)).isoformat())
    wang = town.signed_in("wang")

    refused = wang.post("/api/closures", json=over)

    assert (refused.status_code, refused.json()["faults"][0]["problem"]) == (422, "is over already")
    assert wang.post("/api/closures", json=ahead).status_code == 201
