"""One run: a scenario and its calls in, what became of every call, order and unit out."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kuaijing.simulation.compiled.errors import NoCalls
from kuaijing.simulation.compiled.loop import run
from kuaijing.simulation.compiled.scenario import DEFAULT_RULES, Scenario, check_calls
from kuaijing.simulation.compiled.tables import (
    CALL,
    DRAWS,
    IDLE,
    LOG,
    NEVER,
    OFF,
    ORDER,
    UNIT,
    CallTable,
    Ints,
    Rules,
    Scratch,
)

_PLAIN_TYPES: Final = {"b": np.bool_, "i": np.int64, "u": np.int64, "f": np.float64}


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """What happened. Instants are milliseconds after the run's Monday 00:00; -1: never."""

    calls: CallTable
    ordered_ms: Ints
    """(calls,): first order."""
    arrived_ms: Ints
    """(calls,): first unit on scene."""
    unit: Ints
    """(calls,): that unit."""
    done_ms: Ints
    """(calls,): last unit gone."""
    state: Ints
    """(calls,): ``tables.DONE``, ``LOST`` or ``WAITING`` (never served)."""
    orders: NDArray[np.void]
    """One row an order, as given; columns of ``tables.ORDER``."""
    spent_ms: NDArray[np.int64]
    """(units, 8): within the window, by status (``tables``)."""
    moves: Ints
    """(units,): moves between jobs within the window."""
    window: tuple[int, int]
    """What is counted: calls in [from, until), unit time between them."""
    legs: NDArray[np.int64] | None = None
    """(moves, 4) where asked for (``follow``): unit, moment, place gone to, when it would be there."""

    @property
    def counted(self) -> NDArray[np.bool_]:
        """(calls,): within the window."""
        return (self.calls.at_ms >= self.window[0]) & (self.calls.at_ms < self.window[1])

    @property
    def response_s(self) -> NDArray[np.float64]:
        """(calls,): first order to first arrival, seconds; infinite where there was none."""
        return np.where(self.arrived_ms >= 0, (self.arrived_ms - self.ordered_ms) / 1000.0, np.inf)

    @property
    def citizen_s(self) -> NDArray[np.float64]:
        """(calls,): call to first arrival, seconds; infinite where there was none."""
        return np.where(self.arrived_ms >= 0, (self.arrived_ms - self.calls.at_ms) / 1000.0, np.inf)

    @property
    def met(self) -> NDArray[np.bool_]:
        """(calls,): the response clock is within the limit."""
        return np.asarray(self.response_s * 1000.0 <= self.calls.limit_ms)

    @property
    def late(self) -> NDArray[np.bool_]:
        """(calls,): the citizen's clock is beyond the limit, or nobody came."""
        return np.asarray(self.citizen_s * 1000.0 > self.calls.limit_ms)


