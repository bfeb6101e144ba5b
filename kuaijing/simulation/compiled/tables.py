"""The arrays that the compiled loop runs on: named tuples, since compiled code takes those.

Times are whole milliseconds (int64 unless said). Places are rows ("anchors"): the demand points come first, then homes, posts, patrol
points and further junctions. Units, calls, response plans, roles are rows too. Nothing here checks anything: ``scenario`` does.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Int32s = NDArray[np.int32]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FAR: Final = 1 << 30
"""A drive of this many milliseconds or more is none."""
NEVER: Final = 1 << 61
"""An instant that does not come."""
HOUR_MS: Final = 3_600_000
WEEK_HOURS: Final = 168
DRAWS: Final = 4
"""Random figures kept for each call: the first orders of a call each have their own, later ones begin again."""
MOST_PATH: Final = 64
"""Places remembered along one drive."""
ON_PATH_MS: Final = 1_000
"""A place lies on a drive if going through it takes no longer than this more."""


class Roads(NamedTuple):
    """Drives between places."""

    to_ms: Int32s
    """(periods, classes, places, places) as ``[period, class, to, from]``; FAR where there is no way."""
    from_ms: Int32s
    """The same as ``[period, class, from, to]``; shape (0, 0, 0, 0) where nothing asks for it."""
    period_of_hour: Ints
    """(168,), hour 0 is Monday 00:00 local."""
    walk_ms: Ints
    """(places,): on foot beyond the road's edge."""
    grade_factor: Floats
    """(grades + 1,): drives to a call of the grade take so many times as long; entry 0 is for drives without a call."""


class Force(NamedTuple):
    """The units."""

    unit_class: Ints
    """(units,): row of ``to_ms``'s second axis."""
    home: Ints
    """(units,): place."""
    estimate_ms: Ints
    """(units,): reaction that the choice reckons with."""
    duty: Bools
    """(units, 168)."""
    patrol_start: Ints
    """(units + 1,): patrol places of unit u are ``patrol_place[patrol_start[u]:patrol_start[u + 1]]``."""
    patrol_place: Ints
    patrol_dwell_ms: Ints
    """Beside ``patrol_place``."""


class Responses(NamedTuple):
    """Response plans, as ``engine.advice.wanted`` reads them."""

    role_start: Ints
    """(plans + 1,)."""
    may: Bools
    """(roles, units)."""
    weight: Floats
    """(roles,)."""
    lead: Bools
    """(roles,): stays for the whole handling; others leave after ``support_ms``."""
    skill_start: Ints
    """(plans + 1,): wanted capabilities."""
    carries: Bools
    """(capabilities, units)."""
    liked: Floats
    """(plans, units): lower is liked better."""


class Standards(NamedTuple):
    """What is asked of each place at each hour of the week."""

    expected: Floats
    """(168, demand points): calls per hour."""
    limit_set: Ints
    """(168,): row of ``limit_ms``."""
    limit_ms: Ints
    """(sets, places)."""
    tier: Ints
    """(sets, places)."""


class Rules(NamedTuple):
    """How the desk and the units behave."""

    between: int
    """Between jobs: see ``policies``."""
    divert: bool
    cover: bool
    """Whether the choice weighs what the city loses."""
    queue: bool
    """Calls that nobody can take wait; else they are lost."""
    desk_ms: int
    """Call to order where a unit is free."""
    urgent_grades: int
    penalty_s: float
    """What a diversion must gain."""
    horizon_ms: int
    tie_s: float
    patience_s: float
    loss_step: float
    simple: bool
    """One role, anybody may, nothing to weigh: the closest idle unit."""
    turn_ms: int
    """What turning about on the way costs in an estimate. The engine lets whoever drives go on to the next junction first: FAR where every
    junction is a place; 0 where places lie wider apart, which is on the long side as it is (docs/simulation.md)."""
    there_ms: int
    """A unit with so little left to drive counts as there and is diverted no more: 50 m along the road, as the engine measures."""


