"""见警率: where free units are seen, place by place and hour by hour of the day, from a trace that kept every move (``follow``).

Orders say when a unit was at work, legs where it went between jobs; on a drive it counts at the place that it has passed last. Nothing is
reconstructed from the plan: policies, patrols and units on their way home count where they were. Minutes of all places and hours
add up to the unit time that the trace counts as idle or moving. Plain arrays; no compiled code.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kuaijing.simulation.compiled.errors import MalformedScenario
from kuaijing.simulation.compiled.running import Trace
from kuaijing.simulation.compiled.scenario import Scenario
from kuaijing.simulation.compiled.tables import HOUR_MS, ON_PATH_MS, WEEK_HOURS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_DAY_HOURS = 24


def visible_minutes(scenario: Scenario, trace: Trace) -> Floats:
    """Unit minutes free and out, float (places, 24): by place and local hour of the day, over the whole window.

    Divide by the window's days for minutes a day. A street or block has the sum of its places (``Places.nearest`` tells which).

    Raises
    ------
    MalformedScenario
        The trace did not keep its moves.
    """
    if trace.legs is None:
        raise MalformedScenario("the trace kept no moves; simulate with follow=True")
    begins = min(int(trace.window[0]), int(trace.calls.at_ms[0])) // HOUR_MS * HOUR_MS
    paths = _Paths(scenario)
    result = np.zeros((scenario.places, _DAY_HOURS))
    order, leg = np.argsort(trace.orders["unit"], kind="stable"), np.argsort(trace.legs[:, 0], kind="stable")
    order_at = np.searchsorted(trace.orders["unit"][order], np.arange(scenario.units + 1))
    leg_at = np.searchsorted(trace.legs[leg, 0], np.arange(scenario.units + 1))
    shifts = not bool((scenario.force.duty == scenario.force.duty[:, :1]).all())
    for unit in range(scenario.units):
        stays = _Stays(trace.window[1])
        own = trace.orders[order[order_at[unit] : order_at[unit + 1]]]
        legs = trace.legs[leg[leg_at[unit] : leg_at[unit + 1]]]
        events = _events(scenario, trace, unit, begins, own, legs, shifts)
        _walk(paths, int(scenario.force.unit_class[unit]), events, stays)
        _count(result, stays, trace.window, scenario.force.duty[unit])
    return result


@dataclass(slots=True)
class _Stays:
    """Where one unit was free and since when: place, from, until."""

    end: int
    place: list[int] = field(default_factory=list)
    since: list[int] = field(default_factory=list)
    until: list[int] = field(default_factory=list)

    def add(self, place: int, since: int, until: int) -> None:
        if until > since:
            self.place.append(place)
            self.since.append(since)
            self.until.append(until)


_BUSY, _STANDS, _GOES = range(3)


def _events(
    scenario: Scenario, trace: Trace, unit: int, begins: int, orders: NDArray[np.void], legs: Ints, shifts: bool
) -> list[tuple[int, int, int, int]]:
    """(moment, what, place, due) in order: taken by a job, standing at a place from now on, going to one."""
    home, calls = int(scenario.force.home[unit]), trace.calls
    events = [(begins, _STANDS, home, 0)]
    busy: list[tuple[int, int]] = []
    for row in orders[np.argsort(orders["at_ms"], kind="stable")]:
        events.append((int(row["at_ms"]), _BUSY, 0, 0))
        until = int(max(row["left_ms"], row["withdrawn_ms"]))
        busy.append((int(row["at_ms"]), until if until >= 0 else trace.window[1]))
        if row["left_ms"] >= 0:
            call = int(row["call"])
            second = int(calls.second_place[call])
            lead = bool(scenario.responses.lead[row["role"]])
            events.append((until, _STANDS, second if second >= 0 and lead else int(calls.place[call]), 0))
    if shifts:
        on = scenario.force.duty[unit]
        hours = np.arange(begins // HOUR_MS, trace.window[1] // HOUR_MS + 1)
        ticks = hours[on[hours % WEEK_HOURS] & ~on[(hours - 1) % WEEK_HOURS]] * HOUR_MS
        free = [not any(a < tick < b for a, b in busy) for tick in ticks.tolist()]
        events += [(tick, _STANDS, home, 0) for tick, so in zip(ticks.tolist(), free, strict=True) if so]
    events += [(int(at), _GOES, int(place), int(due)) for _, at, place, due in legs]
    # at one moment: what ends first, then duty, then the move that follows from it; an order given then comes last
    rank = {_STANDS: 0, _GOES: 1, _BUSY: 2}
    return sorted(events, key=lambda event: (event[0], rank[event[1]]))


def _walk(paths: "_Paths", kind: int, events: list[tuple[int, int, int, int]], stays: _Stays) -> None:
    place = events[0][2]
    free = True
    for n, (at, what, to, due) in enumerate(events):
        until = events[n + 1][0] if n + 1 < len(events) else stays.end
        if what == _BUSY:
            free = False
        elif what == _STANDS:
            place, free = to, True
            stays.add(place, at, until)
        elif free:
            for passed, since, left in paths.timed(kind, place, to, at, due):
                if since >= until:
                    break
                place = passed
                stays.add(passed, since, min(left, until))
            if due < until:
                place = to
                stays.add(to, due, until)


class _Paths:
    """Places that a drive passes, looked up once."""

    def __init__(self, scenario: Scenario) -> None:
        self._to_ms = scenario.roads.to_ms[0]
        self._known: dict[tuple[int, int, int], tuple[list[int], list[float]]] = {}

    def timed(self, kind: int, start: int, end: int, at: int, due: int) -> list[tuple[int, int, int]]:
        """(place passed last, from, until) of a drive that begins at ``at`` and is there at ``due``."""
        if (kind, start, end) not in self._known:
            self._known[kind, start, end] = self._looked_up(kind, start, end)
        places, shares = self._known[kind, start, end]
        edges = [at + round(share * (due - at)) for share in shares] + [due]
        return [(place, edges[n], edges[n + 1]) for n, place in enumerate(places)]

    def _looked_up(self, kind: int, start: int, end: int) -> tuple[list[int], list[float]]:
        drives = self._to_ms[kind]
        onward, whole = drives[end].astype(np.int64), int(drives[end, start])
        gone = drives[:, start].astype(np.int64)
        passed = np.flatnonzero((gone > 0) & (gone < whole) & (onward > 0) & (gone + onward <= whole + ON_PATH_MS))
        passed = passed[np.argsort(gone[passed], kind="stable")]
        return [start, *passed.tolist()], [0.0, *(gone[passed] / max(1, whole)).tolist()]


def _count(result: Floats, stays: _Stays, window: tuple[int, int], duty: NDArray[np.bool_]) -> None:
    """Add the stays within the window and the unit's hours, cut at every full hour."""
    place, since, until = (np.array(column, np.int64) for column in (stays.place, stays.since, stays.until))
    since, until = np.maximum(since, window[0]), np.minimum(until, window[1])
    while len(place := place[keep := since < until]):
        since, until = since[keep], until[keep]
        hour = since // HOUR_MS
        edge = np.minimum(until, (hour + 1) * HOUR_MS)
        minutes = np.where(duty[hour % WEEK_HOURS], (edge - since) / 60_000, 0.0)
        np.add.at(result, (place, hour % _DAY_HOURS), minutes)
        since = edge
