"""A scenario: everything that a run depends on except the calls, as checked arrays.

``Scenario`` is frozen and picklable; two plans compared on one city share the ``roads`` and ``standards`` arrays. The shapes and units
of each array are told in ``tables``. ``building.scenario_of`` makes one from a city and a plan document; tests make theirs by hand with
``plain_scenario``.
"""

from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kuaijing.engine.choice.divert import DIVERSION_PENALTY_S, URGENT_GRADES
from kuaijing.engine.choice.together import DEFAULT_AIMS
from kuaijing.simulation.compiled.errors import MalformedScenario, UnknownPolicy
from kuaijing.simulation.compiled.tables import (
    FAR,
    HOME,
    WEEK_HOURS,
    CallTable,
    Force,
    Moves,
    Responses,
    Roads,
    Rules,
    Standards,
)
from kuaijing.simulation.policies import POLICIES

NO_FROM: Final = np.zeros((0, 0, 0, 0), np.int32)
DEFAULT_RULES: Final = Rules(
    between=HOME,
    divert=True,
    cover=True,
    queue=True,
    desk_ms=0,
    urgent_grades=URGENT_GRADES,
    penalty_s=DIVERSION_PENALTY_S,
    horizon_ms=600_000,
    tie_s=DEFAULT_AIMS.tie_s,
    patience_s=DEFAULT_AIMS.patience_s,
    loss_step=DEFAULT_AIMS.loss_step,
    simple=False,
    turn_ms=0,
    there_ms=4_000,  # 50 m at 45 km/h
)


def no_moves(units: int) -> Moves:
    """No redeployment."""
    return Moves(
        np.zeros(0, np.int64), np.zeros((0, 0, 0, 0), np.bool_), np.zeros((units + 1, 0), np.int64), np.zeros(8)
    )


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """One plan on one city."""

    roads: Roads
    force: Force
    responses: Responses
    standards: Standards
    moves: Moves
    rules: Rules = DEFAULT_RULES
    name: str = ""
    unit_names: tuple[str, ...] = ()
    tier_names: tuple[str, ...] = ()
    lon: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    """Of each place; may be empty where no map is asked for."""
    lat: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    local_start: str = "1970-01-05"
    """The Monday that a run begins at, for reports."""

    def __post_init__(self) -> None:
        faults = list(_faults(self))
        if faults:
            raise MalformedScenario("; ".join(faults))

    @property
    def places(self) -> int:
        """Rows of the matrices."""
        return int(self.roads.to_ms.shape[2])

    @property
    def units(self) -> int:
        """Rows of the force."""
        return len(self.force.unit_class)

    @property
    def points(self) -> int:
        """Places from which calls are expected: the first rows."""
        return int(self.standards.expected.shape[1])

    def with_rules(self, **changes: Any) -> "Scenario":
        """The same under other rules."""
        return replace(self, rules=self.rules._replace(**changes))

    def with_policy(self, name: str, *, figures: tuple[float, ...] = (), moves: Moves | None = None) -> "Scenario":
        """The same under a policy of ``simulation.policies`` by name.

        Raises
        ------
        UnknownPolicy, MalformedScenario
            There is none of that name; it needs posts or a table and has none.
        """
        if name not in POLICIES:
            raise UnknownPolicy(f"there is no policy {name!r}; there are {', '.join(POLICIES)}")
        used = self.moves if moves is None else moves
        given = np.array(used.figures)
        given[: len(figures)] = figures
        return replace(self, moves=used._replace(figures=given), rules=self.rules._replace(between=POLICIES[name]))


