"""Drafts: named, versioned, each a whole plan, never half-written."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from kuaijing.domain.plan_document import PlanDocument
from kuaijing.engine.errors import KeyReused
from kuaijing.studies.drafts import Draft, Drafts, NoDraft, RestsOn, StaleDraft, renamed
from kuaijing.studies.receipts import Receipts
from kuaijing.studies.refused import StudyRefused
from kuaijing.wire.plans.provisional import provisional
from tests.grid_ground import grid_ground

RESTS = RestsOn("plan", "1", "ground", "none")


@pytest.fixture(scope="module")
def plan() -> PlanDocument:
    return provisional(grid_ground(5, 5, 250.0), platforms=2)


@pytest.fixture
def drafts(tmp_path: Path) -> Drafts:
    return Drafts(tmp_path)


def test_a_draft_is_the_plan_that_it_was_drawn_from(drafts: Drafts, plan: PlanDocument) -> None:
    draft = drafts.create("夏季", "wang", plan, RESTS)
    assert drafts.plan_of(Drafts(drafts.folder.parent).get(draft.id)) == plan
    assert (draft.revision, draft.rests_on) == (1, RESTS)


def test_a_change_of_somebody_else_is_refused_by_revision(drafts: Drafts, plan: PlanDocument) -> None:
    draft = drafts.create("夏季", "wang", plan, RESTS)
    changed = drafts.change(draft.id, 1, "li", renamed("夏季二", "改"), replace(plan, version="2"))
    assert (changed.revision, changed.name, changed.changed_by) == (2, "夏季二", "li")
    assert drafts.plan_of(changed).version == "2"
    with pytest.raises(StaleDraft, match="li has changed it"):
        drafts.change(draft.id, 1, "wang", renamed("三", ""))


def test_two_drafts_have_two_names(drafts: Drafts, plan: PlanDocument) -> None:
    drafts.create("夏季", "wang", plan, RESTS)
    with pytest.raises(StudyRefused, match="already"):
        drafts.create("夏季", "li", plan, RESTS)


def test_a_study_stays_with_the_plan_that_it_is_of(drafts: Drafts, plan: PlanDocument) -> None:
    draft = drafts.create("夏季", "wang", plan, RESTS)
    drafts.prove(draft.id, 1, "force", b'{"least": 3}')
    held = drafts.get(draft.id)
    assert drafts.answer_of(held, "force") == b'{"least": 3}'
    changed = drafts.change(draft.id, 1, "wang", lambda each: each, replace(plan, version="2"))
    assert changed.proofs == []
    with pytest.raises(StaleDraft):
        drafts.prove(draft.id, 1, "force", b"{}")


def test_a_crash_between_plan_and_record_leaves_the_draft_as_it_was(
    drafts: Drafts, plan: PlanDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = drafts.create("夏季", "wang", plan, RESTS)

    really = os.replace

    def cut(source: Path, target: Path) -> None:
        if target.suffix == ".json":
            raise OSError("power cut")
        really(source, target)

    monkeypatch.setattr(os, "replace", cut)
    with pytest.raises(OSError, match="power cut"):
        drafts.change(draft.id, 1, "wang", renamed("x", ""), replace(plan, version="2"))
    monkeypatch.undo()
    held = drafts.get(draft.id)
    assert held == draft
    assert drafts.plan_of(held) == plan


@pytest.mark.parametrize("name", ["d00000000", "../accounts", "", "d1234567/../x"])
def test_what_is_no_draft_is_refused(drafts: Drafts, name: str) -> None:
    with pytest.raises(NoDraft):
        drafts.get(name)


def test_a_deleted_draft_leaves_nothing(drafts: Drafts, plan: PlanDocument) -> None:
    draft: Draft = drafts.create("夏季", "wang", plan, RESTS)
    drafts.prove(draft.id, 1, "day", b"{}")
    drafts.delete(draft.id)
    assert list(drafts.folder.iterdir()) == []


def test_a_damaged_draft_hides_no_other_and_can_be_thrown_away(
    drafts: Drafts, plan: PlanDocument, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = drafts.create("坏", "wang", plan, RESTS), drafts.create("好", "wang", plan, RESTS)
    (drafts.folder / f"{bad.id}.json").write_bytes(b"{")
    assert [each.id for each in drafts.list_all()] == [good.id]
    assert bad.id in caplog.text
    drafts.delete(bad.id)
    assert not list(drafts.folder.glob(f"{bad.id}*"))


def test_a_plan_that_is_replaced_while_it_is_looked_at_is_stale_and_not_damaged(
    drafts: Drafts, plan: PlanDocument
) -> None:
    seen = drafts.create("夏季", "wang", plan, RESTS)
    drafts.change(seen.id, 1, "li", lambda each: each, replace(plan, version="2"))
    with pytest.raises(StaleDraft, match="li"):
        drafts.plan_of(seen)


def test_an_answer_that_was_replaced_while_it_was_looked_for_is_none(drafts: Drafts, plan: PlanDocument) -> None:
    draft = drafts.create("夏季", "wang", plan, RESTS)
    seen = drafts.prove(draft.id, 1, "force", b"1")
    drafts.prove(draft.id, 1, "force", b"2")
    assert drafts.answer_of(seen, "force") is None


def test_a_receipt_is_of_one_person_key_and_request_and_the_oldest_are_forgotten(tmp_path: Path) -> None:
    receipts = Receipts(tmp_path, most=2)
    receipts.keep("wang", "k1", "f1", b"first")
    assert Receipts(tmp_path).find("wang", "k1", "f1") == b"first"
    assert receipts.find("li", "k1", "f1") is None
    with pytest.raises(KeyReused):
        receipts.find("wang", "k1", "f2")
    for number, key in enumerate(("k1", "k2", "k3")):
        receipts.keep("wang", key, "f1", b"x")
        os.utime(receipts._path("wang", key), ns=(number, number))
    receipts.keep("wang", "k4", "f1", b"x")
    assert [receipts.find("wang", key, "f1") for key in ("k1", "k2", "k3", "k4")] == [None, None, b"x", b"x"]
