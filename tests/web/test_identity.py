"""Who may do what: sessions, roles, an officer's own unit, the masked audience, other sites' pages, lockout."""

import time
from collections import defaultdict
from pathlib import Path

import httpx
import pytest

from kuaijing.web.identity.accounts import Accounts, BadAccount, LockedOut, NoAccounts, WrongPassword
from kuaijing.web.identity.preferences import find_preferences, keep_preferences
from kuaijing.web.identity.roles import UserRole
from kuaijing.web.identity.sessions import Sessions
from tests.web.town import PASSWORD, QUICK, Town


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    return Accounts(tmp_path, hasher=QUICK)


def test_five_failures_lock_the_account_for_fifteen_minutes(accounts: Accounts) -> None:
    accounts.add("wang", UserRole.DISPATCHER, PASSWORD)
    for second in range(5):
        with pytest.raises(WrongPassword):
            accounts.check("wang", "wrong password", now=1000.0 + second)
    with pytest.raises(LockedOut) as locked:
        accounts.check("wang", PASSWORD, now=1005.0)
    assert locked.value.wait_s == pytest.approx(15 * 60 - 1)
    assert accounts.check("wang", PASSWORD, now=1005.0 + 15 * 60).name == "wang"


def test_a_success_forgets_the_failures_before_it(accounts: Accounts) -> None:
    accounts.add("wang", UserRole.DISPATCHER, PASSWORD)
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(WrongPassword):
                accounts.check("wang", "wrong password")
        accounts.check("wang", PASSWORD)


def test_an_unknown_name_is_told_the_same_and_locked_the_same(accounts: Accounts) -> None:
    accounts.add("wang", UserRole.DISPATCHER, PASSWORD)
    for _ in range(5):
        with pytest.raises(WrongPassword):
            accounts.check("nobody", PASSWORD)
    with pytest.raises(LockedOut):
        accounts.check("nobody", PASSWORD)


def test_without_any_account_it_is_said_how_to_make_one(accounts: Accounts) -> None:
    with pytest.raises(NoAccounts, match="kuaijing user add"):
        accounts.check("wang", PASSWORD)


@pytest.mark.parametrize(
    ("name", "role", "password", "unit"),
    [
        ("", UserRole.DISPATCHER, PASSWORD, None),
        ("a b", UserRole.DISPATCHER, PASSWORD, None),
        ("a\x00", UserRole.DISPATCHER, PASSWORD, None),
        ("wang", UserRole.DISPATCHER, "short", None),
        ("li", UserRole.OFFICER, PASSWORD, None),
        ("wang", UserRole.DISPATCHER, PASSWORD, "U1"),
    ],
)
def test_an_impossible_account_is_refused(
    accounts: Accounts, name: str, role: UserRole, password: str, unit: str | None
) -> None:
    with pytest.raises(BadAccount):
        accounts.add(name, role, password, unit=unit)
    assert accounts.list_all() == []


def test_neither_password_nor_token_is_in_the_file(accounts: Accounts, tmp_path: Path) -> None:
    account = accounts.add("wang", UserRole.DISPATCHER, PASSWORD)
    token, _ = Sessions(accounts).open(account)
    accounts.close()
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"wang" in held
    assert PASSWORD.encode() not in held
    assert token.encode() not in held


def test_a_session_ends_with_its_time_and_with_its_account(accounts: Accounts) -> None:
    account = accounts.add("wang", UserRole.DISPATCHER, PASSWORD)
    brief = Sessions(accounts, lasts_s=0.05, remember_s=0.0)
    token, _ = brief.open(account)
    assert brief.find(token) is not None
    time.sleep(0.06)
    assert brief.find(token) is None
    lasting = Sessions(accounts, remember_s=0.0)
    token, _ = lasting.open(account)
    accounts.remove("wang")
    assert lasting.find(token) is None


