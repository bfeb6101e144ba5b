"""What stood on a dispatcher's screen when units were ordered: the advice named by the order, as it was stored then.

An order names its advice by digest; several units ordered at once are one order, one entry after the other in the log. Advice that was
looked at and not ordered by is not in the log, so it is not told here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kuaijing.domain.assignments import AssignmentOrdered, AssignmentQueued
from kuaijing.engine.advice.advice import Advice, advice_of
from kuaijing.engine.ports import AdviceStore
from kuaijing.engine.recorded import Recorded
from kuaijing.measures.instants import Instant


@dataclass(frozen=True, slots=True)
class OrderedUnit:
    """A unit that the order named."""

    unit: str
    call_sign: str
    role: str
    mode: str
    """``now`` or ``queue``."""
    assignment: str


@dataclass(frozen=True, slots=True)
class Advised:
    """One order with the advice that it names."""

    at: Instant
    seq: int
    actor: str
    units: tuple[OrderedUnit, ...]
    digest: str | None
    """``None``: no advice was on screen."""
    advice: Advice | None
    """``None`` also where the advice is no longer kept."""


def advised_orders(timeline: Iterable[Recorded], incident: str, store: AdviceStore, until: Instant) -> list[Advised]:
    """Orders of an incident recorded by ``until``, oldest first. A unit whose turn in the queue comes is no new order."""
    found: list[Advised] = []
    last = 0
    for entry in timeline:
        event = entry.event
        if entry.recorded_at > until or not isinstance(event, AssignmentOrdered | AssignmentQueued):
            continue
        if event.incident != incident or (isinstance(event, AssignmentOrdered) and event.from_queue):
            continue
        mode = "queue" if isinstance(event, AssignmentQueued) else "now"
        unit = OrderedUnit(event.unit, event.call_sign, str(event.role), mode, event.assignment)
        before = found[-1] if found else None
        together = before is not None and (before.at, before.actor, before.digest) == (
            entry.recorded_at,
            entry.actor,
            event.advice,
        )
        if before is not None and together and entry.seq - last <= 3:
            found[-1] = replace(before, units=(*before.units, unit))
        else:
            found.append(Advised(entry.recorded_at, entry.seq, entry.actor, (unit,), event.advice, None))
        last = entry.seq
    return [replace(each, advice=_stored(store, each.digest)) for each in found]


def _stored(store: AdviceStore, digest: str | None) -> Advice | None:
    body = None if digest is None else store.find(digest)
    return None if body is None else advice_of(body)
