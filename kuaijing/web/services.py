"""What the HTTP door stands on: the parts of a running city, handed in whole by ``app/wiring``.

Ports that a part fulfils are named here as the door needs them, so that tests put a part of their own in its place.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from prometheus_client import Metric

from kuaijing.domain.commands import Context
from kuaijing.domain.places import Place
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.engine.device_register import DeviceRegister
from kuaijing.engine.engine import Engine
from kuaijing.engine.recorded import Receipt
from kuaijing.measures.instants import Instant
from kuaijing.measures.points import Point
from kuaijing.store.history import PositionHistory
from kuaijing.studies.workroom import Workroom
from kuaijing.tracking import DeviceFacts, Judgement, Report
from kuaijing.web.board import Board
from kuaijing.web.city_facts import CityFacts
from kuaijing.web.identity.accounts import Accounts
from kuaijing.web.identity.sessions import Sessions
from kuaijing.web.live import Live
from kuaijing.web.problems import no_plan
from kuaijing.web.replays import Replays
from kuaijing.wire.advice import AdviceView, CoverMoveView
from kuaijing.wire.answers import HitView, IsochroneView, PlanVersionView, RouteView
from kuaijing.wire.cover import CoverOfferView


class Clock(Protocol):
    """The city's clock."""

    speed: float

    def now(self) -> Instant:
        """This moment."""


class Tracking(Protocol):
    """The position pipeline."""

    def take(self, reports: Sequence[Report]) -> list[Judgement]:
        """Judge the reports in order, one judgement each."""


Survey = Callable[[Point, str, Instant], Place]
"""What ground and plan say of a place at a moment."""
Search = Callable[[str, Point | None, int], list[HitView]]
"""Places by text, near a point."""


class Tiles(Protocol):
    """The base map."""

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """A gzip-compressed tile."""

    def tilejson(self, url: str) -> dict[str, Any]:
        """What a map needs to know."""


class Roads(Protocol):
    """Routes and isochrones by the live weights."""

    def route(self, unit_class: str, start: Point, end: Point, heading_deg: float | None) -> RouteView | None:
        """The fastest way; ``None`` where there is none by road."""

    def isochrone(self, unit: str, unit_class: str, limit_s: float) -> IsochroneView:
        """Streets that the unit reaches in time."""


class Answered(Protocol):
    """What a terminal answered."""

    @property
    def device(self) -> str:
        """Which one."""

    @property
    def result(self) -> Literal["accepted", "refused", "unsupported", "no_answer"]:
        """How."""


class Terminals(Protocol):
    """Terminals of vehicles, as far as something may be asked of them."""

    async def send_text(self, unit: str, text: str) -> Answered:
        """Show and speak a text."""

    async def start_video(self, unit: str, channel: int, stream: int = 0) -> Answered:
        """Send a camera's picture to the media gateway."""

    async def stop_video(self, unit: str, channel: int) -> Answered:
        """End it."""


class Adviser(Protocol):
    """Recommendations."""

    async def recommend(self, incident: str, purpose: str | None) -> AdviceView:
        """The advice for an incident, stored by its digest."""

    async def cover(self) -> list[CoverMoveView]:
        """Cover moves for the city as it stands."""

    async def cover_offer(self) -> CoverOfferView:
        """The same with the reach before and after."""

    async def backfill(self, area: str) -> list[CoverMoveView]:
        """The move that would restore one area soonest; empty where nobody could."""

    async def reach_streets(self, tier: str | None) -> dict[str, Any]:
        """Streets with what reaches them, as GeoJSON."""

    async def reach_without(self, unit: str) -> dict[str, Any]:
        """Streets that would be lost without that unit, as GeoJSON."""


class Plans(Protocol):
    """Plan documents: kept, put in force, exported."""

    def current(self) -> PlanDocument | None:
        """The document in force."""

    def areas(self) -> dict[str, Any]:
        """Its areas as GeoJSON."""

    def document(self, digest: str) -> PlanDocument:
        """One that was kept, in force or not."""

    def areas_of(self, digest: str) -> dict[str, Any]:
        """Areas of one that was kept."""

    async def put_in_force(self, document: PlanDocument, context: Context) -> Receipt:
        """Keep the document durably and put it in force with its closures."""

    def versions(self) -> list[PlanVersionView]:
        """All that were kept, newest first."""


class Proposals(Protocol):
    """Plans that somebody proposes and another accepts."""

    async def propose(
        self, document: PlanDocument, name: str, base: str, closures: str, proof: str, context: Context
    ) -> Receipt:
        """Keep the document durably and propose it from its date on."""

    async def accept(self, proposal: str, context: Context) -> Receipt:
        """Accept it; where its date has come it is in force at once."""

    async def reject(self, proposal: str, context: Context) -> Receipt:
        """Reject it, or call it off before its date; the reason is in the context."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of the door itself."""

    body_bytes: int = 1024 * 1024
    plan_bytes: int = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Silence:
    """When a device counts as silent."""

    silent_s: float = 300.0


@dataclass(frozen=True)
class Services:
    """All parts."""

    city: CityFacts
    clock: Clock
    engine: Engine
    board: Board
    live: Live
    accounts: Accounts
    sessions: Sessions
    tracking: Tracking
    plans: Plans
    survey: Survey
    search: Search
    tiles: Tiles | None
    roads: Roads
    adviser: Adviser
    devices: DeviceRegister
    device_facts: Callable[[], Mapping[str, DeviceFacts]]
    """What the judgement knows of each device."""
    history: PositionHistory
    metrics: Callable[[], Iterable[Metric]]
    """Everything that ``/metrics`` tells, gathered when it is asked for."""
    find_terminals: Callable[[], Terminals | None] = lambda: None
    """``None`` while their port is closed."""
    metrics_token: str = ""
    silence: Silence = field(default_factory=Silence)
    limits: Limits = field(default_factory=Limits)
    replays: Replays | None = None
    """The log shown again."""
    studies: Workroom | None = None
    """The analysts' workroom."""
    proposals: Proposals | None = None

    def plan_in_force(self) -> PlanDocument:
        """The document in force, or a refusal."""
        plan = self.plans.current()
        if plan is None:
            raise no_plan()
        return plan
