"""Arrivals by position beside the button: gaps of more than a minute, and units that pressed while they were far away.

For each pressed arrival of the incidents of a period:

- *gap*: the arrival was measured as well, and the press lies more than ``GAP_S`` outside its interval, before or after.
- *far*: the fix nearest in time to the press, at most ``FIX_WITHIN_S`` from it, lies more than ``FAR_M`` from the
  incident's place, in a straight line and after taking off the fix's stated error. A fix from another moment says
  little: its age stands beside it.
- *unmeasured*: no arrival was measured. Where no position shows the unit far either, it is listed apart: a lost link, a
  place drawn off its street or a cellar explain it, and it proves nothing. Measured arrivals that nobody pressed are
  listed apart too.

An incident that was moved since is compared with the place that it has now. Positions come from the history through
``Whereabouts``, ways by road through ``along``; both belong to others.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final, Protocol, TypeVar
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from kuaijing.domain.assignments import Assignment
from kuaijing.domain.incidents import Incident
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.engine.recorded import IncidentFile
from kuaijing.measures.instants import Instant, after, seconds_between, to_datetime
from kuaijing.measures.points import Point, metres_between
from kuaijing.wire.mismatches import (
    Finding,
    MismatchReport,
    MismatchTally,
    NearestFixView,
    PressView,
    UnpressedView,
)

GAP_S: Final = 60.0
FAR_M: Final = 200.0
FIX_WITHIN_S: Final = 60.0
OUTSIDE: Final = ("网格之外", "Outside all beats")

Row = TypeVar("Row", PressView, UnpressedView)


class Positions(Protocol):
    """A unit's fixes by the time that they were measured at, arrays of shape ``(n,)``."""

    @property
    def measured(self) -> NDArray[np.int64]:
        """Microseconds since 1970."""

    @property
    def lon(self) -> NDArray[np.float64]:
        """Degrees."""

    @property
    def lat(self) -> NDArray[np.float64]:
        """Degrees."""

    @property
    def accuracy(self) -> NDArray[np.float32]:
        """Metres; NaN where it was not told."""


class Whereabouts(Protocol):
    """The position history, as far as it is asked."""

    def track(self, unit: str, from_at: Instant, until: Instant) -> Positions:
        """Fixes with ``from_at <= measured < until``."""


Along = Callable[[str, Point, Point], float | None]
"""Metres by road that a unit has to drive from one point to another; ``None`` where no way is known."""


@dataclass(frozen=True, slots=True)
class Period:
    """What a report is about."""

    from_at: Instant
    to: Instant
    unit: str | None = None
    beat: str | None = None


def mismatches(
    files: Iterable[IncidentFile],
    period: Period,
    whereabouts: Whereabouts,
    along: Along,
    zone: ZoneInfo,
    plan: PlanDocument | None,
    now: Instant,
) -> MismatchReport:
    """The report of one period.

    Parameters
    ----------
    files
        Every incident opened in the period, as ``files_between`` gives them; those of another beat are left out here.
    whereabouts, along
        Positions, and ways by road.
    plan
        Where the names of beats come from.
    now
        When the report is made.
    """
    presses: list[PressView] = []
    unpressed: list[UnpressedView] = []
    for file in files:
        if period.beat is not None and (file.incident.place.beat or "") != period.beat:
            continue
        for part in file.assignments:
            if period.unit is not None and part.unit != period.unit:
                continue
            if part.on_scene_at is not None:
                presses.append(_press(file.incident, part, part.on_scene_at, whereabouts, along))
            elif part.arrived is not None and _is_over(part, now):
                unpressed.append(_unpressed(file.incident, part))
    presses.sort(key=lambda press: press.pressed_at, reverse=True)
    unpressed.sort(key=lambda each: each.measured_latest, reverse=True)
    beats = {} if plan is None else {beat.id: (beat.name, beat.name_en) for beat in plan.beats}
    rows: list[PressView | UnpressedView] = [*presses, *unpressed]
    signs = {row.unit: (row.call_sign, row.call_sign) for row in rows}
    return MismatchReport(
        from_at=to_datetime(period.from_at),
        to=to_datetime(period.to),
        timezone=zone.key,
        made_at=to_datetime(now),
        unit=period.unit,
        beat=period.beat,
        gap_limit_s=GAP_S,
        far_m=FAR_M,
        fix_within_s=FIX_WITHIN_S,
        total=_tally("total", ("合计", "Total"), presses, unpressed),
        by_unit=_tallies(presses, unpressed, lambda row: row.unit, signs),
        by_beat=_tallies(presses, unpressed, lambda row: row.beat or "", {"": OUTSIDE} | beats),
        presses=[press for press in presses if "gap" in press.findings or "far" in press.findings],
        unmeasured=[press for press in presses if press.findings == ["unmeasured"]],
        unpressed=unpressed,
    )