def _faults(scenario: Scenario) -> list[str]:
    roads, force, responses = scenario.roads, scenario.force, scenario.responses
    faults = []
    shape = roads.to_ms.shape
    if len(shape) != 4 or shape[2] != shape[3] or 0 in shape:
        return [f"roads.to_ms is {shape}, wanted (periods, classes, places, places), none of them 0"]
    periods, classes, places, _ = shape
    if (roads.to_ms < 0).any():
        faults.append("roads.to_ms has negative drives; write FAR where there is no way")
    if (roads.to_ms[:, :, np.arange(places), np.arange(places)] != 0).any():
        faults.append("roads.to_ms says that driving from a place to itself takes time; the diagonal must be 0")
    for table in (roads, responses, scenario.standards, scenario.moves):
        for name, column in zip(table._fields, table, strict=True):
            if column.dtype.kind == "f" and not np.isfinite(column).all():
                at = tuple(np.argwhere(~np.isfinite(column))[0].tolist())
                faults.append(f"{type(table).__name__.lower()}.{name} has {column[at]} at {at}; wanted finite figures")
    units = len(force.unit_class)
    if units == 0:
        faults.append("the force has no unit; a scenario needs one at least")
    if not scenario.rules.loss_step > 0:
        faults.append(
            f"rules.loss_step is {scenario.rules.loss_step}, wanted above 0, such as 1e-9 to tell every loss apart"
        )
    points = scenario.standards.expected.shape[-1] if scenario.standards.expected.ndim == 2 else 0
    sets = len(scenario.standards.limit_ms)
    checks: list[tuple[str, NDArray[Any], tuple[int, ...], int | None, int | None]] = [
        ("roads.period_of_hour", roads.period_of_hour, (WEEK_HOURS,), 0, periods),
        ("roads.walk_ms", roads.walk_ms, (places,), 0, None),
        ("force.unit_class", force.unit_class, (units,), 0, classes),
        ("force.home", force.home, (units,), 0, places),
        ("force.estimate_ms", force.estimate_ms, (units,), 0, None),
        ("force.duty", force.duty, (units, WEEK_HOURS), None, None),
        ("force.patrol_start", force.patrol_start, (units + 1,), 0, len(force.patrol_place) + 1),
        ("force.patrol_place", force.patrol_place, force.patrol_dwell_ms.shape, 0, places),
        ("responses.may", responses.may, (len(responses.weight), units), None, None),
        ("responses.lead", responses.lead, (len(responses.weight),), None, None),
        ("responses.liked", responses.liked, (len(responses.role_start) - 1, units), None, None),
        ("standards.expected", scenario.standards.expected, (WEEK_HOURS, points), 0, None),
        ("standards.limit_set", scenario.standards.limit_set, (WEEK_HOURS,), 0, sets),
        ("standards.limit_ms", scenario.standards.limit_ms, (sets, places), 1, None),
        ("standards.tier", scenario.standards.tier, (sets, places), 0, None),
        ("moves.posts", scenario.moves.posts, (len(scenario.moves.posts),), 0, places),
    ]
    for name, array, wanted, least, below in checks:
        if array.shape != wanted:
            faults.append(f"{name} is {array.shape}, wanted {wanted}")
        elif array.size and least is not None and array.min() < least:
            faults.append(f"{name} has {array.min()}, wanted {least} or more")
        elif array.size and below is not None and array.max() >= below:
            faults.append(f"{name} has {array.max()}, wanted below {below}")
    needs = POLICIES["dmexclp"], POLICIES["compliance"], POLICIES["reach"]
    if scenario.rules.between in needs:
        reach = (sets, len(scenario.moves.posts), classes, points)
        if len(scenario.moves.posts) == 0:
            faults.append("the policy moves units among posts, and moves.posts is empty")
        elif scenario.moves.place_reach.shape != reach:
            faults.append(f"moves.place_reach is {scenario.moves.place_reach.shape}, wanted {reach}")
        if scenario.rules.between == POLICIES["compliance"] and scenario.moves.table.shape != (units + 1, reach[1]):
            faults.append(f"moves.table is {scenario.moves.table.shape}, wanted {(units + 1, reach[1])}; see table_for")
    if (scenario.rules.cover or scenario.rules.between in needs) and roads.from_ms.shape != shape:
        faults.append(f"roads.from_ms is {roads.from_ms.shape}, wanted {shape}: cover is weighed; see from_of")
    return faults


def from_of(to_ms: NDArray[np.int32]) -> NDArray[np.int32]:
    """``from_ms`` of ``to_ms``: the last two axes exchanged, laid out anew."""
    return np.ascontiguousarray(to_ms.transpose(0, 1, 3, 2))


