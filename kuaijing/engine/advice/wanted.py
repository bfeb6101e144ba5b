"""What an incident wants: one row per role still to be filled, who may take it, and the capabilities that somebody must carry.

Read from the response plan. What has been ordered already is taken off. A drone is asked for only where the plan names the
class, since it always flies nearest and arrests nobody. A follower is a role of ours only where some unit of the force
carries its capability; the others (station, traffic squad, ambulance) are told by the plan's list, by people.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kuaijing.domain.assignments import Assignment
from kuaijing.domain.incidents import Incident
from kuaijing.domain.plan_document import ResponsePlan
from kuaijing.domain.units import Unit
from kuaijing.domain.words import Role, UnitClass
from kuaijing.engine.advice.advice import Purpose
from kuaijing.engine.choice.divert import reinforcements_wanted

WEIGHT = {Role.FIRST: 1.0, Role.REINFORCEMENT: 1.0, Role.SUPPORT: 0.5, Role.FOLLOWER: 0.25}
"""How much a role's arrival counts in the joint choice: the first on scene is the 1-3-5 figure."""

ONE_UNIT = ResponsePlan("", "", "", 1, 0, (), (), (), 30.0, "", "")
"""What stands in where the plan in force does not know the incident's response plan."""


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """Roles to fill and who may fill them."""

    roles: tuple[Role, ...]
    may: NDArray[np.bool_]
    """(roles, units): class and capability fit; says nothing of status."""
    weight: NDArray[np.float64]
    capabilities: tuple[str, ...]
    carries: NDArray[np.bool_]
    """(units, capabilities)."""
    preference: NDArray[np.float64]
    """(units,): the plan's order of classes, 0 best liked."""

    def counted(self) -> dict[str, int]:
        """How many of each role."""
        return dict(Counter(str(role) for role in self.roles))


def wanted_of(
    incident: Incident, plan: ResponsePlan, purpose: Purpose, on_it: list[Assignment], units: tuple[Unit, ...]
) -> Wanted:
    """What is still wanted for ``incident``; ``on_it`` are its running assignments."""
    by_id = {unit.id: unit for unit in units}
    carried = {skill for each in on_it if each.unit in by_id for skill in by_id[each.unit].capabilities}
    capabilities = tuple(skill for skill in dict.fromkeys(plan.capabilities) if skill not in carried)
    ground = np.array([_may_go(unit, plan) for unit in units], np.bool_)
    fits_first = ground & np.array([not plan.classes or unit.unit_class in plan.classes for unit in units], np.bool_)
    if purpose is Purpose.REINFORCEMENT:
        missing = plan.first + plan.support - len(on_it)
        count = max(reinforcements_wanted(incident.grade), missing)
        rows = [(Role.REINFORCEMENT, ground)] * count
    else:
        has = Counter(each.role for each in on_it)
        rows = [(Role.FIRST, fits_first)] * max(0, plan.first - has[Role.FIRST])
        rows += [(Role.SUPPORT, ground)] * max(0, plan.support - has[Role.SUPPORT])
        rows += _followers(plan, carried, has[Role.FOLLOWER], ground, units)
    return Wanted(
        roles=tuple(role for role, _ in rows),
        may=np.array([may for _, may in rows], np.bool_).reshape(len(rows), len(units)),
        weight=np.array([WEIGHT[role] for role, _ in rows], np.float64),
        capabilities=capabilities,
        carries=np.array([[skill in unit.capabilities for skill in capabilities] for unit in units], np.bool_).reshape(
            len(units), len(capabilities)
        ),
        preference=np.array([_rank(unit, plan) for unit in units], np.float64),
    )


def _may_go(unit: Unit, plan: ResponsePlan) -> bool:
    return unit.unit_class != UnitClass.DRONE or unit.unit_class in plan.classes


def _rank(unit: Unit, plan: ResponsePlan) -> float:
    if unit.unit_class not in plan.classes:
        return 1.0
    return plan.classes.index(unit.unit_class) / len(plan.classes)


def _followers(
    plan: ResponsePlan, carried: set[str], have: int, ground: NDArray[np.bool_], units: tuple[Unit, ...]
) -> list[tuple[Role, NDArray[np.bool_]]]:
    rows = []
    for follower in plan.followers:
        skill = follower.capability
        if not skill or skill in plan.capabilities or skill in carried:
            continue
        fits = ground & np.array([skill in unit.capabilities for unit in units], np.bool_)
        if fits.any():
            rows.append((Role.FOLLOWER, fits))
    return rows[have:]