def simulate(
    scenario: Scenario, calls: CallTable, *, window: tuple[int, int] | None = None, follow: bool = False
) -> Trace:
    """Run ``calls`` through ``scenario`` until all have ended. The same input always gives the same trace.

    Parameters
    ----------
    scenario, calls
        See ``scenario`` and ``calls``; nothing in here is drawn.
    window
        What is counted, milliseconds; by default from the first call's hour to the end of the last one's.
    follow
        Keep every move between jobs too (``Trace.legs``), from which ``seen.visible_minutes`` tells who was where.

    Raises
    ------
    MalformedScenario, NoCalls
        The question makes no sense.
    """
    if len(calls.at_ms) == 0:
        raise NoCalls("there are no calls; give a longer span or higher rates")
    check_calls(scenario, calls)
    hour = 3_600_000
    start = int(calls.at_ms[0]) // hour * hour
    counted = (start, (int(calls.at_ms[-1]) // hour + 1) * hour) if window is None else window
    if not counted[0] < counted[1]:
        raise NoCalls(f"the window {counted} is empty; its end must be after its begin")
    start = min(start, counted[0] // hour * hour)
    count, units = len(calls.at_ms), scenario.units
    most_roles = int(np.diff(scenario.responses.role_start).max())
    room = count * most_roles + count // 2 + 1024
    shifts = not bool((scenario.force.duty == scenario.force.duty[:, :1]).all())
    packed, room_legs = _packed(calls), (4 * count + 4096) * follow
    tables = tuple(
        _as_compiled(each)
        for each in (scenario.roads, scenario.force, scenario.responses, scenario.standards, scenario.moves)
    )
    roads, force, responses, standards, moves = tables
    rules = Rules._make(type(wanted)(given) for wanted, given in zip(DEFAULT_RULES, scenario.rules, strict=True))
    while True:
        scratch = _scratch(units, max(1, most_roles), scenario.points, count, room_legs)
        state, log, orders = _units_at_home(scenario, start, shifts), np.zeros(count, LOG), np.zeros(room, ORDER)
        for name in ("ordered_ms", "arrived_ms", "unit", "done_ms"):
            log[name] = -1
        given, _ = run(
            roads,
            force,
            responses,
            standards,
            rules,
            moves,
            packed,
            state,
            log,
            orders,
            scratch,
            np.arange(units),
            np.arange(units),
            start,
            (np.int64(counted[0]), np.int64(counted[1])),
            shifts,
        )
        legs = int(scratch.leg_count[0])
        if given >= 0 and not (follow and legs > room_legs):
            break
        room *= 1 + (given < 0)
        room_legs = max(room_legs, 2 * legs * follow)
    return Trace(
        calls=calls,
        ordered_ms=log["ordered_ms"],
        arrived_ms=log["arrived_ms"],
        unit=log["unit"],
        done_ms=log["done_ms"],
        state=log["state"],
        orders=orders[:given].copy(),
        spent_ms=state["spent_ms"].copy(),
        moves=state["moves"].copy(),
        window=counted,
        legs=scratch.legs[:legs].copy() if follow else None,
    )


def warm() -> None:
    """Compile the loop, or load it from the cache: once before many processes would all do it."""
    from kuaijing.simulation.compiled.scenario import plain_scenario
    from kuaijing.simulation.policies.compliance import table_for

    one = np.zeros(1, np.int64)
    calls = CallTable(
        one,
        one,
        one + 1,
        one,
        one + 1,
        one,
        one,
        one,
        one - 1,
        one,
        np.zeros((1, DRAWS), np.int64),
        np.ones((1, DRAWS)),
    )
    simulate(plain_scenario(np.zeros((1, 1), np.int64), one), calls)
    table_for(np.ones((1, 1), np.bool_), np.ones(1), 0.5, 1)


def _as_compiled(table: Any) -> Any:
    """The same figures in the one layout that is compiled: an array in another, or read-only (from a Ray store), would compile anew."""
    columns = []
    for name, column in zip(table._fields, table, strict=True):
        wanted = np.int32 if name in ("to_ms", "from_ms") else _PLAIN_TYPES[column.dtype.kind]
        plain = np.ascontiguousarray(column, wanted).reshape(column.shape)
        columns.append(plain if plain.flags.writeable else plain.copy())
    return type(table)._make(columns)


def _packed(calls: CallTable) -> NDArray[np.void]:
    packed = np.zeros(len(calls.at_ms), CALL)
    for name, column in zip(calls._fields, calls, strict=True):
        packed[name] = column
    return packed


def _units_at_home(scenario: Scenario, start: int, shifts: bool) -> NDArray[np.void]:
    force = scenario.force
    units = np.zeros(scenario.units, UNIT)
    units["kind"], units["home"], units["place"] = force.unit_class, force.home, force.home
    units["estimate_ms"], units["due"], units["since"] = force.estimate_ms, NEVER, start
    units["status"] = np.where(force.duty[:, 0] & (not shifts), IDLE, OFF)
    units["point"][:, 0], units["point"][:, 2] = force.home, -1
    units["leg_scale"] = 1.0
    for name in ("call", "order", "leg_to", "path_count"):
        units[name] = -1
    return units


def _scratch(units: int, roles: int, points: int, calls: int, legs: int) -> Scratch:
    return Scratch(
        point=np.zeros(4, np.int64),
        eligible=np.zeros(units, np.bool_),
        divertible=np.zeros(units, np.bool_),
        fit=np.zeros(units, np.bool_),
        drive=np.zeros(units, np.int64),
        median=np.zeros(units),
        loss=np.zeros(units),
        shared=np.zeros((units, units)),
        chosen=np.full(roles, -1, np.int64),
        goal=np.full(units, -1, np.int64),
        in_time=np.zeros(points, np.int64),
        waiting=np.zeros(calls + 1, np.int64),
        legs=np.zeros((legs, 4), np.int64),
        leg_count=np.zeros(1, np.int64),
    )
