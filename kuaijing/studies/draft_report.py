"""The report of a draft, made in the worker from the answers that are kept beside it: what a commander or a mayor reads."""

from dataclasses import replace
from typing import Any, Final

import msgspec

from kuaijing.studies.city_study import Frozen
from kuaijing.studies.fleet_questions import DayPlan
from kuaijing.studies.platforms import FleetStudy, LeastForce
from kuaijing.studies.refused import StudyRefused
from kuaijing.studies.report import report_bytes
from kuaijing.studies.report_parts import ReportParts
from kuaijing.studies.what_if_lines import Comparison
from kuaijing.wire.plans import from_canonical

Kept = tuple[tuple[str, bytes], ...]
"""Answers by the kind of study, as they lie beside the draft."""
_PARTS: Final[dict[str, tuple[str, Any]]] = {
    "platforms": ("fleet", FleetStudy),
    "force": ("force", LeastForce),
    "day": ("day", DayPlan),
    "compare": ("comparison", Comparison),
}


def make_report(frozen: Frozen, plan: bytes, name: str, kept: Kept, pdf: bool) -> bytes:
    """The report of the draft of that name and plan. Raises ``StudyRefused`` where nothing is kept to be reported."""
    parts: dict[str, Any] = {}
    for kind, answer in kept:
        if kind not in _PARTS:
            continue
        part, told = _PARTS[kind]
        try:
            parts[part] = msgspec.json.decode(answer, type=told)
        except msgspec.MsgspecError as error:
            raise StudyRefused(f"the answer of {kind} is of another release ({error}); run that study again") from None
    if "comparison" not in parts:
        raise StudyRefused("a report needs the draft compared with the plan in force; run that comparison first")
    held: Comparison = parts["comparison"]
    own = msgspec.structs.replace(
        held.plans[-1], version=name
    )  # the plan's own version is still that of the plan it was drawn from
    parts["comparison"] = msgspec.structs.replace(held, plans=[*held.plans[:-1], own])
    return report_bytes(frozen, ReportParts(plan=replace(from_canonical(plan), version=name), **parts), pdf=pdf)
