"""A device's SOS becomes the same call for help that an officer's page raises: once for each press, at the device's
place.

Terminals repeat the alarm in every report until they are answered or let go, gateways send a report twice, and a link
that was lost sends it late. So a press begins with the first report that carries the alarm, ends with a later report
(by the device's clock) that does not, and is raised once. After a restart nothing is known of presses: a unit whose
call for help is still open is then taken to be in the same press.

A press that arrives more than ``STALE_S`` late is counted and not raised. Late is what is later than the device's other
reports: a terminal whose clock is wrong by a day is not late. Where a wrong clock and an old message cannot be told
apart, it is raised.

What a frame looks like is not known here; see ``jt808`` and ``traccar``. ``heard`` is called for every report, alarm or
not.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, cast

from kuaijing.domain.commands import Context, RaiseHelp
from kuaijing.domain.errors import DomainError
from kuaijing.domain.places import Place
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.domain.state import State
from kuaijing.domain.words import OPEN_INCIDENT, Origin
from kuaijing.engine.devices import Device
from kuaijing.feeds.doors import Doors
from kuaijing.measures.coordinates import System, to_wgs84
from kuaijing.measures.instants import SECOND, Instant, seconds_between
from kuaijing.measures.points import Point
from kuaijing.wire.help_kind import help_kind

STALE_S: Final = 1800.0
"""A press that was sent so late is history: the device had no link, and whoever pressed was heard of otherwise."""
AHEAD_S: Final = 10.0
"""A device's clock may be so far ahead of ours."""
BROKEN_CLOCK_S: Final = 86_400.0
"""A live report that seems this late comes from a clock that was lost, not from a link."""
TRIES_AFTER_S: Final = (0.0, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
"""While the core cannot write, a call for help is tried again."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ground:
    """What is asked of the city to raise a call for help."""

    state: Callable[[], State]
    find_plan: Callable[[], PlanDocument | None]
    survey: Callable[[Point, str, Instant], Place]
    find_point: Callable[[str], Point | None]
    """A unit's newest live position, however old."""


@dataclass(slots=True)
class _Press:
    since: Instant
    """By the device's clock, as ``ended``."""
    heard_at: Instant
    """By ours."""
    ended: Instant | None = None


class Distress:
    """Calls for help from devices. Belongs to the loop's thread."""

    def __init__(self, doors: Doors, ground: Ground) -> None:
        self._doors, self._ground = doors, ground
        self._presses: dict[str, _Press] = {}
        self._lags: dict[str, int] = {}
        """By how much the last live report of a device was behind our clock, microseconds."""
        self._running: set[asyncio.Task[None]] = set()

    def heard(
        self, device: Device, sos: bool, measured_at: Instant, point: Point | None, *, backfill: bool = False
    ) -> bool:
        """A report of an approved device; ``point`` in WGS-84 where it has one. True exactly where a new press begins.

        Nothing is awaited: raising goes on by itself, so that the reply to the terminal waits for no disk.
        """
        now = self._doors.now()
        if seconds_between(now, measured_at) > AHEAD_S:
            measured_at = now  # a clock that runs ahead must not silence the next press once it is set right
        press = self._presses.get(device.id)
        if not sos:
            if not backfill:
                self._lags[device.id] = now - measured_at
            if press is not None and press.ended is None and measured_at > press.since:
                press.ended = measured_at
            return False
        if press is not None and self._is_the_same(press, measured_at, now):
            return False
        if device.unit is None or not device.active:
            self._doors.book.fault(device.protocol, device.key, "sos_without_unit")
            return False
        if self._is_stale(device, measured_at, now, backfill):
            self._doors.book.fault(device.protocol, device.key, "sos_stale")
            return False
        self._presses[device.id] = _Press(measured_at, now)
        if press is None and self._is_helped(device.unit):
            return False
        task = asyncio.get_running_loop().create_task(self._raise(device, device.unit, measured_at, point))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return True

    async def settle(self) -> None:
        """Wait until everything pressed so far is raised or given up."""
        while self._running:
            await asyncio.gather(*self._running, return_exceptions=True)

    def _is_the_same(self, press: _Press, measured_at: Instant, now: Instant) -> bool:
        """It goes on, or this is a late copy of it; after half an hour there are no copies, only clocks that were set back."""
        if press.ended is None:
            return True
        return measured_at <= press.ended and seconds_between(press.heard_at, now) <= STALE_S

    def _is_stale(self, device: Device, measured_at: Instant, now: Instant, backfill: bool) -> bool:
        usual = self._lags.get(device.id)
        if usual is None and not backfill:
            return False
        late_s = (now - measured_at - (usual or 0)) / SECOND
        return late_s > STALE_S and (backfill or late_s < BROKEN_CLOCK_S)

    def _is_helped(self, unit: str) -> bool:
        incidents = self._ground.state().incidents.values()
        return any(
            each.raised_by == unit and each.origin == Origin.OFFICER_HELP and each.status in OPEN_INCIDENT
            for each in incidents
        )

    async def _raise(self, device: Device, unit: str, measured_at: Instant, point: Point | None) -> None:
        key = f"sos:{device.id}:{measured_at}"[:128]
        for wait_s in TRIES_AFTER_S:
            await asyncio.sleep(wait_s)
            try:
                now = self._doors.now()
                context = Context(device.id, device.protocol, now, key, "SOS", body=key)
                await self._doors.submit(self._command(unit, point, now), context, None)
                return
            except DomainError as refused:
                if refused.category != "unavailable":
                    _log.error("SOS of %s (unit %s) was refused: %s", device.id, unit, refused)
                    break
                _log.warning("SOS of %s (unit %s) must wait: %s", device.id, unit, refused)
            except Exception:
                _log.exception("SOS of %s (unit %s) must wait", device.id, unit)
        self._doors.book.fault(device.protocol, device.key, "sos_not_raised")
        self._presses.pop(device.id, None)  # the next report that carries the alarm tries again

    def _command(self, unit: str, point: Point | None, now: Instant) -> RaiseHelp:
        plan = self._ground.find_plan()
        if plan is None:
            raise LookupError("no plan is in force, so no kind of incident is known")
        kind = help_kind(plan)
        place = self._place(unit, point, plan, now)
        return RaiseHelp(unit, "", "", place, kind.code, kind.plan)

    def _place(self, unit: str, point: Point | None, plan: PlanDocument, now: Instant) -> Place:
        """The device's own place, else the unit's last known one, its home, its platform; said so where it is not measured."""
        if point is not None:
            return self._ground.survey(point, "", now)
        seen = self._ground.find_point(unit)
        if seen is not None:
            return self._ground.survey(seen, "最后位置 · last known place", now)
        known = self._ground.state().units.get(unit)
        if known is not None and known.home is not None:
            return self._ground.survey(known.home, "位置不明，驻地 · place unknown, home", now)
        posts = sorted(plan.platforms, key=lambda post: known is None or post.id != known.platform)
        if not posts:
            raise LookupError(f"no place of unit {unit} is known, and the plan has no platform")
        return self._ground.survey(posts[0].point, "位置不明，平台 · place unknown, platform", now)


def point_in_wgs84(lon: float, lat: float, crs: str) -> Point | None:
    """A device's coordinates as a WGS-84 point; ``None`` where they are no place (nothing, out of range, 0°/0°)."""
    if not (abs(lon) <= 180 and abs(lat) <= 90) or (abs(lon) < 1e-6 and abs(lat) < 1e-6):
        return None
    if crs == "wgs84":
        return Point(lon, lat)
    if crs not in ("gcj02", "bd09"):
        return None
    x, y = to_wgs84([lon], [lat], cast(System, crs))
    return Point(float(x[0]), float(y[0]))
