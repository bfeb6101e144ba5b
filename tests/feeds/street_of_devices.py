"""A street for the feeds: a register in memory, the real judgement, the domain's own rules; time that a test moves."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from kuaijing.domain.commands import Command, Context
from kuaijing.domain.incidents import Incident
from kuaijing.domain.places import Place
from kuaijing.domain.words import Origin
from kuaijing.engine.devices import Device
from kuaijing.engine.errors import Degraded
from kuaijing.engine.personal import PersonalWords
from kuaijing.engine.recorded import Receipt
from kuaijing.feeds.doors import Doors
from kuaijing.feeds.help import Distress, Ground
from kuaijing.feeds.normaliser import Normaliser
from kuaijing.measures.instants import Instant, to_datetime
from kuaijing.measures.points import Point
from kuaijing.routing.network import Network
from kuaijing.tracking import Judgement, LiveTable, Pipeline, Report
from kuaijing.wire.plans.provisional import provisional
from tests.engine_live.small_core import SmallCore, TestClock
from tests.grid_ground import grid_ground
from tests.tracking.reporting_units import at, degrees

GROUND = grid_ground(7, 7, 250.0)
NETWORK = Network(GROUND)
PLAN = provisional(GROUND, platforms=2)
UNITS = ("Q1", "Q2")


class Book:
    """A register; every code is ``code of KEY``."""

    def __init__(self) -> None:
        self.devices: dict[tuple[str, str], Device] = {}
        self.contacts: list[tuple[str, Instant, bool]] = []
        self.strangers: dict[tuple[str, str], Mapping[str, str]] = {}
        self.faults: Counter[tuple[str, str, str]] = Counter()

    def enter(
        self, protocol: str, key: str, unit: str | None = "Q1", *, crs: str = "wgs84", active: bool = True
    ) -> Device:
        device = Device(f"{protocol}:{key}", protocol, key, unit, key, crs, active, 1)
        self.devices[protocol, key] = device
        return device

    def find(self, protocol: str, key: str) -> Device | None:
        return self.devices.get((protocol, key))

    def code_of(self, device: Device) -> str:
        return f"code of {device.key}"

    def is_code(self, device: Device, code: str) -> bool:
        return code == self.code_of(device)

    def contact(self, device: Device, at: Instant, connected: bool) -> None:
        self.contacts.append((device.id, at, connected))

    def unknown(self, protocol: str, key: str, at: Instant, facts: Mapping[str, str]) -> None:
        self.strangers[protocol, key] = facts

    def fault(self, protocol: str, key: str, reason: str) -> None:
        self.faults[protocol, key, reason] += 1


class Street:
    """Two cars, Q1 and Q2, on a grid of streets whose south-west corner is 112°E 27°N."""

    def __init__(self) -> None:
        self.clock = TestClock()
        self.core = SmallCore([(unit, "car") for unit in UNITS], self.clock)
        self.book = Book()
        self.table = LiveTable()
        self.pipeline = Pipeline(NETWORK)
        self.judged: list[Judgement] = []
        self.contexts: list[Context] = []
        self.doors = Doors(self.book, self._take, self._submit, self.clock.now)
        ground = Ground(lambda: self.core.picture.state, lambda: PLAN, _place, self._find_point)
        self.distress = Distress(self.doors, ground)
        self.normaliser = Normaliser(self.doors, self.distress)

    def helped(self) -> list[Incident]:
        """Incidents that are calls for help, in the order of opening."""
        incidents = self.core.picture.state.incidents.values()
        return [each for each in incidents if each.origin == Origin.OFFICER_HELP]

    def _take(self, reports: Sequence[Report]) -> list[Judgement]:
        judged = self.pipeline.judge(reports, dict.fromkeys(UNITS, "car"))
        self.judged += judged
        for each in judged:
            if each.fix is not None and each.moves:
                self.table.put(each.fix)
        return judged

    async def _submit(self, command: Command, context: Context, personal: PersonalWords | None) -> Receipt:
        if self.core.down:
            raise Degraded("disk full")
        if any(each.key == context.key for each in self.contexts):
            return Receipt(self.core.picture.version, (), True, {})
        self.contexts.append(context)
        return await self.core.submit(command, context)

    def _find_point(self, unit: str) -> Point | None:
        fix = self.table.find(unit)
        return None if fix is None else Point(fix.lon, fix.lat)


def _place(point: Point, text: str, at: Instant) -> Place:
    return Place(point, text, "rest", 300.0, None, "东西0路", 0.0, True)


def traccar(seconds: float, east: float, north: float, *, key: str = "138", **position: Any) -> dict[str, Any]:
    """A forwarded position as Traccar sends it."""
    lon, lat = degrees(east, north)
    moment = iso(seconds)
    attributes = position.pop("attributes", {})
    return {
        "position": {
            "fixTime": moment, "deviceTime": moment, "serverTime": moment, "valid": True, "outdated": False,
            "longitude": lon, "latitude": lat, "speed": 0.0, "course": 0.0, "accuracy": 0.0, "protocol": "gt06",
            "attributes": attributes, **position,
        },
        "device": {"id": 1, "name": "京A0001警", "uniqueId": key, "category": "car", "phone": None},
    }  # fmt: skip


def iso(seconds: float) -> str:
    return to_datetime(at(seconds)).isoformat(timespec="milliseconds")
