"""A command repeated by the network is done once and answered alike, also by a server that was started anew."""

from pathlib import Path

from tests.web.town import Town, running_town


def _body(town: Town) -> dict[str, object]:
    west, south, _, _ = town.city.ground.bbox
    return {"place": {"lon": west, "lat": south}, "kind": "fight", "words": "打架"}


def test_a_repeat_gets_the_first_answer_also_after_a_restart(tmp_path: Path) -> None:
    key = {"Idempotency-Key": "7f0c6a1e-call"}
    with running_town(tmp_path) as town:
        desk = town.signed_in("wang")
        first = desk.post("/api/calls", json=_body(town), headers=key)
        again = desk.post("/api/calls", json=_body(town), headers=key)
        assert first.status_code == again.status_code == 201
        assert again.json() == first.json() | {"repeated": True}
        session = dict(desk.cookies)
    with running_town(tmp_path) as town:
        desk = town.client()
        desk.cookies.update(session)  # the session holds over the restart too
        later = desk.post("/api/calls", json=_body(town), headers=key)
        assert later.json() == first.json() | {"repeated": True}
        assert len(desk.get("/api/incidents").json()) == 1
        assert desk.get("/api/state").json()["calls"][0]["words"] == "打架"


def test_a_key_used_for_another_request_is_refused(town: Town) -> None:
    desk, key = town.signed_in("wang"), {"Idempotency-Key": "one-key"}
    incident = town.call(desk)["incident"]
    assert desk.post(f"/api/incidents/{incident}/notes", json={"text": "一"}, headers=key).status_code == 200
    answer = desk.post(f"/api/incidents/{incident}/notes", json={"text": "二"}, headers=key)
    assert answer.status_code == 409
    assert answer.json()["faults"][0]["field"] == "Idempotency-Key"


def test_two_people_may_use_the_same_key(town: Town) -> None:
    key = {"Idempotency-Key": "shared"}
    answers = [town.signed_in(user).post("/api/calls", json=_body(town), headers=key).json() for user in ("wang", "li")]
    assert answers[0]["ids"] != answers[1]["ids"]


def test_a_key_that_is_no_key_is_refused(town: Town) -> None:
    desk = town.signed_in("wang")
    for key in ("", "with space", "x" * 129):
        answer = desk.post("/api/calls", json=_body(town), headers={"Idempotency-Key": key})
        assert answer.status_code == 422, key
