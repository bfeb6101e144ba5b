"""What a planning report may hold; each section is there where its part is."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kuaijing.domain.plan_document import PlanDocument
    from kuaijing.studies.fleet_questions import DayPlan, WorthLine
    from kuaijing.studies.platforms import FleetStudy, LeastForce
    from kuaijing.studies.questions import BeatsAnswer
    from kuaijing.studies.rerun import Rerun
    from kuaijing.studies.what_if_lines import Comparison


@dataclass(frozen=True, slots=True)
class ReportParts:
    """Answers of studies."""

    plan: "PlanDocument | None" = None
    """The plan that the report is about; the frozen one where not given."""
    beats: "BeatsAnswer | None" = None
    fleet: "FleetStudy | None" = None
    worth: "list[WorthLine]" = field(default_factory=list)
    force: "LeastForce | None" = None
    day: "DayPlan | None" = None
    comparison: "Comparison | None" = None
    """Of the plan before (first) with the plan of the report (last)."""
    rerun: "Rerun | None" = None
