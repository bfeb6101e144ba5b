"""Advice and reach of the engine as they are shown."""

from collections.abc import Iterable

from kuaijing.engine.advice import Advice, Candidate, CoverMove, ReachSummary
from kuaijing.measures.instants import to_datetime
from kuaijing.wire.advice import AdviceView, CandidateView, CoverMoveView
from kuaijing.wire.pictures import ReachView, TierReachView


def advice_view(advice: Advice) -> AdviceView:
    """The whole advice."""
    return AdviceView(
        digest=advice.digest,
        incident=advice.incident,
        incident_version=advice.incident_version,
        picture_version=advice.picture_version,
        made_at=to_datetime(advice.made_at),
        tier=advice.tier,
        tier_limit_s=advice.tier_limit_s,
        purpose=advice.purpose,
        plan=advice.plan,
        wanted=advice.wanted,
        unmet=advice.unmet,
        guidance=advice.guidance,
        guidance_en=advice.guidance_en,
        followers=list(advice.followers),
        candidates=[_candidate(each) for each in advice.candidates],
        reach_before=advice.reach_before,
        reach_after=advice.reach_after,
        cover=cover_views(advice.cover),
        reach_restored=advice.reach_restored,
    )


def cover_views(moves: Iterable[CoverMove]) -> list[CoverMoveView]:
    """Cover moves."""
    return [CoverMoveView(**{name: getattr(move, name) for name in CoverMoveView.__struct_fields__}) for move in moves]


def reach_view(reach: ReachSummary) -> ReachView:
    """The live 1-3-5 by tier."""
    tiers = [
        TierReachView(each.tier, each.street_m, each.street_reached_m, each.expected_per_h, each.expected_reached_per_h)
        for each in reach.tiers
    ]
    return ReachView(to_datetime(reach.at), reach.demand, tiers)


def _candidate(candidate: Candidate) -> CandidateView:
    return CandidateView(**{name: getattr(candidate, name) for name in CandidateView.__struct_fields__})