class Moves(NamedTuple):
    """What redeployment policies need; empty arrays where none is in force."""

    posts: Ints
    """(posts,): places."""
    place_reach: Bools
    """(sets, posts, classes, demand points): in time from there, reaction included."""
    table: Ints
    """(units + 1, posts): how many of so many free units stand at each post."""
    figures: Floats
    """(8,): the policy's own parameters, see its file."""


class CallTable(NamedTuple):
    """The calls of one run, by time."""

    at_ms: Ints
    """Milliseconds after the run's Monday 00:00 local."""
    place: Ints
    grade: Ints
    plan: Ints
    limit_ms: Ints
    tier: Ints
    lead_ms: Ints
    """Time on scene of those who stay."""
    support_ms: Ints
    """Time on scene of the others."""
    second_place: Ints
    """Where the leading unit drives afterwards (hospital, mediation at the post); -1: nowhere."""
    second_ms: Ints
    set_off_ms: Ints
    """(calls, DRAWS): order to wheels turning, as it is."""
    drive_factor: Floats
    """(calls, DRAWS): how much longer this drive takes than the estimate."""


CALL: Final = np.dtype(
    [(name, np.int64) for name in CallTable._fields[:-2]]
    + [("set_off_ms", np.int64, DRAWS), ("drive_factor", np.float64, DRAWS)],
    align=True,
)
"""A row of ``CallTable`` as the loop reads it: one array to hand over instead of twelve."""

UNIT: Final = np.dtype(
    [
        ("kind", np.int64),  # row of to_ms's second axis
        ("home", np.int64),
        ("estimate_ms", np.int64),
        ("status", np.int64),
        ("due", np.int64),  # when it acts next
        ("call", np.int64),  # on which it works, -1
        ("order", np.int64),
        ("place", np.int64),  # where it stands, or drives to
        ("point", np.int64, 4),  # where it set out: place, ms to it, other place or -1, ms to that
        ("leg_to", np.int64),  # -1: stands at ``point``
        ("leg_via", np.int64),  # the place of ``point`` through which it drives
        ("leg_lead", np.int64),
        ("leg_total", np.int64),  # in the matrix's milliseconds, ``leg_lead`` included
        ("leg_at", np.int64),
        ("leg_scale", np.float64),
        ("leg_period", np.int64),
        ("path_count", np.int64),  # -1: not looked up yet
        ("path_place", np.int64, MOST_PATH),
        ("path_ms", np.int64, MOST_PATH),
        ("legs", np.int64),  # moves between jobs so far
        ("moves", np.int64),  # of them within the window
        ("since", np.int64),  # begin of the present status
        ("spent_ms", np.int64, 8),  # within the window, by status
    ],
    align=True,
)
"""What a unit is and does now; changed by the loop."""

ORDER: Final = np.dtype(
    [
        (name, np.int64)
        for name in ("call", "unit", "role", "at_ms", "set_off_ms", "arrived_ms", "left_ms", "withdrawn_ms")
    ]
)
"""An order; an instant is -1 where it never came."""

LOG: Final = np.dtype(
    [(name, np.int64) for name in ("ordered_ms", "arrived_ms", "unit", "done_ms", "active", "state", "sent")]
)
"""What became of a call."""


class Scratch(NamedTuple):
    """Room to work in."""

    point: Ints
    eligible: Bools
    divertible: Bools
    fit: Bools
    drive: Ints
    median: Floats
    loss: Floats
    shared: Floats
    chosen: Ints
    goal: Ints
    in_time: Ints
    waiting: Ints
    legs: Ints
    """(room, 4): moves between jobs as they begin: unit, moment, place, when it would be there; no room: none is kept."""
    leg_count: Ints
    """(1,): how many there were, kept or not."""


OFF, IDLE, MOVING, RESPONDING, ON_SCENE, TO_SECOND, AT_SECOND = range(7)
"""Status of a unit; MOVING is between jobs."""
TO_COME, WAITING, WORKED_ON, DONE, LOST = range(5)
"""State of a call."""
STAND, HOME, PATROL, DMEXCLP, COMPLIANCE, REACH = range(6)
"""``Rules.between``."""
