"""The desk by HTTP: what a journey needs to stand before it begins. The journey itself goes through the screen."""

from dataclasses import dataclass
from typing import Any

import httpx


@dataclass
class Desk:
    """A signed-in dispatcher without a screen."""

    door: httpx.Client

    def call(self, place: tuple[float, float], kind: str = "noise", text: str = "", **more: Any) -> str:
        """A call; the incident that it opened."""
        body = {"place": {"lon": place[0], "lat": place[1], "text": text}, "kind": kind, **more}
        answer = self.door.post("/api/calls", json=body)
        assert answer.status_code == 201, answer.text
        incident: str = answer.json()["ids"]["incident"]
        return incident

    def orders(self, incident: str, unit: str) -> str:
        """That unit to that incident; the assignment."""
        version = self.door.get(f"/api/units/{unit}").json()["version"]
        lines = [{"unit": unit, "version": version}]
        answer = self.door.post(f"/api/incidents/{incident}/orders", json={"units": lines})
        assert answer.is_success, answer.text
        assignment: str = answer.json()["ids"]["assignments"][0]
        return assignment

    def note(self, incident: str, text: str) -> httpx.Response:
        """A note, whatever comes of it."""
        return self.door.post(f"/api/incidents/{incident}/notes", json={"text": text})

    def told(self, incident: str) -> list[str]:
        """The notes of its timeline."""
        timeline = self.door.get(f"/api/incidents/{incident}").json()["timeline"]
        return [entry["data"]["text"] for entry in timeline if entry["type"] == "NoteAdded"]

    def ends_all(self) -> None:
        """Every open incident cancelled, so that the next journey begins with free units."""
        for incident in self.door.get("/api/incidents", params={"status": "active"}).json():
            answer = self.door.post(f"/api/incidents/{incident['id']}/cancel", json={"reason": "下一个演练"})
            assert answer.is_success, answer.text
