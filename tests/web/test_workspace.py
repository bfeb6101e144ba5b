"""The doors of the workroom: who may, drafts by revision, proposals by two persons, jobs one at a time, the desk unhurt."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from kuaijing.city.generate.writing import generate_city
from kuaijing.city.ground import open_ground
from kuaijing.web.identity.roles import UserRole
from tests.web.town import PASSWORD, Town, running_town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town that lies in a folder, since workers open it again."""
    folder = tmp_path_factory.mktemp("ground") / "city"
    generate_city(folder, seed=5, area_km2=3.0, progress=lambda step: None)
    with running_town(tmp_path_factory.mktemp("data"), ground=open_ground(folder)) as running:
        running.city.accounts.add("yan", UserRole.ANALYST, PASSWORD)
        yield running


@pytest.fixture(scope="module")
def yan(town: Town) -> httpx.Client:
    client = town.signed_in("yan")
    client.timeout = httpx.Timeout(120)
    return client


@pytest.fixture(scope="module")
def chief(town: Town) -> httpx.Client:
    return town.signed_in("chief")


def made(yan: httpx.Client, name: str) -> Any:
    answer = yan.post("/api/studies/drafts", json={"name": name})
    assert answer.status_code == 201, answer.text
    return answer.json()


def begun(yan: httpx.Client, kind: str, draft: str, **asked: Any) -> Any:
    answer = yan.post("/api/studies/jobs", json={"kind": kind, "draft": draft, "asked": asked})
    assert answer.status_code == 201, answer.text
    return answer.json()


def waited(yan: httpx.Client, job: str, beside: Callable[[], None] = lambda: None) -> Any:
    for _ in range(900):
        held = next(each for each in yan.get("/api/studies/jobs").json() if each["id"] == job)
        if held["state"] not in ("waiting", "running"):
            return held
        beside()
        time.sleep(0.1)
    raise AssertionError(held)


