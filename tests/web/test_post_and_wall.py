"""A post's desk within its own beat and nothing beyond it; a screen on a wall that looks, and is not signed out by time."""

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from shapely.geometry import Polygon

from kuaijing.domain.plan_document import BeatArea
from kuaijing.web.identity.accounts import Accounts, BadAccount
from kuaijing.web.identity.roles import UserRole
from kuaijing.web.identity.sessions import LASTS_S, WALL_LASTS_S, Sessions
from tests.web.town import PASSWORD, QUICK, Town, running_town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Two platforms with a beat and units each; a desk at the first, a screen on the wall."""
    with running_town(tmp_path_factory.mktemp("post")) as running:
        running.city.accounts.add("desk", UserRole.POST, PASSWORD, platform=beat(running, 0).platform)
        running.city.accounts.add("wall", UserRole.WALL, PASSWORD)
        yield running


@pytest.fixture(scope="module")
def chief(town: Town) -> httpx.Client:
    return town.signed_in("chief")


@pytest.fixture(scope="module")
def desk(town: Town) -> httpx.Client:
    return town.signed_in("desk")


def beat(town: Town, number: int) -> BeatArea:
    return town.plan.beats[number]


def within(town: Town, number: int) -> dict[str, Any]:
    """A place in that beat."""
    shape = max((Polygon(polygon[0]) for polygon in beat(town, number).polygons), key=lambda each: each.area)
    point = shape.representative_point()
    return {"lon": point.x, "lat": point.y, "text": "路口"}


def call(town: Town, chief: httpx.Client, number: int, **more: Any) -> str:
    """An incident in that beat."""
    opened: str = town.call(chief, place=within(town, number), **more)["incident"]
    assert chief.get(f"/api/incidents/{opened}").json()["incident"]["place"]["beat"] == beat(town, number).id
    return opened


def free(town: Town, chief: httpx.Client, number: int) -> dict[str, Any]:
    """A free unit of that beat's platform."""
    return next(unit for unit in town.free_units(chief) if unit["platform"] == beat(town, number).platform)


def order(door: httpx.Client, incident: str, *units: dict[str, Any], mode: str = "now") -> httpx.Response:
    lines = [{"unit": unit["id"], "version": unit["version"], "mode": mode} for unit in units]
    return door.post(f"/api/incidents/{incident}/orders", json={"units": lines})


def test_a_desk_orders_its_own_units_to_its_own_incidents_only(
    town: Town, chief: httpx.Client, desk: httpx.Client
) -> None:
    here, there = call(town, chief, 0), call(town, chief, 1)
    own, foreign = free(town, chief, 0), free(town, chief, 1)
    for incident, unit in ((here, foreign), (there, own), (there, foreign)):
        refused = order(desk, incident, unit)
        assert refused.status_code == 403, refused.text
        assert refused.json()["type"].endswith(":not-allowed")
    assert order(desk, here, own, foreign).status_code == 403  # not even the half that is its own
    assert free(town, chief, 0)["id"] == own["id"]
    assert order(desk, here, own).is_success


def test_a_desk_leaves_alone_what_the_centre_ordered_elsewhere(
    town: Town, chief: httpx.Client, desk: httpx.Client
) -> None:
    here, there, own = call(town, chief, 0), call(town, chief, 1), free(town, chief, 0)
    part = order(chief, there, own).json()["ids"]["assignments"][0]
    now = chief.get(f"/api/units/{own['id']}").json()
    assert order(desk, here, now, mode="divert").status_code == 403
    assert desk.post(f"/api/assignments/{part}/withdraw", json={"reason": "要回"}).status_code == 403
    assert desk.post(f"/api/assignments/{part}/acknowledged").is_success  # its officer answered, and it says so
    stamped = chief.get(f"/api/incidents/{there}").json()["incident"]["assignments"][0]
    assert stamped["by_voice"] == ["acknowledged"]
    assert desk.post(f"/api/incidents/{there}/notes", json={"text": "本台警力在场"}).is_success
    assert desk.post(f"/api/incidents/{there}/escalate", json={"grade": 1, "reason": "人多"}).status_code == 403


def test_a_desk_withdraws_notes_escalates_and_closes_in_its_beat(
    town: Town, chief: httpx.Client, desk: httpx.Client
) -> None:
    here, own = call(town, chief, 0, kind="noise"), free(town, chief, 0)
    first = order(desk, here, own).json()["ids"]["assignments"][0]
    assert desk.post(f"/api/assignments/{first}/withdraw", json={"reason": "另派"}).is_success
    assert order(desk, here, free(town, chief, 0)).is_success
    assert desk.post(f"/api/incidents/{here}/notes", json={"text": "到了"}).is_success
    assert desk.post(f"/api/incidents/{here}/escalate", json={"grade": 2, "reason": "动手"}).is_success
    assert desk.post(f"/api/incidents/{here}/close", json={"outcome": "settled"}).is_success


