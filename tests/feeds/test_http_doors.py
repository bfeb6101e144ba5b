"""The HTTP doors as the makers of the clients expect them: what gets in, what is turned away, and with which status."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from kuaijing.feeds.gate import ADDRESS_TRIES, REMEMBERED_S, TRIES, WINDOW_S, Gate
from kuaijing.feeds.http import handlers
from tests.feeds.street_of_devices import Street, degrees, iso, traccar


class Accounts:
    """One gateway account, ``gate`` with ``long password``; counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def is_gateway(self, user: str, password: str) -> bool:
        self.asked += 1
        return (user, password) == ("gate", "long password")


class Place:
    """A street with its doors open; ``seconds`` is the gate's clock."""

    def __init__(self) -> None:
        self.street, self.accounts, self.seconds = Street(), Accounts(), 1000.0
        self.gate = Gate(self.street.book, self.accounts, lambda: self.seconds)


@contextmanager
def open_doors() -> Iterator[tuple[Place, TestClient[Litestar]]]:
    place = Place()
    app = Litestar(handlers(place.street.normaliser, place.gate), openapi_config=None, logging_config=None)
    with TestClient(app) as client:
        yield place, client


def basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def osmand(key: str = "a", seconds: float = 0.0, **more: Any) -> dict[str, Any]:
    lon, lat = degrees(100, 0)
    return {"id": key, "lon": lon, "lat": lat, "timestamp": iso(seconds), **more}


def test_osmand_is_200_for_a_proven_device_and_400_without_an_id() -> None:
    with open_doors() as (place, client):
        place.street.book.enter("osmand", "a")

        proven = client.get("/api/feeds/osmand", params=osmand(code="code of a"))
        nameless = client.post("/api/feeds/osmand", params={"lat": 60, "lon": 30, "code": "x"})

        assert (proven.status_code, proven.content) == (200, b"")
        assert place.street.table.find("Q1") is not None
        assert nameless.status_code == 400
        assert [fault["field"] for fault in nameless.json()["faults"]] == ["id"]


@pytest.mark.parametrize("how", ["query", "token", "bearer", "basic", "form", "json"])
def test_code_may_come_by_every_way_that_a_client_has(how: str) -> None:
    with open_doors() as (place, client):
        place.street.book.enter("osmand", "a")
        lon, lat = degrees(100, 0)
        door, code = "/api/feeds/osmand", "code of a"
        as_json = {
            "device_id": "a",
            "location": {"timestamp": iso(0), "coords": {"longitude": lon, "latitude": lat, "speed": -1}},
        }
        answer = {
            "query": lambda: client.get(door, params=osmand(code=code)),
            "token": lambda: client.post(door, params=osmand(token=code)),
            "bearer": lambda: client.get(door, params=osmand(), headers={"Authorization": f"Bearer {code}"}),
            "basic": lambda: client.get(door, params=osmand(), headers=basic("whoever", code)),
            "form": lambda: client.post(f"{door}?code={code}", data=osmand()),
            "json": lambda: client.post(f"{door}?code={code}", json=as_json),
        }[how]()

        assert answer.status_code == 200, answer.text
        assert place.street.table.find("Q1") is not None


def test_outsider_is_not_told_whether_the_device_or_the_code_is_wrong() -> None:
    with open_doors() as (place, client):
        place.street.book.enter("osmand", "a")

        answers = [
            client.get("/api/feeds/osmand", params=params)
            for params in (osmand("a"), osmand("a", code="wrong"), osmand("stranger", code="code of stranger"))
        ]

        assert [answer.status_code for answer in answers] == [401, 401, 401]
        assert len({answer.json()["detail"] for answer in answers}) == 1
        assert place.street.table.find("Q1") is None
        assert place.street.book.faults == {("osmand", "a", "unauthenticated"): 1, ("osmand", "a", "wrong_code"): 1}
        assert set(place.street.book.strangers) == {("osmand", "stranger")}