def test_the_cookie_is_closed_to_scripts_and_other_sites(town: Town) -> None:
    answer = town.client().post("/api/session", json={"user": "wang", "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert answer.json() | {"expires_at": ""} == {
        "user": "wang", "name": "wang", "role": "dispatcher", "unit": None, "audience": "full", "expires_at": "",
        "platform": None, "preferences": {},
    }  # fmt: skip


def test_a_wrong_password_is_401_and_never_echoed(town: Town) -> None:
    answer = town.client().post("/api/session", json={"user": "chief", "password": "wrong horse"})
    assert answer.status_code == 401
    answer = town.client().post("/api/session", json={"user": 5, "password": ["secret horse"]})
    assert answer.status_code == 422
    assert "secret horse" not in answer.text


def test_after_signing_out_the_token_opens_nothing(town: Town) -> None:
    desk = town.signed_in("wang")
    token = desk.cookies["kuaijing_session"]
    assert desk.delete("/api/session").status_code == 200
    other = httpx.get(f"{town.url}/api/session", cookies={"kuaijing_session": token}, trust_env=False)
    assert other.status_code == 401


def test_without_a_session_only_health_and_the_document_answer(town: Town) -> None:
    stranger = town.client()
    assert stranger.get("/api/health").status_code == 200
    described = stranger.get("/api/openapi.json").json()
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            if "security" not in operation:
                continue
            answer = stranger.request(method, path.format_map(_NAMES))
            assert answer.status_code == 401, (method, path, answer.text)


_NAMES = defaultdict(lambda: "x", z="1", x="1", y="1")


def test_an_officer_acts_for_the_own_unit_only(town: Town) -> None:
    desk, officer = town.signed_in("wang"), town.signed_in("officer")
    own, other = town.plan.force[0].unit, town.plan.force[1].unit
    incident = town.call(desk)["incident"]
    for unit in (own, other):
        version = desk.get(f"/api/units/{unit}").json()["version"]
        line = {"unit": unit, "version": version, "mode": "queue"}
        answer = desk.post(f"/api/incidents/{incident}/orders", json={"units": [line]})
        assert answer.is_success, answer.text
    parts = {
        part["unit"]: part["id"] for part in desk.get(f"/api/incidents/{incident}").json()["incident"]["assignments"]
    }
    assert officer.post(f"/api/assignments/{parts[own]}/acknowledged").status_code == 200
    assert officer.post(f"/api/assignments/{parts[other]}/acknowledged").status_code == 403
    assert officer.post(f"/api/units/{other}/status", json={"status": "off_duty"}).status_code == 403
    report = {"lon": 112.0, "lat": 27.0, "measured_at": town.now(), "crs": "wgs84"}
    assert officer.post("/api/positions", json={"unit": other, **report}).status_code == 403
    assert officer.post("/api/positions", json={"unit": own, **report}).status_code == 200
    assert officer.post(f"/api/incidents/{incident}/notes", json={"text": "到了"}).status_code == 200
    assert officer.post(f"/api/incidents/{incident}/close", json={"outcome": "false"}).status_code == 403
    assert officer.get(f"/api/incidents/{incident}/recommendation").status_code == 403
    stranger = town.call(desk)["incident"]
    assert officer.post(f"/api/incidents/{stranger}/notes", json={"text": "?"}).status_code == 403


def test_the_masked_audience_sees_no_caller_phone_words_or_leader(town: Town) -> None:
    desk, officer = town.signed_in("wang"), town.signed_in("officer")
    incident = town.call(desk, caller="赵秘密", phone="13912345678", words="我家住在某某巷")["incident"]
    secrets = ["赵秘密", "13912345678", "某某巷"]
    leaders = [unit["leader"] for unit in desk.get("/api/units").json() if unit["leader"]]
    for path in ("/api/state", f"/api/incidents/{incident}", "/api/units", "/api/incidents"):
        shown = officer.get(path).text
        assert not [secret for secret in (*secrets, *leaders) if secret in shown], path
    shown = desk.get("/api/state").text
    assert all(secret in shown for secret in secrets)
    state = officer.get("/api/state").json()
    assert state["audience"] == "masked"
    assert all(call["masked"] for call in state["calls"])


def test_the_masked_audience_sees_who_goes_on_with_an_incident_and_not_the_words_to_them(town: Town) -> None:
    desk, officer = town.signed_in("wang"), town.signed_in("officer")
    incident = town.call(desk)["incident"]
    close = {"outcome": "mediation", "follow_up": {"by": "station", "text": "回访赵秘密"}}
    assert desk.post(f"/api/incidents/{incident}/close", json=close).status_code == 200
    for path in ("/api/state", f"/api/incidents/{incident}", "/api/incidents?status=all"):
        assert "回访赵秘密" in desk.get(path).text, path
        assert "回访赵秘密" not in officer.get(path).text, path
    shown = officer.get(f"/api/incidents/{incident}").json()
    assert shown["incident"]["follow_up"] == {"by": "station", "text": ""}


def test_a_follow_up_says_who(town: Town) -> None:
    desk = town.signed_in("wang")
    incident = town.call(desk)["incident"]
    for follow_up in (
        {"text": "回访"},
        {"by": "uncle"},
        {"by": "station", "text": "x" * 501},
        {"by": "station", "when": 1},
    ):
        answer = desk.post(f"/api/incidents/{incident}/close", json={"outcome": "settled", "follow_up": follow_up})
        assert answer.status_code == 422, answer.text
        assert any("follow_up" in fault["field"] for fault in answer.json()["faults"]), answer.text


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://elsewhere.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}],
)
def test_a_command_from_another_sites_page_is_refused(town: Town, headers: dict[str, str]) -> None:
    answer = town.signed_in("wang").post("/api/shift/handover", json={"to": "赵"}, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["type"].endswith(":foreign-origin")


def test_only_an_administrator_puts_a_plan_in_force(town: Town) -> None:
    assert town.signed_in("wang").post("/api/plan", files={"files": b"x"}).status_code == 403


def test_what_the_screens_remember_goes_with_the_account_and_with_nobody_else(town: Town) -> None:
    desk, other = town.signed_in("chief"), town.signed_in("wang")
    kept = {"queueFolded": True, "queueWide": 300, "locale": "en", "sideWide": None}
    assert desk.get("/api/me/preferences").json() == {"kept": {}}
    assert desk.put("/api/me/preferences", json={"kept": kept}).json() == {"kept": kept}
    assert town.signed_in("chief").get("/api/session").json()["preferences"] == kept
    assert other.get("/api/me/preferences").json() == {"kept": {}}
    desk.put("/api/me/preferences", json={"kept": {"locale": "zh"}})
    assert desk.get("/api/me/preferences").json() == {"kept": {"locale": "zh"}}  # the last writer wins, as a whole


def test_more_than_a_screen_needs_is_not_kept(town: Town) -> None:
    desk = town.signed_in("chief")
    before = desk.get("/api/me/preferences").json()
    many = {f"x{chr(97 + n // 26)}{chr(97 + n % 26)}": 1 for n in range(49)}
    unfit: list[dict[str, object]] = [{**many}, {"note": "x" * 33}, {"a b": 1}, {"n": 1e9}, {"deep": {}}, {"a\n": 1}]
    unfit += [{"a": "\x00"}, {"a": "\u202ezh"}]  # as in any text: nothing that hides or turns round what is read
    for kept in unfit:
        assert desk.put("/api/me/preferences", json={"kept": kept}).status_code == 422, kept
    assert desk.put("/api/me/preferences", json={"kept": {"a": "x" * 9000}}).status_code == 413
    assert desk.get("/api/me/preferences").json() == before


def test_an_account_that_is_taken_away_leaves_nothing_and_a_new_password_leaves_all(accounts: Accounts) -> None:
    accounts.add("wang", UserRole.DISPATCHER, PASSWORD)
    keep_preferences(accounts, "wang", {"reach": True})
    accounts.add("wang", UserRole.DISPATCHER, PASSWORD, replace=True)
    assert find_preferences(accounts, "wang") == {"reach": True}
    accounts.remove("wang")
    assert find_preferences(accounts, "wang") == {}