def _press(
    incident: Incident, part: Assignment, pressed_at: Instant, whereabouts: Whereabouts, along: Along
) -> PressView:
    fix, far = _nearest_fix(incident, part, pressed_at, whereabouts, along)
    findings: list[Finding] = []
    if part.pressed_gap_s is not None and abs(part.pressed_gap_s) > GAP_S:
        findings.append("gap")
    if far:
        findings.append("far")
    if part.arrived is None:
        findings.append("unmeasured")
    return PressView(
        incident=incident.id,
        assignment=part.id,
        opened_at=to_datetime(incident.opened_at),
        unit=part.unit,
        call_sign=part.call_sign,
        beat=incident.place.beat,
        place=incident.place.text or incident.place.road,
        pressed_at=to_datetime(pressed_at),
        by_voice="on_scene" in part.by_voice,
        measured_earliest=None if part.arrived is None else to_datetime(part.arrived.earliest),
        measured_latest=None if part.arrived is None else to_datetime(part.arrived.latest),
        gap_s=part.pressed_gap_s,
        fix=fix,
        findings=findings,
    )


def _nearest_fix(
    incident: Incident, part: Assignment, pressed_at: Instant, whereabouts: Whereabouts, along: Along
) -> tuple[NearestFixView | None, bool]:
    """The fix nearest in time to the press, and whether it shows the unit far away."""
    found = whereabouts.track(part.unit, after(pressed_at, -FIX_WITHIN_S), Instant(after(pressed_at, FIX_WITHIN_S) + 1))
    if len(found.measured) == 0:
        return None, False
    row = int(np.argmin(np.abs(found.measured - pressed_at)))
    here = Point(float(found.lon[row]), float(found.lat[row]))
    accuracy = float(found.accuracy[row])
    known = bool(np.isfinite(accuracy))
    straight_m = metres_between(here, incident.place.point)
    far = straight_m - (accuracy if known else 0.0) > FAR_M
    view = NearestFixView(
        at=to_datetime(Instant(int(found.measured[row]))),
        age_s=seconds_between(Instant(int(found.measured[row])), pressed_at),
        straight_m=round(straight_m, 1),
        along_m=along(part.unit, here, incident.place.point) if far else None,
        accuracy_m=round(accuracy, 1) if known else None,
    )
    return view, far


def _is_over(part: Assignment, now: Instant) -> bool:
    """A press may still come while the unit is at the scene; after ``GAP_S`` it would be late anyway."""
    assert part.arrived is not None
    return part.ended_at is not None or seconds_between(part.arrived.latest, now) > GAP_S


def _unpressed(incident: Incident, part: Assignment) -> UnpressedView:
    assert part.arrived is not None
    return UnpressedView(
        incident=incident.id,
        assignment=part.id,
        opened_at=to_datetime(incident.opened_at),
        unit=part.unit,
        call_sign=part.call_sign,
        beat=incident.place.beat,
        place=incident.place.text or incident.place.road,
        measured_earliest=to_datetime(part.arrived.earliest),
        measured_latest=to_datetime(part.arrived.latest),
    )


def _tallies(
    presses: Sequence[PressView],
    unpressed: Sequence[UnpressedView],
    key_of: Callable[[PressView | UnpressedView], str],
    names: Mapping[str, tuple[str, str]],
) -> list[MismatchTally]:
    """One tally a key, most findings first."""
    pressed_of, unpressed_of = _grouped(presses, key_of), _grouped(unpressed, key_of)
    tallies = [
        _tally(key, names.get(key, (key, key)), pressed_of.get(key, []), unpressed_of.get(key, []))
        for key in sorted({*pressed_of, *unpressed_of})
    ]
    return sorted(tallies, key=lambda tally: -(tally.early + tally.late + tally.far))


def _grouped(rows: Sequence[Row], key_of: Callable[[PressView | UnpressedView], str]) -> dict[str, list[Row]]:
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key_of(row)].append(row)
    return groups


def _tally(
    key: str, names: tuple[str, str], presses: Sequence[PressView], unpressed: Sequence[UnpressedView]
) -> MismatchTally:
    gaps = [press.gap_s for press in presses if press.gap_s is not None]
    return MismatchTally(
        key=key,
        name=names[0],
        name_en=names[1],
        pressed=len(presses),
        compared=len(gaps),
        agree=sum(abs(gap) <= GAP_S for gap in gaps),
        early=sum(gap < -GAP_S for gap in gaps),
        late=sum(gap > GAP_S for gap in gaps),
        far=sum("far" in press.findings for press in presses),
        unmeasured=len(presses) - len(gaps),
        unpressed=len(unpressed),
        median_gap_s=median(abs(gap) for gap in gaps) if gaps else None,
    )
