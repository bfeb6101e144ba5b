"""Small named changes of a plan, to ask what if: a platform closed, a unit off duty, a post elsewhere.

Each is refused by name where the plan knows no such thing. What comes out is an ordinary plan document, and who is on duty when, since a
plan document has no shifts of its own. Patrol points stay where they are.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaijing.domain.plan_document import PlanDocument
from kuaijing.measures.points import Point
from kuaijing.simulation.compiled.errors import SimulationError
from kuaijing.simulation.compiled.planned import units_of
from kuaijing.studies.refused import StudyRefused

_SAID: Final = 12


class ClosePlatform(msgspec.Struct, frozen=True, tag="close"):
    """The platform is closed. Its units are off duty, or go to another platform."""

    platform: str
    units_to: str = ""


class UnitOff(msgspec.Struct, frozen=True, tag="off"):
    """A unit is off duty, at all hours or in some of the local day (from, until; past midnight where until is not after from)."""

    unit: str
    hours: tuple[int, int] | None = None


class MovePlatform(msgspec.Struct, frozen=True, tag="move"):
    """The platform stands elsewhere, and its units with it."""

    platform: str
    lon: float
    lat: float


Edit = ClosePlatform | UnitOff | MovePlatform


def edit_of(how: str, text: str) -> Edit:
    """Read one as it is typed: ``close`` P03 or P03=P04 (units go there), ``off`` U or U@22-6, ``move`` P03=lon,lat."""
    name, _, rest = text.partition("@" if how == "off" else "=")
    if how == "close" and name:
        return ClosePlatform(name, rest)
    if how == "off" and name:
        found = re.fullmatch(r"(\d{1,2})-(\d{1,2})", rest)
        if not rest:
            return UnitOff(name)
        if found:
            return UnitOff(name, (int(found[1]), int(found[2])))
        raise StudyRefused(f"--off {text}: hours {rest!r} are not of the form 22-6; write UNIT or UNIT@22-6")
    if how == "move" and name:
        try:
            lon, lat = (float(value) for value in rest.split(","))
        except ValueError:
            raise StudyRefused(f"--move {text}: {rest!r} is no place; write PLATFORM=lon,lat") from None
        return MovePlatform(name, lon, lat)
    raise StudyRefused(f"--{how} {text!r} says nothing; see `kuaijing plan rerun --help`")


def edited(plan: PlanDocument, edits: Sequence[Edit]) -> tuple[PlanDocument, NDArray[np.bool_] | None]:
    """The plan so changed, and the duty of its units on duty (units by identifier, 168 hours) where some are off at times.

    Raises
    ------
    StudyRefused
        The plan knows no such platform or unit, the place is off the earth, nobody is left.
    """
    off: dict[str, list[tuple[int, int]]] = {}
    for edit in edits:
        if isinstance(edit, ClosePlatform):
            plan = _closed(plan, edit)
        elif isinstance(edit, MovePlatform):
            plan = _moved(plan, edit)
        else:
            _unit_known(plan, edit.unit)
            if edit.hours is None:
                force = tuple(replace(unit, on_duty=False) if unit.unit == edit.unit else unit for unit in plan.force)
                plan = replace(plan, force=force)
            else:
                off.setdefault(edit.unit, []).append(_hours(edit))
    try:
        units = units_of(plan)
    except SimulationError as error:
        raise StudyRefused(f"with these changes: {error}") from None
    if not off:
        return plan, None
    duty = np.ones((len(units), 168), np.bool_)
    for row, unit in enumerate(units):
        for start, until in off.get(unit.unit, []):
            for hour in range(24):
                inside = start <= hour < until if start < until else hour >= start or hour < until
                duty[row, hour::24] &= not inside
    return plan, duty


def said(edits: Sequence[Edit]) -> list[str]:
    """The changes in words."""
    words = []
    for edit in edits:
        if isinstance(edit, ClosePlatform):
            to = f",警力并入 units to {edit.units_to}" if edit.units_to else ",其警力下勤 its units off duty"
            words.append(f"撤销平台 closed {edit.platform}{to}")
        elif isinstance(edit, MovePlatform):
            words.append(f"平台移位 moved {edit.platform} → {edit.lon:g}, {edit.lat:g}")
        else:
            when = "" if edit.hours is None else f" {edit.hours[0]:02d}–{edit.hours[1]:02d}"
            words.append(f"警组下勤 off duty {edit.unit}{when}")
    return words


def _closed(plan: PlanDocument, edit: ClosePlatform) -> PlanDocument:
    _platform_known(plan, edit.platform)
    if edit.units_to:
        _platform_known(plan, edit.units_to)
        if edit.units_to == edit.platform:
            raise StudyRefused(f"the units of {edit.platform} cannot go to {edit.platform} itself, which is closed")
    force = []
    for unit in plan.force:
        if unit.platform != edit.platform:
            force.append(unit)
        elif edit.units_to:
            force.append(replace(unit, platform=edit.units_to, home=None))
        else:
            force.append(replace(unit, on_duty=False))
    left = tuple(platform for platform in plan.platforms if platform.id != edit.platform)
    return replace(plan, platforms=left, force=tuple(force))


def _moved(plan: PlanDocument, edit: MovePlatform) -> PlanDocument:
    _platform_known(plan, edit.platform)
    if not (-180 <= edit.lon <= 180 and -90 <= edit.lat <= 90):
        raise StudyRefused(
            f"platform {edit.platform} cannot stand at {edit.lon:g}, {edit.lat:g}; write lon,lat in degrees"
        )
    at = Point(edit.lon, edit.lat)
    platforms = tuple(replace(each, point=at) if each.id == edit.platform else each for each in plan.platforms)
    force = tuple(replace(unit, home=None) if unit.platform == edit.platform else unit for unit in plan.force)
    return replace(plan, platforms=platforms, force=force)


def _hours(edit: UnitOff) -> tuple[int, int]:
    start, until = edit.hours or (0, 24)
    if not (0 <= start < 24 and 0 < until <= 24 and start != until):
        raise StudyRefused(f"unit {edit.unit} off duty {start}-{until}: hours are from 0-23 until 1-24, not the same")
    return start, until


def _platform_known(plan: PlanDocument, platform: str) -> None:
    known = [each.id for each in plan.platforms]
    if platform not in known:
        raise StudyRefused(f"no platform {platform!r} in plan {plan.name!r}; there are {_listed(known)}")


def _unit_known(plan: PlanDocument, unit: str) -> None:
    known = [each.unit for each in plan.force]
    if unit not in known:
        raise StudyRefused(f"no unit {unit!r} in plan {plan.name!r}; there are {_listed(known)}")


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _SAID} more" if len(names) > _SAID else ""
    return ", ".join(names[:_SAID]) + more
