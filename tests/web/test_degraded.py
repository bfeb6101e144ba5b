"""A disk that cannot be written: no acknowledgement, said on screen and in health, healed without a restart."""

import time
from pathlib import Path
from typing import Any

import apsw
import pytest

from tests.web.town import PASSWORD, running_town


def test_without_a_working_disk_nothing_is_acknowledged_and_it_heals_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_town(tmp_path) as town:
        desk, log = town.signed_in("wang"), town.city.store.log
        incident = town.call(desk)["incident"]
        real_append, real_probe = log.append, log.probe

        def full(*_: Any) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(log, "append", full, raising=False)
        monkeypatch.setattr(log, "probe", full, raising=False)
        key = {"Idempotency-Key": "note-1"}
        answer = desk.post(f"/api/incidents/{incident}/notes", json={"text": "甲"}, headers=key)
        assert answer.status_code == 503
        assert answer.json()["type"] == "urn:kuaijing:problem:degraded"
        assert "retry-after" in answer.headers
        health = desk.get("/api/health").json()
        assert health["status"] == "degraded"
        assert "No space left" in health["detail"]
        time.sleep(1.2)
        assert desk.get("/api/state").json()["health"] == "degraded"

        monkeypatch.setattr(log, "append", real_append)
        monkeypatch.setattr(log, "probe", real_probe)
        until = time.monotonic() + 10
        while desk.get("/api/health").json()["status"] == "degraded":
            assert time.monotonic() < until
            time.sleep(0.1)
        again = desk.post(f"/api/incidents/{incident}/notes", json={"text": "甲"}, headers=key)
        assert again.status_code == 200
        told = [each["data"].get("text") for each in desk.get(f"/api/incidents/{incident}").json()["timeline"]]
        assert told.count("甲") == 1


def test_a_disk_that_cannot_be_read_or_takes_no_session_is_a_degraded_state_and_no_fault_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise apsw.IOError("disk I/O error")

    with running_town(tmp_path) as town:
        desk, stranger = town.signed_in("wang"), town.client()
        monkeypatch.setattr(town.city.store.ended, "list_between", broken)
        monkeypatch.setattr(town.city.accounts, "connection", broken)

        listed = desk.get("/api/incidents?status=all")
        signed = stranger.post("/api/session", json={"user": "wang", "password": PASSWORD})

        for answer in (listed, signed):
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
            assert answer.json()["type"] == "urn:kuaijing:problem:degraded"
            assert "data folder" in answer.json()["detail"]
        monkeypatch.undo()
