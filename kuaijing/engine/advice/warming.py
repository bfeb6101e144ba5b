"""Compiles what advice needs before the first real question, through the same doors that real questions use."""

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from kuaijing.city.ground import Ground, RoadArrays
from kuaijing.domain.incidents import Incident
from kuaijing.domain.places import Place
from kuaijing.domain.plan_document import PlanDocument, Platform, ResponsePlan
from kuaijing.domain.state import State
from kuaijing.domain.units import Unit
from kuaijing.domain.words import IncidentStatus, Origin, UnitStatus
from kuaijing.engine.advice.advisor import Advisor
from kuaijing.engine.advice.reach_field import ReachField
from kuaijing.engine.advice.roads import LiveRoads
from kuaijing.engine.survey import Survey
from kuaijing.measures.instants import Instant
from kuaijing.measures.points import Point
from kuaijing.routing import Network
from kuaijing.tracking.live_table import LiveTable
from kuaijing.tracking.reports import Fix

_NOW = Instant(0)


@dataclass(frozen=True, slots=True)
class _Picture:
    version: int
    state: State


def warm_advice() -> None:
    """Recommend once, with reach and cover, on a street of five junctions; compiles what the cache does not hold."""
    network = Network(_street())
    wanted = ResponsePlan("w", "", "", 2, 0, (), (), (), 30.0, "", "")
    plan = PlanDocument(
        "w", "w", "1", _NOW, True, True, "UTC", 60.0, "rest", "rest",
        (), (), (Platform("p", "p", "p", "", Point(0.035, 0.0)),), (), (), (), (), (wanted,),
    )  # fmt: skip
    place = Place(Point(0.001, 0.0), "", "rest", 60.0, None, "", 0.0, True)
    incident = Incident("w", 1, IncidentStatus.OPEN, Origin.CALL_110, "w", 1, "w", 1, "w", place, _NOW, _NOW)
    live = LiveTable()
    field = ReachField(LiveRoads(network), Survey(network.ground, network, plan), live)
    units = {
        name: Unit(name, name, "car", UnitStatus.AVAILABLE, 1, _NOW, "", "", 1, 0, "", (), Point(lon, 0.0))
        for name, lon in (("a", 0.001), ("b", 0.0012), ("c", 0.0014))
    }
    for unit, lon in (("a", 0.001), ("b", 0.0012), ("c", 0.0014)):
        live.put(Fix(unit, lon, 0.0, _NOW, _NOW, None, None, None, "warming", True))
    picture = _Picture(0, State(units=units, incidents={"w": incident}))
    for purpose in ("first", "reinforcement"):
        Advisor(field).recommend(picture, "w", purpose, _NOW)
    Advisor(field).cover_proposal(picture, _NOW)


def _street() -> Ground:
    """Five junctions 1.1 km apart on the equator, two-way."""
    lon, lat = np.arange(5) / 100, np.zeros(5)
    tail = np.array([0, 1, 1, 2, 2, 3, 3, 4], np.int32)
    head = np.array([1, 0, 2, 1, 3, 2, 4, 3], np.int32)
    shape = np.stack([tail, head], axis=1).ravel()
    none = np.zeros(0, np.int32)
    roads = RoadArrays(
        node_lon=lon,
        node_lat=lat,
        arc_tail=tail,
        arc_head=head,
        arc_length_m=np.full(8, 1112.0, np.float32),
        arc_class=np.full(8, 4, np.uint8),
        arc_name=np.zeros(8, np.int32),
        arc_access=np.full(8, 15, np.uint8),
        arc_maxspeed=np.full(8, np.nan, np.float32),
        arc_flags=np.zeros(8, np.uint8),
        arc_layer=np.zeros(8, np.int8),
        arc_street=np.array([0, 0, 1, 1, 2, 2, 3, 3], np.int32),
        arc_twin=np.array([1, 0, 3, 2, 5, 4, 7, 6], np.int32),
        arc_source=np.zeros(8, np.int64),
        shape_start=np.arange(0, 17, 2, dtype=np.int64),
        shape_lon=lon[shape],
        shape_lat=lat[shape],
        turn_from=none,
        turn_to=none,
        turn_access=none.astype(np.uint8),
        signal_node=np.zeros(5, np.bool_),
    )
    return Ground(
        **{each.name: getattr(roads, each.name) for each in fields(RoadArrays)},
        folder=Path(),
        manifest={},
        name="warm",
        names=[""],
        hash="",
        bbox=(0.0, -0.001, 0.04, 0.001),
        timezone="UTC",
        fictional=True,
    )
