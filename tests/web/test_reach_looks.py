"""Reach as it is looked at: who is soonest on a street, what is lost without a unit, and the cover moves with their before and after."""

import time
from pathlib import Path
from typing import Any

import httpx

from tests.web.town import running_town

Features = list[dict[str, Any]]


def _streets(desk: httpx.Client) -> Features:
    """Once the reach is known."""
    late = time.monotonic() + 30
    while (answer := desk.get("/api/reach/streets")).status_code == 503:
        assert time.monotonic() < late, answer.text
        time.sleep(0.1)
    found: Features = answer.json()["features"]
    return found


def test_a_street_names_the_soonest_unit_and_without_it_only_streets_that_it_held_are_lost(tmp_path: Path) -> None:
    with running_town(tmp_path) as town:
        desk = town.signed_in("wang")
        streets = {each["properties"]["street"]: each["properties"] for each in _streets(desk)}
        units = {unit["id"] for unit in desk.get("/api/units").json()}
        named = {each["unit"] for each in streets.values()} - {None}
        assert named <= units
        for each in streets.values():
            assert (each["unit"] is None) == (each["seconds"] is None) or each["seconds"] is None
            if each["next"] is not None:
                assert each["next"] != each["unit"]
                assert each["next_s"] >= each["seconds"]

        for unit in sorted(units):
            answer = desk.get("/api/reach/without", params={"unit": unit})
            assert answer.status_code == 200, answer.text
            for lost in answer.json()["features"]:
                found = lost["properties"]
                before = streets[found["street"]]
                assert (before["unit"], before["reached"]) == (unit, True)
                assert found["seconds"] is None or found["seconds"] > found["limit_s"]
        assert desk.get("/api/reach/without", params={"unit": "nobody"}).status_code == 404


def test_cover_is_offered_with_the_reach_before_and_after(tmp_path: Path) -> None:
    with running_town(tmp_path) as town:
        desk = town.signed_in("wang")
        _streets(desk)
        offer = desk.get("/api/cover/offer").json()
        assert set(offer) == {"moves", "reach_before", "reach_restored"}
        if offer["moves"]:
            assert offer["reach_restored"] >= offer["reach_before"]
