"""The kind under which an officer's call for help is filed: the plan's own, or one that stands in where the plan has none."""

from typing import Final

from kuaijing.domain.plan_document import Kind, PlanDocument

CODE: Final = "officer_help"


def help_kind(plan: PlanDocument) -> Kind:
    """The kind; standing in, it is answered by the response plan of the most urgent kind that there is."""
    found = plan.find_kind(CODE)
    if found is not None:
        return found
    response = min(plan.kinds, key=lambda kind: kind.grade).plan if plan.kinds else ""
    return Kind(CODE, "kuaijing", None, "民警求助", "Officer needs help", "mjqz", 1, response)