def check_calls(scenario: Scenario, calls: CallTable) -> None:
    """Refuse calls that the scenario cannot be asked.

    Raises
    ------
    MalformedScenario
        With every fault found.
    """
    count, plans = len(calls.at_ms), len(scenario.responses.role_start) - 1
    faults = []
    if count and (np.diff(calls.at_ms) < 0).any():
        faults.append(f"call {int(np.flatnonzero(np.diff(calls.at_ms) < 0)[0]) + 1} is earlier than the one before it")
    bounds: dict[str, tuple[int, int | None]] = {
        "at_ms": (0, None),
        "place": (0, scenario.places),
        "grade": (1, len(scenario.roads.grade_factor)),
        "plan": (0, plans),
        "limit_ms": (1, None),
        "tier": (0, None),
        "lead_ms": (0, FAR),
        "support_ms": (0, FAR),
        "second_place": (-1, scenario.places),
        "second_ms": (0, FAR),
        "set_off_ms": (0, FAR),
    }
    for name, (least, below) in bounds.items():
        column = getattr(calls, name)
        if len(column) != count:
            faults.append(f"{name} has {len(column)} rows, at_ms has {count}")
        elif count and (column.min() < least or (below is not None and column.max() >= below)):
            wrong = (column < least) | (column >= below if below is not None else False)
            row = int(np.argwhere(wrong)[0][0])
            faults.append(f"{name} of call {row} is outside {least} to {'any' if below is None else below - 1}")
    if not (np.isfinite(calls.drive_factor).all() and (calls.drive_factor > 0).all()):
        faults.append("drive_factor must be above 0 and finite")
    if faults:
        raise MalformedScenario("; ".join(faults))


def plain_scenario(
    to_ms: NDArray[np.int64],
    home: NDArray[np.int64],
    *,
    expected: NDArray[np.float64] | None = None,
    limit_ms: int = 300_000,
    estimate_ms: int = 0,
    roles: int = 1,
    rules: Rules | None = None,
    name: str = "",
) -> Scenario:
    """One class, one period, one response plan of ``roles`` equal roles, units always on duty: for theory, examples and tests.

    ``to_ms`` is (places, places) as ``[to, from]``, infinite or ``FAR`` where there is no way; ``home`` the place of each unit;
    ``expected`` calls per hour (168, points), by default one an hour at each place.
    """
    places, units = len(to_ms), len(home)
    used = DEFAULT_RULES._replace(cover=False, divert=False, simple=roles == 1) if rules is None else rules
    drives = np.asarray(to_ms)
    if drives.shape != (places, places) or np.isnan(drives).any():
        raise MalformedScenario(
            f"to_ms is {drives.shape} with {int(np.isnan(drives).sum())} NaN, wanted (places, places), none"
        )
    matrix = np.minimum(drives, FAR).astype(np.int32).reshape(1, 1, places, places)
    rates = np.ones((WEEK_HOURS, places)) if expected is None else np.asarray(expected, np.float64)
    return Scenario(
        roads=Roads(matrix, from_of(matrix), np.zeros(WEEK_HOURS, np.int64), np.zeros(places, np.int64), np.ones(8)),
        force=Force(
            np.zeros(units, np.int64),
            np.asarray(home, np.int64),
            np.full(units, estimate_ms, np.int64),
            np.ones((units, WEEK_HOURS), np.bool_),
            np.zeros(units + 1, np.int64),
            np.zeros(0, np.int64),
            np.zeros(0, np.int64),
        ),
        responses=Responses(
            np.array([0, roles]),
            np.ones((roles, units), np.bool_),
            np.ones(roles),
            np.ones(roles, np.bool_),
            np.zeros(2, np.int64),
            np.zeros((0, units), np.bool_),
            np.zeros((1, units)),
        ),
        standards=Standards(
            rates,
            np.zeros(WEEK_HOURS, np.int64),
            np.full((1, places), limit_ms, np.int64),
            np.zeros((1, places), np.int64),
        ),
        moves=no_moves(units),
        rules=used,
        name=name,
        unit_names=tuple(f"u{n + 1}" for n in range(units)),
        tier_names=("all",),
    )
