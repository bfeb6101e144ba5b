"""The words of an order on a terminal's small screen: incident, grade, kind, place, guidance. Never anything of the caller.

What is said is what the officer's page shows to the ``masked`` audience. A terminal takes 499 Chinese characters; the guidance is cut.
"""

from typing import Final

from kuaijing.domain.plan_document import PlanDocument
from kuaijing.domain.state import State
from kuaijing.feeds.jt808.messages import MOST_TEXT_BYTES
from kuaijing.wire.help_kind import CODE, help_kind

_GRADES: Final = {1: "一级", 2: "二级", 3: "三级", 4: "四级"}


def order_text(state: State, assignment: str, plan: PlanDocument | None) -> str | None:
    """The order, or ``None`` where it is no more."""
    part = state.assignments.get(assignment)
    incident = None if part is None else state.incidents.get(part.incident)
    if incident is None:
        return None
    kind, guidance = incident.kind, ""
    if plan is not None:
        found = help_kind(plan) if incident.kind == CODE else plan.find_kind(incident.kind)
        kind = kind if found is None else found.name
        response = plan.find_response_plan(incident.plan)
        guidance = "" if response is None else response.guidance
    place = incident.place.text
    if incident.place.road and incident.place.road not in place:
        place = f"{place}（{incident.place.road}）" if place else incident.place.road
    if not place:
        place = f"经度{incident.place.point.lon:.5f} 纬度{incident.place.point.lat:.5f}"
    grade = _GRADES.get(incident.grade, "")
    helped = "" if incident.raised_by is None else _help(state, incident.raised_by)
    text = f"【出警】{incident.id} {grade} {kind}{helped}。地点：{place}。"
    return cut(text + (f"提示：{guidance}" if guidance else ""))


def withdrawal_text(incident: str, reason: str) -> str:
    """The order is taken back."""
    return cut(f"【撤回】{incident} 出警指令已撤回" + (f"：{reason}" if reason else "") + "。")


def cut(text: str) -> str:
    """As much as a terminal takes."""
    words = " ".join(text.split())
    while len(words.encode("gbk", "replace")) > MOST_TEXT_BYTES:
        over = len(words.encode("gbk", "replace")) - MOST_TEXT_BYTES
        words = words[: -(over // 2 + 2)] + "…"
    return words


def _help(state: State, unit: str) -> str:
    known = state.units.get(unit)
    return f"（{unit if known is None else known.call_sign}）"
