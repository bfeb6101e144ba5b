"""Messages of the planning workspace: histories, drafts, jobs, proposals. What a study answers is the study's own record."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from kuaijing.wire.requests import Body, LongText, Reason, Zoned

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=r"[^\s\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")]
"""Of a draft: something can be seen of it."""
Revision = Annotated[int, msgspec.Meta(ge=1, le=2**31)]
Day = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2000)]


class StudiesView(msgspec.Struct, frozen=True):
    """``GET /api/studies``: what can be studied here, and on what it would rest."""

    tasks: list[str]
    """Long jobs that this server can do."""
    plan: str
    """Digest of the plan in force."""
    plan_version: str
    ground: str
    closures: str
    closures_count: int
    has_history: bool
    kinds: list["KindChoice"]
    groups: list["KindChoice"]
    classes: dict[str, int]
    """Units of the plan in force by class."""
    platforms: int
    beats: int
    tiers: list["TierChoice"]


class KindChoice(msgspec.Struct, frozen=True):
    """A kind or a group of kinds, by the plan's words."""

    code: str
    name: str
    name_en: str


class TierChoice(msgspec.Struct, frozen=True):
    """A tier of the plan in force."""

    id: str
    name: str
    name_en: str
    limit_s: float


class HoldingView(msgspec.Struct, frozen=True):
    """One file on the shelf of histories and layers."""

    name: str
    what: Literal["incidents", "cases", "hazards", "counts"]
    rows: int
    without_place: int
    outside: int
    by_officers: int
    duplicates: int
    faulty: int
    imported_at: str
    by: str
    from_at: datetime | None
    until: datetime | None
    weight: float


class WeightBody(Body, kw_only=True):
    """``POST /api/studies/histories/{name}/weight``: share of the whole demand that a layer gets."""

    weight: Share


class RestsOnView(msgspec.Struct, frozen=True):
    """What a draft was drawn from."""

    plan: str
    plan_version: str
    ground: str
    closures: str
    demand: str


class ProofView(msgspec.Struct, frozen=True):
    """A study whose answer goes with a draft."""

    kind: str
    digest: str
    made_at: str


class DraftView(msgspec.Struct, frozen=True):
    """One draft."""

    id: str
    name: str
    author: str
    made_at: str
    changed_at: str
    changed_by: str
    revision: int
    note: str
    digest: str
    rests_on: RestsOnView
    stale: list[Literal["plan", "ground", "closures"]]
    """What has changed since it was drawn: then it cannot be proposed."""
    changed: bool
    """Differs from the plan that it was drawn from."""
    beats: int
    platforms: int
    units: int
    proofs: list[ProofView]


class DraftBody(Body, kw_only=True):
    """``POST /api/studies/drafts``: a new draft, the plan in force or a copy of another draft."""

    name: Name
    note: LongText = ""
    copy_of: str | None = None


class DraftChangeBody(Body, kw_only=True):
    """``POST /api/studies/drafts/{draft}``: another name or note."""

    revision: Revision
    name: Name
    note: LongText = ""


class MoveBlockBody(Body, kw_only=True):
    """``POST /api/studies/drafts/{draft}/move``: a block into another beat."""

    revision: Revision
    block: Annotated[int, msgspec.Meta(ge=0, le=100_000)]
    beat: Annotated[int, msgspec.Meta(ge=0, le=10_000)]


class ReportQuery(Body, kw_only=True):
    """``GET /api/studies/drafts/{draft}/report``."""

    form: Literal["html", "pdf"] = "html"


class DraftProposeBody(Body, kw_only=True):
    """``POST /api/studies/drafts/{draft}/propose``."""

    revision: Revision
    valid_from: Zoned
    note: Reason


class JobBody(Body, kw_only=True):
    """``POST /api/studies/jobs``: ``asked`` is what the kind of job takes."""

    kind: Annotated[str, msgspec.Meta(min_length=1, max_length=32)]
    draft: Annotated[str, msgspec.Meta(max_length=64)] = ""
    asked: dict[str, Any] = msgspec.field(default_factory=dict)


class JobView(msgspec.Struct, frozen=True):
    """One long job."""

    id: str
    kind: str
    draft: str
    by: str
    asked: dict[str, Any]
    state: Literal["waiting", "running", "done", "refused", "cancelled", "failed"]
    step: str
    share: float
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    why: str


class ProposalView(msgspec.Struct, frozen=True):
    """A plan that was proposed."""

    id: str
    name: str
    version: str
    digest: str
    valid_from: datetime
    note: str
    proposed_by: str
    proposed_at: datetime
    status: Literal["pending", "accepted", "rejected", "enacted"]
    decided_by: str | None
    decided_at: datetime | None
    reason: str
    stale: bool
    proof: str


class DemandQuery(Body, kw_only=True):
    """What of the demand is to be analysed; ``until`` is the day after the last one."""

    until: Day | None = None
    days: Annotated[int, msgspec.Meta(ge=1, le=366)] = 28
    kinds: Annotated[str, msgspec.Meta(max_length=400)] = ""
    """Codes joined by commas; all where empty."""
    group: bool = False
    officers: bool = False