def test_a_desk_does_not_close_over_the_heads_of_other_platforms_units(
    town: Town, chief: httpx.Client, desk: httpx.Client
) -> None:
    here = call(town, chief, 0)
    part = order(chief, here, free(town, chief, 1)).json()["ids"]["assignments"][0]
    assert desk.post(f"/api/incidents/{here}/close", json={"outcome": "settled"}).status_code == 403
    assert desk.post(f"/api/assignments/{part}/cleared").status_code == 403
    assert chief.post(f"/api/assignments/{part}/cleared").is_success
    assert desk.post(f"/api/incidents/{here}/close", json={"outcome": "settled"}).is_success


def test_a_desk_moves_its_own_patrols_within_its_beat(town: Town, chief: httpx.Client, desk: httpx.Client) -> None:
    own, foreign = free(town, chief, 0), free(town, chief, 1)

    def move(unit: dict[str, Any], number: int) -> httpx.Response:
        return desk.post(
            "/api/cover", json={"moves": [{"unit": unit["id"], "version": unit["version"], **within(town, number)}]}
        )

    assert move(own, 1).status_code == 403
    assert move(foreign, 0).status_code == 403
    assert move(own, 0).is_success
    assert desk.post("/api/cover", json={"end": [foreign["id"]]}).status_code == 403
    assert desk.post("/api/cover", json={"end": [own["id"]]}).is_success
    assert desk.post(f"/api/units/{own['id']}/status", json={"status": "busy_other"}).is_success
    assert desk.post(f"/api/units/{own['id']}/status", json={"status": "available"}).is_success
    assert desk.post(f"/api/units/{foreign['id']}/status", json={"status": "off_duty"}).status_code == 403
    assert desk.get(f"/api/units/{own['id']}/track").is_success
    assert desk.get(f"/api/units/{foreign['id']}/track").status_code == 403


def test_a_desk_reads_the_callers_of_its_own_beat_and_no_others(
    town: Town, chief: httpx.Client, desk: httpx.Client
) -> None:
    here, there = (call(town, chief, n, caller="赵秘密", phone="13912345678", words="某某巷") for n in (0, 1))
    own = desk.get(f"/api/incidents/{here}").json()["calls"][0]
    assert (own["caller"], own["masked"]) == ("赵秘密", False)
    for path in (f"/api/incidents/{there}", "/api/state", "/api/incidents"):
        assert not [each for each in ("赵秘密", "13912345678", "某某巷") if each in desk.get(path).text], path
    assert desk.get("/api/session").json()["platform"] == beat(town, 0).platform


def test_a_desk_is_no_command_centre(town: Town, chief: httpx.Client, desk: httpx.Client) -> None:
    here, there = call(town, chief, 0), call(town, chief, 1)
    assert desk.get(f"/api/incidents/{there}/recommendation").status_code == 403
    for path, body in (
        ("/api/calls", {"place": within(town, 0), "kind": "fight"}),
        (f"/api/incidents/{here}/merge", {"into": there}),
        (f"/api/incidents/{here}/cancel", {"reason": "?"}),
        ("/api/shift/handover", {"to": "赵"}),
        ("/api/positions", {"unit": "x", "lon": 112.0, "lat": 27.0, "measured_at": town.now(), "crs": "wgs84"}),
    ):
        assert desk.post(path, json=body).status_code == 403, path


def test_a_wall_sees_the_masked_picture_and_nothing_else(town: Town, chief: httpx.Client) -> None:
    call(town, chief, 0, caller="赵秘密", phone="13912345678", words="某某巷")
    wall = town.signed_in("wall")
    assert wall.get("/api/session").json() | {"expires_at": ""} == {
        "user": "wall", "name": "wall", "role": "wall", "unit": None, "audience": "masked", "expires_at": "",
        "platform": None, "preferences": {},
    }  # fmt: skip
    shown = wall.get("/api/state").text
    assert not [each for each in ("赵秘密", "13912345678", "某某巷") if each in shown]
    for path, methods in wall.get("/api/openapi.json").json()["paths"].items():
        for method, operation in methods.items():
            if "security" not in operation:
                continue
            answer = wall.request(
                method, path.replace("{z}", "1").replace("{x}", "1").replace("{y}", "1").format_map(_AnyName())
            )
            if (method, path) in _FOR_WALLS:
                assert answer.status_code not in (401, 403), (method, path, answer.text)
            else:
                assert answer.status_code == 403, (method, path, answer.text)


_FOR_WALLS = {
    ("get", "/api/session"), ("get", "/api/state"), ("get", "/api/plan/areas"), ("get", "/api/map/style"), ("get", "/tiles/{z}/{x}/{y}"),
    ("get", "/api/search"),
}  # fmt: skip


