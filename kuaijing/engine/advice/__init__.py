"""Advice: which units to send and why, and what the free units reach now. Start with ``Advisor`` and ``ReachField``."""

from kuaijing.engine.advice.advice import Advice, Candidate, CoverAdvice, CoverMove, Purpose
from kuaijing.engine.advice.advisor import Advisor
from kuaijing.engine.advice.force import Force, LivePositions
from kuaijing.engine.advice.model import AdviceModel
from kuaijing.engine.advice.reach_field import ReachField
from kuaijing.engine.advice.reach_now import ReachNow, ReachSummary, TierReach
from kuaijing.engine.advice.roads import LiveRoads
from kuaijing.engine.advice.streets import CityStreets
from kuaijing.engine.advice.warming import warm_advice

__all__ = [
    "Advice",
    "AdviceModel",
    "Advisor",
    "Candidate",
    "CityStreets",
    "CoverAdvice",
    "CoverMove",
    "Force",
    "LivePositions",
    "LiveRoads",
    "Purpose",
    "ReachField",
    "ReachNow",
    "ReachSummary",
    "TierReach",
    "warm_advice",
]
