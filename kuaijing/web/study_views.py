"""Records of the workroom as the messages that leave by HTTP, and how the doors of studies find their parts."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from kuaijing.domain.plan_document import PlanDocument
from kuaijing.domain.proposals import Proposal, closures_mark
from kuaijing.measures.instants import Instant, to_datetime
from kuaijing.studies.beat_plan import BeatFigures
from kuaijing.studies.city_study import Frozen
from kuaijing.studies.drafts import Draft, RestsOn
from kuaijing.studies.jobs import Job
from kuaijing.studies.shelf import Holding
from kuaijing.studies.workroom import Workroom
from kuaijing.web.problems import Refusal
from kuaijing.web.services import Proposals, Services
from kuaijing.wire.plans import canonical
from kuaijing.wire.studies import DraftView, HoldingView, JobView, ProofView, ProposalView, RestsOnView


class PostLine(msgspec.Struct, frozen=True):
    """A platform of a plan with what stands there."""

    id: str
    name: str
    name_en: str
    beat: str
    at: list[float]
    """Longitude, latitude."""
    units: dict[str, int]
    """By class."""


class BeatName(msgspec.Struct, frozen=True):
    """A beat of a plan, in the order in which blocks name it."""

    id: str
    name: str
    name_en: str


class DraftDetail(msgspec.Struct, frozen=True):
    """One draft with its beats and figures beside today's."""

    draft: DraftView
    beats: list[BeatName]
    labels: list[int]
    """Beat of each block, by its place in ``beats``."""
    platforms: list[list[float]]
    """Longitude and latitude of each beat's platform."""
    figures: BeatFigures
    posts: list[PostLine]
    today_beats: list[BeatName]
    today: BeatFigures
    today_posts: list[PostLine]


def workroom(services: Services) -> Workroom:
    """The workroom; a city that is served always has one."""
    if services.studies is None:
        raise Refusal("not-found", "this server keeps no studies")
    return services.studies


def proposals(services: Services) -> Proposals:
    """The proposals."""
    if services.proposals is None:
        raise Refusal("not-found", "this server takes no proposals")
    return services.proposals


def rests_on(services: Services) -> RestsOn:
    """What a draft drawn now would rest on."""
    state = services.engine.picture.state
    services.plan_in_force()
    assert state.plan is not None
    return RestsOn(state.plan.digest, state.plan.version, services.city.ground, closures_mark(state.closures.values()))


def frozen_now(services: Services) -> Frozen:
    """The picture of now. Touches the disk."""
    plan, digest = services.plan_in_force(), rests_on(services).plan
    return workroom(services).frozen(canonical(plan), digest)


def frozen_of(services: Services, draft: Draft) -> Frozen:
    """The picture that a draft was drawn from, with the demand of now. Touches the disk."""
    base = services.plans.document(draft.rests_on.plan)
    return workroom(services).frozen(canonical(base), draft.rests_on.plan)


def draft_view(services: Services, draft: Draft, plan: PlanDocument) -> DraftView:
    """A draft, with what has changed since it was drawn."""
    now, then = rests_on(services), draft.rests_on
    stale = [name for name in ("plan", "ground", "closures") if getattr(now, name) != getattr(then, name)]
    return DraftView(
        draft.id, draft.name, draft.author, draft.made_at, draft.changed_at, draft.changed_by, draft.revision,
        draft.note, draft.digest, RestsOnView(then.plan, then.plan_version, then.ground, then.closures, then.demand),
        stale,  # type: ignore[arg-type]
        draft.digest != then.plan, len(plan.beats), len(plan.platforms), len(plan.force),
        [ProofView(each.kind, each.digest, each.made_at) for each in draft.proofs],
    )  # fmt: skip


def posts_of(plan: PlanDocument) -> list[PostLine]:
    """The platforms of a plan with their units."""
    lines = []
    for platform in plan.platforms:
        units: dict[str, int] = {}
        for unit in plan.force:
            if unit.platform == platform.id:
                units[str(unit.unit_class)] = units.get(str(unit.unit_class), 0) + 1
        at = [platform.point.lon, platform.point.lat]
        lines.append(PostLine(platform.id, platform.name, platform.name_en, platform.beat, at, units))
    return lines


def beat_names(plan: PlanDocument) -> list[BeatName]:
    """The beats of a plan in their order."""
    return [BeatName(beat.id, beat.name, beat.name_en) for beat in plan.beats]


def job_view(job: Job) -> JobView:
    """A job as it stands."""
    asked: dict[str, Any] = dict(job.asked)
    return JobView(
        job.id, job.kind, job.subject, job.by, asked, job.state, job.step, job.share, job.asked_at, job.started_at,
        job.ended_at, job.why,
    )  # fmt: skip


def holding_view(holding: Holding) -> HoldingView:
    """A file on the shelf."""
    timed = holding.until > 0
    return HoldingView(
        holding.name, holding.what, holding.rows,  # type: ignore[arg-type]
        holding.without_place, holding.outside, holding.by_officers, holding.duplicates, holding.faulty,
        holding.imported_at, holding.by, _moment(holding.from_at) if timed else None,
        _moment(holding.until) if timed else None, holding.weight,
    )  # fmt: skip


def proposal_view(services: Services, held: Proposal) -> ProposalView:
    """A proposal, and whether it could still be accepted."""
    stale = False
    if held.status == "pending":
        now = rests_on(services)
        stale = (held.base, held.closures) != (now.plan, now.closures)
    return ProposalView(
        held.id, held.name, held.version, held.digest, to_datetime(held.valid_from), held.note, held.proposed_by,
        to_datetime(held.proposed_at), held.status,  # type: ignore[arg-type]
        held.decided_by, None if held.decided_at is None else to_datetime(held.decided_at), held.reason, stale,
        held.proof,
    )  # fmt: skip


def _moment(instant: int) -> datetime:
    return to_datetime(Instant(instant)).astimezone(UTC)