class _AnyName(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "x"


def test_a_wall_stays_signed_in_until_its_account_is_removed(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path, hasher=QUICK)
    sessions = Sessions(accounts, remember_s=0.0)
    wall = accounts.add("wall", UserRole.WALL, PASSWORD)
    token, session = sessions.open(wall)
    assert session.expires_at - time.time() == pytest.approx(WALL_LASTS_S, abs=5)
    _, shift = sessions.open(accounts.add("wang", UserRole.DISPATCHER, PASSWORD))
    assert shift.expires_at - time.time() == pytest.approx(LASTS_S, abs=5)
    accounts.remove("wall")
    assert sessions.find(token) is None


def test_the_walls_cookie_is_kept_by_the_browser_as_long(town: Town) -> None:
    answer = town.client().post("/api/session", json={"user": "wall", "password": PASSWORD})
    kept = next(part for part in answer.headers["set-cookie"].split("; ") if part.lower().startswith("max-age="))
    assert int(kept.partition("=")[2]) == pytest.approx(WALL_LASTS_S, abs=5)


def test_a_post_calls_its_own_beat_and_no_other_area(town: Town, chief: httpx.Client, desk: httpx.Client) -> None:
    def calls(who: httpx.Client, **area: Any) -> httpx.Response:
        return who.post("/api/area-calls", json={"text": "请报告位置", "area": area})

    place = within(town, 0)
    report = {"lon": place["lon"], "lat": place["lat"], "measured_at": town.now(), "crs": "wgs84"}
    stands = chief.post("/api/positions", json={"unit": free(town, chief, 1)["id"], **report})  # of the other platform
    assert stands.json()["accepted"] == 1, stands.text
    assert calls(desk, kind="beat", id=beat(town, 1).id).status_code == 403
    assert calls(desk, kind="circle", lon=place["lon"], lat=place["lat"], radius_m=500).status_code == 403
    own = calls(desk, kind="beat", id=beat(town, 0).id)
    assert own.status_code == 201, own.text
    others = calls(chief, kind="circle", lon=place["lon"], lat=place["lat"], radius_m=50_000)
    assert others.status_code == 201, others.text
    for made, ends in ((own, True), (others, False)):
        ended = desk.post(f"/api/area-calls/{made.json()['ids']['area_call']}/end", json={})
        assert (ended.status_code == 403, ended.is_success) == (not ends, ends), ended.text


def test_a_posts_call_writes_into_its_own_incidents_only(town: Town, chief: httpx.Client, desk: httpx.Client) -> None:
    place, own = within(town, 0), call(town, chief, 0)
    report = {"lon": place["lon"], "lat": place["lat"], "measured_at": town.now(), "crs": "wgs84"}
    chief.post("/api/positions", json={"unit": free(town, chief, 0)["id"], **report})
    there = call(town, chief, 1)
    for incident, status in ((there, 403), (own, 201), ("nosuch", 404)):
        body = {"text": "某某请报告", "area": {"kind": "beat", "id": beat(town, 0).id}, "incident": incident}
        assert desk.post("/api/area-calls", json=body).status_code == status, incident
    assert "某某请报告" not in chief.get(f"/api/incidents/{there}").text


@pytest.mark.parametrize(
    ("role", "bound"),
    [
        (UserRole.POST, {}),
        (UserRole.POST, {"unit": "U1"}),
        (UserRole.WALL, {"platform": "P1"}),
        (UserRole.OFFICER, {"platform": "P1"}),
    ],
)
def test_a_post_is_bound_to_a_platform_and_nobody_else_is(
    tmp_path: Path, role: UserRole, bound: dict[str, Any]
) -> None:
    accounts = Accounts(tmp_path, hasher=QUICK)
    with pytest.raises(BadAccount):
        accounts.add("x", role, PASSWORD, **bound)
    assert accounts.list_all() == []


def test_accounts_of_a_release_without_posts_are_read(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "accounts.sqlite")
    db.execute(
        "CREATE TABLE accounts(name TEXT PRIMARY KEY, role TEXT NOT NULL, unit TEXT, hash TEXT NOT NULL, made_at REAL NOT NULL) STRICT"
    )
    db.execute("INSERT INTO accounts VALUES('wang','dispatcher',NULL,?,0)", (QUICK.hash(PASSWORD),))
    db.commit()
    db.close()
    accounts = Accounts(tmp_path, hasher=QUICK)
    assert accounts.check("wang", PASSWORD).platform is None
    accounts.add("desk", UserRole.POST, PASSWORD, platform="P1")
    assert accounts.check("desk", PASSWORD).platform == "P1"


def test_an_incidents_sheet_has_what_was_advised_at_its_order(
    town: Town, chief: httpx.Client, desk: httpx.Client
) -> None:
    here, there = call(town, chief, 0), call(town, chief, 1)
    advice, own = desk.get(f"/api/incidents/{here}/recommendation").json(), free(town, chief, 0)
    line = {"unit": own["id"], "version": own["version"]}
    assert desk.post(f"/api/incidents/{here}/orders", json={"units": [line], "advice": advice["digest"]}).is_success
    (told,) = desk.get(f"/api/incidents/{here}/advised").json()
    assert (told["actor"], [unit["unit"] for unit in told["units"]]) == ("desk", [own["id"]])
    assert told["advice"]["digest"] == advice["digest"]
    assert desk.get(f"/api/incidents/{there}/advised").status_code == 403
