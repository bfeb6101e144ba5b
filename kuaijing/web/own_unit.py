"""An officer's account acts for its own unit only; every other role passes."""

from typing import Any

from kuaijing.web.doors import Asked
from kuaijing.web.identity.roles import UserRole
from kuaijing.web.problems import Refusal
from kuaijing.web.services import Services


def on_own_unit(asked: Asked[Any], unit: str) -> None:
    """Refuse an officer who names another unit."""
    account = asked.who.account
    if account.role is UserRole.OFFICER and account.unit != unit:
        raise Refusal("not-allowed", f"{account.name} is bound to unit {account.unit} and cannot act for unit {unit}")


def on_own_assignment(services: Services, asked: Asked[Any], assignment: str) -> None:
    """Refuse an officer who stamps another unit's assignment; an unknown one is the core's to refuse."""
    found = services.engine.picture.state.assignments.get(assignment)
    if found is not None:
        on_own_unit(asked, found.unit)


def on_own_incident(services: Services, asked: Asked[Any], incident: str) -> None:
    """Refuse an officer whose unit has no part in the incident."""
    account, state = asked.who.account, services.engine.picture.state
    found = state.incidents.get(incident)
    if account.role is not UserRole.OFFICER or found is None:
        return
    if not any(state.assignments[each].unit == account.unit for each in found.assignments if each in state.assignments):
        raise Refusal("not-allowed", f"unit {account.unit} of {account.name} has no part in incident {incident}")
