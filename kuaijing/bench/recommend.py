"""The whole recommendation over four unit classes, reach effects included, and what keeping the live reach costs.

Units of all classes stand at random on the roads of one city under a plan of three tiers made for the bench; demand is street
length. Each incident is asked for as a dispatcher's console would: force, drives, estimates, joint choice of three units, reach
after, reasons, road metres, digest. The reach itself is a live quantity that a recommendation reads; what computing it takes
is told beside (``reach_field``), and how the reach without the chosen units compares with one computed afresh (``reach_wrong``).
"""

import time
from collections.abc import Iterator

import numpy as np

from kuaijing.bench.output import OURS, Row
from kuaijing.bench.scattered import scattered_places, scattered_units
from kuaijing.domain.incidents import Incident
from kuaijing.domain.places import Place
from kuaijing.domain.plan_document import PlanDocument, Platform, ResponsePlan, TierArea
from kuaijing.domain.state import State
from kuaijing.domain.units import Unit
from kuaijing.domain.words import IncidentStatus, Origin, UnitStatus
from kuaijing.engine.advice import Advisor, LiveRoads, ReachField
from kuaijing.engine.advice.reach_now import ReachNow
from kuaijing.engine.choice.reach import reached
from kuaijing.engine.survey import Survey
from kuaijing.measures.instants import SECOND, Instant
from kuaijing.measures.points import Point
from kuaijing.routing import Network, Snap
from kuaijing.tracking.live_table import LiveTable
from kuaijing.tracking.reports import Fix

CLASSES = {"car": 0.4, "motorcycle": 0.36, "command_vehicle": 0.16, "foot": 0.08}
"""Shares of the units."""
NOON = Instant(1_781_150_400 * SECOND)


class BenchPicture:
    """A picture that only the bench holds."""

    def __init__(self, version: int, state: State) -> None:
        self._version, self._state = version, state

    @property
    def version(self) -> int:
        """Counts the incidents asked for."""
        return self._version

    @property
    def state(self) -> State:
        """Units and one incident."""
        return self._state


def rows(network: Network, units: int, incidents: int, seed: int) -> Iterator[Row]:
    """The figures of one city: ``recommend_p50``, ``recommend_p99``, ``reach_field_p50`` and what goes with them."""
    rng = np.random.default_rng(seed)
    live, force = _force(network, units, rng)
    survey = Survey(network.ground, network, _plan(network, rng))
    field = ReachField(LiveRoads(network), survey, live)
    advisor = Advisor(field)
    places = scattered_places(network, "car", incidents, rng)
    pictures = [
        BenchPicture(i, State(units=force, incidents={"i": _incident(place)})) for i, place in enumerate(places)
    ]
    now = field.refresh(pictures[0], NOON)
    spent_field = [field.refresh(pictures[0], NOON).took_ms for _ in range(9)]
    advisor.recommend(pictures[0], "i", "reinforcement", NOON)
    spent, spent_reinforcing, wrong, unmet = [], [], 0, 0
    for number, picture in enumerate(pictures):
        start = time.perf_counter()
        advice = advisor.recommend(picture, "i", "first", NOON)
        spent.append((time.perf_counter() - start) * 1000)
        unmet += sum(advice.unmet.values())
        if number % 30 == 0:
            start = time.perf_counter()
            advisor.recommend(picture, "i", "reinforcement", NOON)
            spent_reinforcing.append((time.perf_counter() - start) * 1000)
            wrong += _wrong(field, now, picture, {c.unit for c in advice.candidates if c.order is not None})
    case = f"{network.ground.name} four classes {units} units"
    figures = {
        "recommend_p50": (float(np.percentile(spent, 50)), "ms"),
        "recommend_p99": (float(np.percentile(spent, 99)), "ms"),
        "reinforce_with_cover_p50": (float(np.percentile(spent_reinforcing, 50)), "ms"),
        "reach_field_p50": (float(np.percentile(spent_field, 50)), "ms"),
        "reach_wrong": (wrong, "streets"),
        "unmet_roles": (unmet, "count"),
    }
    for figure, (value, unit) in figures.items():
        yield Row("dispatch", case, OURS, figure, value, unit)


def _wrong(field: ReachField, now: ReachNow, picture: BenchPicture, sent: set[str]) -> int:
    """Streets whose reach after the order differs from one computed without those units."""
    gone = np.array([unit in sent for unit in now.units])
    left = {unit: each for unit, each in picture.state.units.items() if unit not in sent}
    afresh = field.refresh(BenchPicture(0, State(units=left)), NOON)
    after = now.without(gone)
    field.refresh(picture, NOON)
    met, met_afresh = reached(after), reached(afresh.reach)
    sooner = met & met_afresh & (after.best_ms != afresh.reach.best_ms)
    return int((met != met_afresh).sum()) + int(sooner.sum())


def _force(network: Network, count: int, rng: np.random.Generator) -> tuple[LiveTable, dict[str, Unit]]:
    live, force = LiveTable(), {}
    for unit_class, share in CLASSES.items():
        snaps = scattered_units(network, unit_class, max(1, round(count * share)), rng)
        for row in range(len(snaps)):
            name = f"{unit_class}-{row:04d}"
            there = network.place_on(int(snaps.arc[row]), float(snaps.fraction[row]), unit_class)
            measured = Instant(NOON - int(rng.integers(1, 120)) * SECOND)
            live.put(
                Fix(
                    name,
                    there.lon,
                    there.lat,
                    measured,
                    measured,
                    None,
                    None,
                    None,
                    "bench",
                    bool(rng.random() < 0.5),
                    int(snaps.arc[row]),
                    float(snaps.fraction[row]),
                    0.0,
                    bool(snaps.both[row]),
                )
            )
            force[name] = Unit(
                name,
                name,
                unit_class,
                UnitStatus.AVAILABLE,
                1,
                NOON,
                "",
                "",
                2,
                0,
                "",
                ("first_aid",) if row % 3 else (),
                None,
            )
    return live, force


def _plan(network: Network, rng: np.random.Generator) -> PlanDocument:
    """Three tiers as boxes round the middle, ten platforms, one response plan: one first, two in support, one capability."""
    west, south, east, north = network.ground.bbox
    x, y, half_x, half_y = (west + east) / 2, (south + north) / 2, (east - west) / 2, (north - south) / 2

    def box(tier: str, limit_s: float, share: float) -> TierArea:
        corners = [
            (x + i * share * half_x, y + j * share * half_y) for i, j in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
        ]
        return TierArea(tier, tier, tier, limit_s, None, 0, ((tuple(corners),),))

    platforms = tuple(
        Platform(f"p{i}", f"p{i}", f"p{i}", "", Point(place.lon, place.lat))
        for i, place in enumerate(scattered_places(network, "car", 10, rng))
    )
    wanted = ResponsePlan(
        "bench", "", "", 1, 2, ("car", "motorcycle", "command_vehicle"), ("first_aid",), (), 30.0, "", ""
    )
    return PlanDocument(
        "bench", "bench", "1", NOON, True, True, network.ground.timezone, 300.0, "rest", "rest",
        (box("key", 60.0, 0.2), box("second", 180.0, 0.6)), (), platforms, (), (), (), (), (wanted,),
    )  # fmt: skip


def _incident(place: Snap) -> Incident:
    where = Place(Point(place.lon, place.lat), "", "second", 180.0, None, place.name, 0.0, True)
    return Incident(
        "i", 1, IncidentStatus.OPEN, Origin.CALL_110, "fight", 2, "fight", 2, "bench", where, NOON, NOON
    )  # fmt: skip