def test_wrong_codes_are_slowed_down_for_that_device_from_that_address_only() -> None:
    with open_doors() as (place, client):
        place.street.book.enter("osmand", "a", "Q1")
        place.street.book.enter("osmand", "b", "Q2")

        wrong = [client.get("/api/feeds/osmand", params=osmand(code=f"{n}")).status_code for n in range(TRIES)]
        right = client.get("/api/feeds/osmand", params=osmand(code="code of a"))
        other = client.get("/api/feeds/osmand", params=osmand("b", code="code of b"))
        place.seconds += WINDOW_S
        later = client.get("/api/feeds/osmand", params=osmand(code="code of a"))

        assert wrong == [401] * TRIES
        assert (right.status_code, right.headers["Retry-After"]) == (429, "60")  # nothing is looked at any more
        assert other.status_code == 200
        assert later.status_code == 200


def test_one_code_tried_on_many_devices_is_slowed_down_by_address() -> None:
    with open_doors() as (place, client):
        for number in range(ADDRESS_TRIES + 1):
            place.street.book.enter("osmand", f"d{number}")

        statuses = [
            client.get("/api/feeds/osmand", params=osmand(f"d{number}", code="guess")).status_code
            for number in range(ADDRESS_TRIES + 1)
        ]

        assert statuses == [401] * ADDRESS_TRIES + [429]


def test_withdrawn_device_is_told_so_once_it_has_proven_itself() -> None:
    with open_doors() as (place, client):
        place.street.book.enter("osmand", "a", active=False)

        assert client.get("/api/feeds/osmand", params=osmand(code="code of a")).status_code == 403


def test_position_that_the_judgement_refuses_is_no_fault_of_the_message() -> None:
    with open_doors() as (place, client):
        place.street.book.enter("osmand", "a")

        again = [client.get("/api/feeds/osmand", params=osmand(code="code of a")).status_code for _ in range(3)]

        assert again == [200] * 3
        assert [each.refusal and each.refusal.reason.value for each in place.street.judged] == [
            None,
            *["duplicate"] * 2,
        ]


def test_owntracks_is_answered_with_an_empty_list_also_to_an_empty_body() -> None:
    with open_doors() as (place, client):
        place.street.book.enter("owntracks", "zhang/phone")
        lon, lat = degrees(100, 0)
        message = {"_type": "location", "lon": lon, "lat": lat, "tst": 1_790_000_000, "vel": 36, "tid": "ZH"}

        answers = [
            client.post("/api/feeds/owntracks?d=phone", json=message, headers=basic("zhang", "code of zhang/phone")),
            client.post("/api/feeds/owntracks", content=b""),
            client.post("/api/feeds/owntracks", json={"_type": "status"}),
        ]

        assert [(answer.status_code, answer.json()) for answer in answers] == [(200, [])] * 3
        fix = place.street.table.find("Q1")
        assert fix is not None
        assert fix.speed_mps == pytest.approx(10.0)


def test_gateway_account_answers_for_its_devices_and_is_told_of_each() -> None:
    with open_doors() as (place, client):
        place.street.book.enter("traccar", "138")
        signed = basic("gate", "long password")

        known = client.post("/api/feeds/traccar", json=traccar(0, 100, 0), headers=signed)
        stranger = client.post("/api/feeds/traccar", json=traccar(0, 100, 0, key="139"), headers=signed)
        unsigned = client.post("/api/feeds/traccar", json=traccar(1, 100, 0))

        assert known.json() == {"accepted": 1, "refused": []}
        assert (stranger.status_code, stranger.json()["refused"][0]["reason"]) == (200, "unknown_device")
        assert unsigned.status_code == 401


