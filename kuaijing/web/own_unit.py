"""An officer's account acts for its own unit only, a post's for the units of its platform; every other role passes."""

from typing import Any

from kuaijing.web.doors import Asked
from kuaijing.web.identity.roles import UserRole
from kuaijing.web.own_beat import on_own_units, with_own_part
from kuaijing.web.problems import Refusal
from kuaijing.web.services import Services


def on_own_unit(services: Services, asked: Asked[Any], unit: str) -> None:
    """Refuse an officer who names another unit, and a post that names another platform's."""
    on_own_units(services, asked, [unit])
    account = asked.who.account
    if account.role is UserRole.OFFICER and account.unit != unit:
        raise Refusal("not-allowed", f"{account.name} is bound to unit {account.unit} and cannot act for unit {unit}")


def on_own_assignment(services: Services, asked: Asked[Any], assignment: str) -> None:
    """Refuse whoever stamps an assignment of a unit that is not theirs; an unknown one is the core's to refuse."""
    if asked.who.account.role not in (UserRole.OFFICER, UserRole.POST):
        return
    found = services.engine.picture.state.assignments.get(assignment)
    if found is None:  # of a day before, which the core brings back for a late stamp
        file = services.engine.find_incident(assignment)
        found = next((each for each in file.assignments if each.id == assignment), None) if file else None
    if found is not None:
        on_own_unit(services, asked, found.unit)


def on_own_incident(services: Services, asked: Asked[Any], incident: str) -> None:
    """Refuse an officer whose unit, or a post whose platform, has no part in the incident, be it of today or of a day before."""
    with_own_part(services, asked, incident)
    account = asked.who.account
    if account.role is not UserRole.OFFICER:
        return
    file = services.engine.find_incident(incident)
    if file is not None and not any(each.unit == account.unit for each in file.assignments):
        raise Refusal("not-allowed", f"unit {account.unit} of {account.name} has no part in incident {incident}")
