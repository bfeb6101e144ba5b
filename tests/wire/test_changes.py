"""For every event of the domain: the picture before, with the change applied, is the picture after. TypeScript reads the same cases."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from kuaijing.domain.registry import EVENT_TYPES
from kuaijing.wire.changes import applied, changes_between
from kuaijing.wire.live import Changes
from kuaijing.wire.masking import masked_put, masked_state
from kuaijing.wire.pictures import StateView
from tests.wire.write_cases import CASES, record


class _Case(msgspec.Struct):
    name: str
    events: list[str]
    before: StateView
    changes: Changes
    after: StateView


_FILES = sorted(CASES.glob("*.json"))


def _read(path: Path) -> _Case:
    return msgspec.json.decode(path.read_bytes(), type=_Case)


@pytest.mark.parametrize("path", _FILES, ids=[path.stem for path in _FILES])
def test_before_with_the_change_is_after(path: Path) -> None:
    case = _read(path)
    assert applied(case.before, case.changes) == case.after
    assert changes_between(case.before, case.after) == case.changes


@pytest.mark.parametrize("path", _FILES, ids=[path.stem for path in _FILES])
def test_the_same_holds_for_the_masked_audience_which_sees_no_secret(path: Path) -> None:
    case = _read(path)
    change = msgspec.structs.replace(case.changes, put=masked_put(case.changes.put))
    assert applied(masked_state(case.before), change) == masked_state(case.after)
    told = msgspec.json.encode(change).decode()
    assert not [secret for secret in ("张三", "13800138000", "有人打架", "组长") if secret in told]


def test_every_event_of_the_domain_is_in_some_case() -> None:
    told = {event for path in _FILES for event in _read(path).events}
    asked_for = {"RegisterChanged", "SecretShown", "TerminalAsked"}  # registers are asked for, not pushed
    proposals = {
        "PlanProposed",
        "ProposalAccepted",
        "ProposalRejected",
        "ProposalEnacted",
    }  # asked for; the plan is pushed
    facts_alone = {"TracesLookedAt", "TracesDropped"}  # they stand in the log and move nothing
    assert told == set(EVENT_TYPES) - asked_for - proposals - facts_alone


def test_the_cases_are_what_the_domain_does_today() -> None:
    recorded = asyncio.run(record())
    held = {path.name: path.read_bytes() for path in _FILES}
    again = {f"{number:02d}-{case.name}.json": case.as_json() for number, case in enumerate(recorded)}
    assert held == again, "the domain changed what is shown; write the cases anew: python -m tests.wire.write_cases"


def test_a_change_that_does_not_follow_asks_for_a_snapshot() -> None:
    case = _read(_FILES[5])
    late = msgspec.structs.replace(case.changes, base=case.changes.base + 1)
    assert applied(case.before, late) is None


def test_nothing_changed_is_no_change() -> None:
    case = _read(_FILES[5])
    assert changes_between(case.before, case.before) is None
