"""The kind of an incident, as the plan in force knows it."""

import msgspec

from kuaijing.domain.plan_document import Kind
from kuaijing.web.services import Services
from kuaijing.wire.help_kind import CODE, help_kind
from kuaijing.wire.problems import BadRequest, Fault
from kuaijing.wire.requests import Identifier


def kind_named(services: Services, code: str) -> Kind:
    """The kind of that code, or a refusal that lists the codes there are."""
    plan = services.plan_in_force()
    kind = help_kind(plan) if code == CODE else plan.find_kind(code)
    if kind is None:
        known = ", ".join(each.code for each in plan.kinds[:40])
        raise BadRequest([Fault("kind", code, "not a kind of the plan in force", f"give one of {known}")])
    return kind


def kind_faults(services: Services, raw: bytes) -> list[Fault]:
    """What is wrong with the ``kind`` of a body that cannot be taken for other reasons; nothing where no plan is in force."""
    try:
        code = msgspec.json.decode(raw, type=_Kind).kind
        if services.plans.current() is not None:
            kind_named(services, code)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return []  # not there, or no text: said already
    except BadRequest as refused:
        return refused.faults
    return []


class _Kind(msgspec.Struct):
    kind: Identifier
