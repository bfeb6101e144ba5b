"""A small town on the page: streets as text, a plan, units with their fixes, one incident; and its advisor."""

from dataclasses import dataclass, field, replace

from kuaijing.domain.assignments import Assignment
from kuaijing.domain.closures import Closure
from kuaijing.domain.incidents import Incident
from kuaijing.domain.places import Place
from kuaijing.domain.plan_document import Follower, PlanDocument, Platform, ResponsePlan, TierArea
from kuaijing.domain.state import State
from kuaijing.domain.units import Unit
from kuaijing.domain.words import AssignmentStatus, IncidentStatus, Origin, Role, UnitStatus
from kuaijing.engine.advice import Advisor, LiveRoads, ReachField
from kuaijing.engine.survey import Survey
from kuaijing.measures.instants import SECOND, Instant
from kuaijing.measures.points import Point
from kuaijing.routing import Network
from kuaijing.tracking.live_table import LiveTable
from kuaijing.tracking.reports import Fix
from tests.routing.worlds import Street, lat_of, lon_of, world

NOW = Instant(1_781_150_400 * SECOND)


@dataclass(frozen=True)
class Picture:
    version: int
    state: State


def point(x: float, y: float) -> Point:
    """Metres east and north of the town's corner."""
    return Point(lon_of(x), lat_of(y))


@dataclass
class Town:
    """Build with ``unit`` and ``incident``, then ask."""

    places: dict[str, tuple[float, float]]
    streets: list[Street]
    limit_s: float = 180.0
    tiers: tuple[TierArea, ...] = ()
    platforms: dict[str, tuple[float, float]] = field(default_factory=dict)
    wants: ResponsePlan = field(default_factory=lambda: wants())

    def __post_init__(self) -> None:
        self.ground = world(self.places, self.streets)
        self.network = Network(self.ground)
        self.live = LiveTable()
        self.state = State()
        self.plan = PlanDocument(
            name="t", name_en="t", version="1", valid_from=NOW, provisional=True, fictional=True, timezone="Asia/Shanghai",
            rest_limit_s=self.limit_s, rest_name="rest", rest_name_en="rest", tier_areas=self.tiers, beats=(),
            platforms=tuple(Platform(n, n, n, "", point(*at)) for n, at in self.platforms.items()),
            patrol_points=(), closures=(), force=(), kinds=(), response_plans=(self.wants,),
        )  # fmt: skip
        self.roads = LiveRoads(self.network)
        self.field = ReachField(self.roads, Survey(self.ground, self.network, self.plan), self.live)
        self.advisor = Advisor(self.field)

    def unit(
        self,
        name: str,
        at: tuple[float, float] | None,
        unit_class: str = "car",
        *,
        age_s: float = 5.0,
        rest: bool = True,
        home: tuple[float, float] | None = None,
        status: UnitStatus = UnitStatus.AVAILABLE,
        on: str | None = None,
        skills: tuple[str, ...] = (),
        lost: bool = False,
        queued: tuple[str, ...] = (),
    ) -> "Town":
        """A unit; ``on`` is the incident that its active assignment is for."""
        active = f"{on}.{name}" if on is not None else None
        unit = Unit(
            name, name, unit_class, status, 1, NOW, "", "", 2, 0, "", skills,
            None if home is None else point(*home), active=active, queued=queued, lost_contact=lost,
        )  # fmt: skip
        self.state.units[name] = unit
        if on is not None and active is not None:
            how = AssignmentStatus.ON_SCENE if status == UnitStatus.ON_SCENE else AssignmentStatus.EN_ROUTE
            self.state.assignments[active] = Assignment(active, on, name, name, Role.FIRST, how, 1)
            incident = self.state.incidents[on]
            self.state.incidents[on] = replace(incident, assignments=(*incident.assignments, active))
        if at is not None:
            self.move(name, at, age_s=age_s, rest=rest)
        return self

    def move(self, name: str, at: tuple[float, float], *, age_s: float = 5.0, rest: bool = True) -> None:
        here, unit_class = point(*at), self.state.units[name].unit_class
        snap = None if unit_class == "drone" else self.network.snap(here.lon, here.lat, unit_class, within_m=100.0)
        measured = Instant(NOW - round(age_s * SECOND))
        on = {} if snap is None else {"arc": snap.arc, "fraction": snap.fraction, "off_road_m": snap.off_road_m}
        self.live.put(Fix(name, here.lon, here.lat, measured, measured, None, None, None, "test", rest, **on))

    def incident(
        self, name: str, at: tuple[float, float], *, grade: int = 1, kind: str = "fight", text: str = ""
    ) -> "Town":
        here = point(*at)
        place = self.field.survey.place(here, text, NOW)
        assert isinstance(place, Place)
        self.state.incidents[name] = Incident(
            name, 1, IncidentStatus.OPEN, Origin.CALL_110, kind, grade, kind, grade, "p", place, NOW, NOW
        )
        return self

    def close(self, name: str, *line: tuple[float, float], factor: float = 0.0) -> None:
        points = tuple((point(*at).lon, point(*at).lat) for at in line)
        self.state.closures[name] = Closure(name, name, factor, "line", points, None, None, NOW)

    @property
    def picture(self) -> Picture:
        return Picture(7, self.state)

    def ask(self, incident: str = "i", purpose: str = "first"):  # type: ignore[no-untyped-def]
        return self.advisor.recommend(self.picture, incident, purpose, NOW)


def wants(
    first: int = 1,
    support: int = 0,
    *,
    classes: tuple[str, ...] = (),
    skills: tuple[str, ...] = (),
    followers: tuple[Follower, ...] = (),
) -> ResponsePlan:
    return ResponsePlan("p", "预案", "plan", first, support, classes, skills, followers, 30.0, "注意安全", "take care")


def row(advice, unit: str):  # type: ignore[no-untyped-def]
    """The candidate of that unit."""
    return next(candidate for candidate in advice.candidates if candidate.unit == unit)


def line_town(length: int = 10, step: float = 200.0, **more) -> Town:  # type: ignore[no-untyped-def]
    """One straight two-way tertiary road of ``length`` pieces eastwards, junctions n0, n1 ..."""
    places = {f"n{i}": (i * step, 0.0) for i in range(length + 1)}
    return Town(places, [Street(f"n{i}-n{i + 1}") for i in range(length)], **more)
