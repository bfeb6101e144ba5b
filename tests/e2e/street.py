"""The street as a terminal gateway brings it in: positions and pressed steps, through the HTTP door only."""

import itertools
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import cos, hypot, radians
from typing import Any

import httpx

Place = tuple[float, float]


@dataclass
class Street:
    """Units that report where they are, and what their crews press."""

    door: httpx.Client

    def units(self) -> list[dict[str, Any]]:
        """As the core knows them."""
        found: list[dict[str, Any]] = self.door.get("/api/units").json()
        return found

    def incident(self, incident: str) -> dict[str, Any]:
        """As the core knows it."""
        found: dict[str, Any] = self.door.get(f"/api/incidents/{incident}").json()["incident"]
        return found

    def newest(self) -> dict[str, Any]:
        """The incident opened last."""
        found: dict[str, Any] = self.door.get("/api/incidents", params={"status": "all"}).json()[0]
        return found

    def stand(self, unit: str, place: Place, speed_mps: float = 0.0) -> None:
        """One report from there."""
        report = {"unit": unit, "lon": place[0], "lat": place[1], "measured_at": _now(), "crs": "wgs84"}
        answer = self.door.post("/api/positions", json={**report, "speed_mps": speed_mps})
        assert answer.json() == {"accepted": 1, "refused": []}, answer.text

    def all_at_home(self) -> None:
        """Every unit reports from its home, a few metres apart."""
        for number, unit in enumerate(self.units()):
            self.stand(unit["id"], (unit["home"]["lon"] + 2e-5 * number, unit["home"]["lat"]))

    def home(self) -> Place:
        """Where the platform of the first unit stands."""
        home = self.units()[0]["home"]
        return home["lon"], home["lat"]

    def way(self, start: Place, end: Place, unit_class: str = "motorcycle") -> dict[str, Any]:
        """The route by road."""
        query = {"from": _text(start), "to": _text(end), "class": unit_class}
        answer = self.door.get("/api/route", params=query)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def drives(self, unit: str, end: Place, speed_mps: float = 22.0) -> threading.Thread:
        """The unit drives there by road, one report a second, and stays; the thread that does it."""
        known = next(each for each in self.units() if each["id"] == unit)
        start = (known["fix"]["lon"], known["fix"]["lat"])
        points = along(self.way(start, end, known["unit_class"])["points"], speed_mps)
        driver = threading.Thread(target=self._drive, args=(unit, points, speed_mps), daemon=True)
        driver.start()
        return driver

    def presses(self, assignment: str, *steps: str) -> None:
        """The crew presses these steps on its terminal."""
        for step in steps:
            answer = self.door.post(f"/api/assignments/{assignment}/{step}", json={"at": _now()})
            assert answer.is_success, answer.text

    def _drive(self, unit: str, points: Sequence[Place], speed_mps: float) -> None:
        for place in points:
            self.stand(unit, place, speed_mps)
            time.sleep(1.0)  # a terminal's rhythm
        for _ in range(3):
            self.stand(unit, points[-1])
            time.sleep(1.0)


def along(line: Sequence[Sequence[float]], step_m: float) -> list[Place]:
    """Places on the line, one step apart, its ends included."""
    places = [(line[0][0], line[0][1])]
    left = step_m
    for (x0, y0), (x1, y1) in itertools.pairwise(line):
        length = metres((x0, y0), (x1, y1))
        at = left
        while at < length:
            share = at / length
            places.append((x0 + (x1 - x0) * share, y0 + (y1 - y0) * share))
            at += step_m
        left = at - length
    return [*places, (line[-1][0], line[-1][1])]


def metres(a: Place, b: Place) -> float:
    """Straight line between two places of one city."""
    return hypot((b[0] - a[0]) * cos(radians(a[1])) * 111_320, (b[1] - a[1]) * 110_574)


def _text(place: Place) -> str:
    return f"{place[0]:.7f},{place[1]:.7f}"


def _now() -> str:
    return datetime.now(UTC).isoformat()