def test_gateway_password_is_checked_once_a_minute_not_once_a_position() -> None:
    with open_doors() as (place, client):
        place.street.book.enter("traccar", "138")
        signed = basic("gate", "long password")

        for seconds in range(10):
            assert client.post("/api/feeds/traccar", json=traccar(seconds, 100, 0), headers=signed).status_code == 200
        asked = place.accounts.asked
        place.seconds += REMEMBERED_S
        client.post("/api/feeds/traccar", json=traccar(11, 100, 0), headers=signed)

        assert (asked, place.accounts.asked) == (1, 2)


def test_wrong_gateway_password_is_slowed_down_too() -> None:
    with open_doors() as (place, client):
        place.street.book.enter("traccar", "138")

        for number in range(TRIES + 5):
            assert client.post(
                "/api/feeds/traccar", json=traccar(0, 100, 0), headers=basic("gate", f"{number}")
            ).status_code in (401, 429)

        assert place.accounts.asked == TRIES


def test_devices_that_give_their_codes_as_basic_password_lock_no_gateway_account_out() -> None:
    with open_doors() as (place, client):
        place.street.book.enter("traccar", "138")
        own, gate = basic("138", "code of 138"), basic("gate", "long password")

        answers = [
            client.post("/api/feeds/traccar", json=traccar(second, 100, 0), headers=own).status_code
            for second in range(TRIES + 3)
        ]
        by_gate = client.post("/api/feeds/traccar", json=traccar(TRIES + 4, 100, 0), headers=gate).json()

        assert set(answers) == {200}
        assert by_gate["accepted"] == 1


def test_gateway_account_opens_no_door_of_single_devices() -> None:
    with open_doors() as (place, client):
        place.street.book.enter("osmand", "a")

        answer = client.get("/api/feeds/osmand", params=osmand(), headers=basic("gate", "long password"))

        assert (answer.status_code, place.accounts.asked) == (401, 0)


def test_retried_traccar_post_with_sos_is_one_duplicate_and_one_call_for_help() -> None:
    with open_doors() as (place, client):
        place.street.book.enter("traccar", "138")
        message = traccar(0, 100, 0, attributes={"alarm": "sos"})

        answers = [client.post("/api/feeds/traccar?code=code of 138", json=message).json()["refused"] for _ in range(3)]

        assert [[each["reason"] for each in answer] for answer in answers] == [[], ["duplicate"], ["duplicate"]]
        assert len(place.street.helped()) == 1


def test_batch_by_device_codes_takes_the_proven_ones() -> None:
    with open_doors() as (place, client):
        place.street.book.enter("json", "a", "Q1")
        place.street.book.enter("json", "b", "Q2")
        lon, lat = degrees(100, 0)
        fixes = [{"lon": lon, "lat": lat, "measured_at": iso(0)}]
        both = [{"device": "a", "code": "code of a", "fixes": fixes}, {"device": "b", "code": "guess", "fixes": fixes}]

        answer = client.post("/api/feeds/batch", json={"devices": both})

        assert (answer.status_code, answer.json()["accepted"]) == (200, 1)
        assert [(each["index"], each["reason"]) for each in answer.json()["refused"]] == [(1, "wrong_code")]


def test_body_beyond_the_doors_bound_is_refused_unread() -> None:
    with open_doors() as (place, client):
        assert client.post("/api/feeds/owntracks", content=b" " * 70_000).status_code == 413
        assert client.post("/api/feeds/batch", content=b"x" * (1024 * 1024 + 1)).status_code == 413
        assert place.street.judged == []


def test_message_that_is_none_is_400_with_its_faults() -> None:
    with open_doors() as (place, client):
        place.street.book.enter("traccar", "138")
        message = traccar(0, 100, 0)
        message["position"]["latitude"] = "north"

        answer = client.post("/api/feeds/traccar", content=json.dumps(message).encode())

        assert answer.status_code == 400
        assert answer.json()["faults"][0]["field"] == "position.latitude"
        assert place.street.book.faults["traccar", "138", "unreadable"] == 1
        assert client.post("/api/feeds/traccar", content=b"\xff\x00").status_code == 400