def proposed(town: Town, yan: httpx.Client, name: str) -> tuple[str, Any]:
    """A draft with one block moved, proposed from now on."""
    draft = made(yan, name)
    detail = yan.get(f"/api/studies/drafts/{draft['id']}").json()
    blocks = yan.get("/api/studies/blocks").json()
    for one, other, _ in blocks["borders"]:
        labels = detail["labels"]
        if labels[one] != labels[other]:
            body = {"revision": detail["draft"]["revision"], "block": one, "beat": labels[other]}
            answer = yan.post(f"/api/studies/drafts/{draft['id']}/move", json=body)
            if answer.status_code == 200:
                detail = answer.json()
                break
            assert answer.status_code == 422
            assert "parts" in answer.json()["detail"]
    body = {"revision": detail["draft"]["revision"], "valid_from": town.now(), "note": "试行"}
    answer = yan.post(f"/api/studies/drafts/{draft['id']}/propose", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()["ids"]["proposal"], detail


def test_only_analysts_and_administrators_study_and_an_analyst_commands_nothing(town: Town, yan: httpx.Client) -> None:
    assert town.signed_in("wang").get("/api/studies").status_code == 403
    assert yan.get("/api/studies").status_code == 200
    assert yan.get("/api/state").status_code == 200
    unit = yan.get("/api/units").json()[0]["id"]
    assert yan.post(f"/api/units/{unit}/status", json={"status": "off_duty"}).status_code == 403
    assert yan.post("/api/calls", json={}).status_code == 403


def test_the_analysis_is_answered_by_a_worker_and_then_at_once(yan: httpx.Client) -> None:
    study = yan.get("/api/studies/demand?days=28&group=true").json()
    assert sum(sum(day) for day in study["week"]) == study["in_period"] > 0
    began = time.monotonic()
    assert yan.get("/api/studies/demand?days=28&group=true").json() == study
    assert time.monotonic() - began < 2
    refused = yan.get("/api/studies/demand?kinds=nothing")
    assert refused.status_code == 422
    assert "nothing" in refused.json()["detail"]


def test_a_job_draws_the_draft_while_the_desk_takes_calls(town: Town, yan: httpx.Client) -> None:
    draft, wang = made(yan, "两个巡区"), town.signed_in("wang")
    job = begun(yan, "beats", draft["id"], k=2, seconds=2)
    slow: list[float] = []

    def call() -> None:
        began = time.monotonic()
        town.call(wang)
        slow.append(time.monotonic() - began)

    assert waited(yan, job["id"], call)["state"] == "done"
    assert slow
    detail = yan.get(f"/api/studies/drafts/{draft['id']}").json()
    assert detail["draft"]["revision"] == 2
    assert set(detail["labels"]) == {0, 1}
    assert yan.get(f"/api/studies/drafts/{draft['id']}/export").content[:2] == b"PK"


def test_a_cancelled_job_changes_nothing_and_the_next_one_runs(yan: httpx.Client) -> None:
    draft = made(yan, "停下")
    long, short = begun(yan, "beats", draft["id"], k=3, seconds=300), begun(yan, "beats", draft["id"], k=2, seconds=1)
    assert short["state"] == "waiting"
    assert yan.delete(f"/api/studies/jobs/{long['id']}").status_code == 200
    assert waited(yan, long["id"])["state"] == "cancelled"
    assert waited(yan, short["id"])["state"] == "done"
    assert yan.get(f"/api/studies/drafts/{draft['id']}").json()["draft"]["revision"] == 2


def test_what_a_job_cannot_do_is_refused_in_words(yan: httpx.Client) -> None:
    draft = made(yan, "太多")
    held = waited(yan, begun(yan, "beats", draft["id"], k=1000)["id"])
    assert held["state"] == "refused"
    assert "blocks of this city" in held["why"]
    unknown = yan.post("/api/studies/jobs", json={"kind": "magic", "draft": draft["id"]})
    assert unknown.status_code == 422
    wrong = yan.post("/api/studies/jobs", json={"kind": "beats", "draft": draft["id"], "asked": {"k": "x"}})
    assert wrong.status_code == 422


def test_a_draft_that_somebody_else_changed_is_not_overwritten(yan: httpx.Client, chief: httpx.Client) -> None:
    draft = made(yan, "共用")
    path = f"/api/studies/drafts/{draft['id']}"
    assert chief.post(path, json={"revision": 1, "name": "共用二"}).json()["revision"] == 2
    late = yan.post(path, json={"revision": 1, "name": "共用三"})
    assert (late.status_code, late.json()["type"]) == (409, "urn:kuaijing:problem:stale-draft")
    assert yan.delete(path).status_code == 200
    assert yan.get(path).status_code == 404


def test_a_proposal_needs_another_person_and_goes_stale_with_the_plan(
    town: Town, yan: httpx.Client, chief: httpx.Client
) -> None:
    first, _ = proposed(town, yan, "甲")
    second, detail = proposed(town, yan, "乙")
    assert yan.post(f"/api/proposals/{first}/accept", json={}).status_code == 403
    assert chief.get(f"/api/proposals/{second}/proof").json()["figures"] == detail["figures"]

    assert chief.post(f"/api/proposals/{first}/accept", json={}).status_code == 200
    assert chief.get("/api/plan").json()["version"].endswith("甲")
    again = chief.post(f"/api/proposals/{first}/accept", json={})
    assert again.status_code == 409
    stale = chief.post(f"/api/proposals/{second}/accept", json={})
    assert (stale.status_code, stale.json()["type"]) == (409, "urn:kuaijing:problem:stale-plan")
    assert yan.post(f"/api/proposals/{second}/reject", json={"reason": "依据已变"}).status_code == 200
    told = {each["id"]: each for each in yan.get("/api/proposals").json()}
    assert (told[first]["status"], told[first]["decided_by"]) == ("enacted", "chief")
    assert told[second]["status"] == "rejected"


def test_who_proposed_cannot_accept_even_as_administrator(town: Town, chief: httpx.Client) -> None:
    chief.timeout = httpx.Timeout(120)
    own, _ = proposed(town, chief, "自己的")
    answer = chief.post(f"/api/proposals/{own}/accept", json={})
    assert answer.status_code == 409
    assert "somebody else" in answer.json()["detail"]


def test_a_repeated_command_of_the_workroom_is_done_once_and_answered_alike(yan: httpx.Client) -> None:
    def post(path: str, key: str, body: object) -> httpx.Response:
        return yan.post(f"/api/studies{path}", json=body, headers={"Idempotency-Key": key})

    first, again = (post("/drafts", "made-once", {"name": "一次"}) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert post("/drafts", "made-once", {"name": "二次"}).status_code == 409
    draft = first.json()["id"]

    change = {"revision": 1, "name": "改名", "note": ""}
    renamed = [post(f"/drafts/{draft}", "renamed-once", change) for _ in range(2)]
    assert [each.json()["revision"] for each in renamed] == [2, 2]
    assert post(f"/drafts/{draft}", "another-key", change).status_code == 409  # stale: nobody gets past the revision

    with ThreadPoolExecutor(4) as many:  # pressed several times at once
        body = {"kind": "beats", "draft": draft, "asked": {"k": 2, "seconds": 1}}
        started = list(many.map(lambda _: post("/jobs", "begun-once", body), range(4)))
    assert len({each.json()["id"] for each in started}) == 1
    assert sum(each["draft"] == draft for each in yan.get("/api/studies/jobs").json()) == 1
    waited(yan, started[0].json()["id"])

    gone = [yan.delete(f"/api/studies/drafts/{draft}", headers={"Idempotency-Key": "gone-once"}) for _ in range(2)]
    assert [each.status_code for each in gone] == [200, 200]
    assert yan.delete(f"/api/studies/drafts/{draft}").status_code == 404


def test_a_key_of_the_workroom_belongs_to_who_gave_it(yan: httpx.Client, chief: httpx.Client) -> None:
    bodies = ({"name": "研判的"}, {"name": "主任的"})
    made = [
        client.post("/api/studies/drafts", json=body, headers={"Idempotency-Key": "shared"}).json()["name"]
        for client, body in zip((yan, chief), bodies, strict=True)
    ]
    assert made == ["研判的", "主任的"]


def test_a_job_is_not_begun_on_what_it_does_not_know_or_what_has_no_bounds(yan: httpx.Client) -> None:
    draft = made(yan, "界限")["id"]
    for kind, asked, named in (
        ("platforms", {"nosuch": 1}, "nosuch"),
        ("platforms", {"units": {"car": 10**12}}, "units"),
        ("platforms", {"seconds": "nan"}, "seconds"),
        ("platforms", {"sites": [[1]]}, "sites"),
        ("force", {"unit_class": "car", "target": {}}, "target"),
        ("force", {"unit_class": "car", "target": {"rest": 0.9}, "most": -5}, "most"),
        ("day", {"slower": ["nan"] * 5}, "slower"),
        ("compare", {"days": 3660, "replications": 1000}, "days"),
        ("compare", {"policy": "../x"}, "policy"),
    ):
        answer = yan.post("/api/studies/jobs", json={"kind": kind, "draft": draft, "asked": asked})
        assert answer.status_code == 422, (kind, asked, answer.text)
        assert named in answer.text


def test_a_draft_has_a_name_that_can_be_seen(yan: httpx.Client) -> None:
    for name in ("", " ", "\u3000\t", "\u200b", "\u2060 \ufeff"):
        assert yan.post("/api/studies/drafts", json={"name": name}).status_code == 422, name


def test_what_is_proposed_differs_from_today_and_has_a_date_that_somebody_can_mean(
    town: Town, yan: httpx.Client
) -> None:
    draft = made(yan, "无改动")["id"]

    def answer(valid_from: str) -> httpx.Response:
        body = {"revision": 1, "valid_from": valid_from, "note": "试"}
        return yan.post(f"/api/studies/drafts/{draft}/propose", json=body)

    same = answer(town.now())
    assert same.status_code == 422
    assert "change it" in same.json()["detail"]
    waited(yan, begun(yan, "beats", draft, k=2, seconds=1)["id"])
    revision = yan.get(f"/api/studies/drafts/{draft}").json()["draft"]["revision"]
    for when in ("0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z"):
        body = {"revision": revision, "valid_from": when, "note": "试"}
        told = yan.post(f"/api/studies/drafts/{draft}/propose", json=body)
        assert told.status_code == 422, told.text
        assert told.json()["faults"][0]["field"] == "valid_from"


@pytest.mark.timeout(300)
def test_two_drafts_are_compared_and_a_finished_comparison_makes_a_report(yan: httpx.Client) -> None:
    one, other = made(yan, "甲<b>案</b>")["id"], made(yan, "乙案")["id"]
    waited(yan, begun(yan, "beats", one, k=2, seconds=1)["id"])
    early = yan.get(f"/api/studies/drafts/{one}/report")
    assert early.status_code == 422
    assert "run that comparison first" in early.json()["detail"]

    asked = {"days": 2, "replications": 2}
    told = waited(yan, begun(yan, "compare_drafts", one, against=other, **asked)["id"])
    assert told["state"] == "done", told
    kept = yan.get(f"/api/studies/drafts/{one}/answers/compare_drafts").json()
    assert kept["against"] == "乙案 (1)"
    assert len(kept["plans"]) == 2
    for against, status in ((one, 422), ("d00000000", 404), ("../x", 404)):
        body = {"kind": "compare_drafts", "draft": one, "asked": {**asked, "against": against}}
        assert yan.post("/api/studies/jobs", json=body).status_code == status

    assert yan.get(f"/api/studies/drafts/{one}/report").status_code == 422  # that was no comparison with today's plan
    assert waited(yan, begun(yan, "compare", one, **asked)["id"])["state"] == "done"
    report = yan.get(f"/api/studies/drafts/{one}/report")
    assert report.status_code == 200
    assert "承诺与区间" in report.text
    assert "sandbox" in report.headers["content-security-policy"]
    assert "甲&lt;b&gt;案&lt;/b&gt; (2)" in report.text
    assert "<script" not in report.text
    assert "甲<b>" not in report.text
    assert yan.get(f"/api/studies/drafts/{one}/report?form=exe").status_code == 422
