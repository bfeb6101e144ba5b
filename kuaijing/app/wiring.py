"""Puts a city together: ground, roads, store, engine, positions, advice, door. The one place that knows every part.

``open_city`` opens and checks everything that can fail before a socket is bound; ``City.running`` starts the tasks and stops
them again in the opposite order.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from kuaijing.app.advising import Advising
from kuaijing.app.clock import CityClock
from kuaijing.app.demand_of import demand_of, rates_of
from kuaijing.app.driving import Driving
from kuaijing.app.figures import Figures
from kuaijing.app.gateways import Gateways
from kuaijing.app.history_facts import put_on_record
from kuaijing.app.plan_book import PlanBook
from kuaijing.app.proposals import ProposalBook
from kuaijing.app.refused import Refused
from kuaijing.app.settings import Settings
from kuaijing.app.training import find_service_plan, refuse_real_terminals
from kuaijing.city.ground import DamagedGround, Ground, open_ground
from kuaijing.city.search import open_search
from kuaijing.city.tiles import open_tiles
from kuaijing.domain.commands import Context
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.engine.advice import CityStreets, LiveRoads, ReachField
from kuaijing.engine.engine import Engine
from kuaijing.engine.live import LivePicture, Meaning
from kuaijing.engine.ports import Store
from kuaijing.engine.survey import Survey
from kuaijing.measures.points import Point
from kuaijing.routing import Network
from kuaijing.store import StoreError, open_store
from kuaijing.store.folder import FolderStore
from kuaijing.store.history import HISTORY_FILE, PositionHistory
from kuaijing.studies.workroom import Workroom
from kuaijing.web.app import create_app
from kuaijing.web.board import Board
from kuaijing.web.city_facts import CityFacts
from kuaijing.web.doorway import Asgi
from kuaijing.web.fixes import LiveFixes
from kuaijing.web.history_alert import history_alert
from kuaijing.web.identity.accounts import Accounts
from kuaijing.web.identity.sessions import Sessions
from kuaijing.web.live import Live
from kuaijing.web.painting import Sources
from kuaijing.web.replay_traces import HistoryTraces
from kuaijing.web.replays import Replays
from kuaijing.web.services import Services
from kuaijing.wire.answers import HitView

_log = logging.getLogger(__name__)

Mode = Literal["live", "demo", "training"]


@dataclass
class City:
    """A city that is put together; nothing runs yet."""

    facts: CityFacts
    data: Path
    ground: Ground
    network: Network
    clock: CityClock
    settings: Settings
    store: Store
    engine: Engine
    live_picture: LivePicture
    roads: LiveRoads
    plans: PlanBook
    advising: Advising
    accounts: Accounts
    gateways: Gateways
    history: PositionHistory
    proposals: ProposalBook
    studies: Workroom
    live: Live | None = None
    """What feeds the consoles, once the city runs."""

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[Asgi]:
        """Start the engine and every task; the application to serve. Everything is stopped and closed afterwards."""
        async with self.working():
            await self._begin_training()
            put_on_record(self.history, self.engine, self.clock.now)
            self.history.start()
            self.live_picture.on_judged.append(self.history.take)
            await self.gateways.start()
            app = create_app(self._services(), extra=self.gateways.http_handlers(self.accounts))
            tasks = [
                asyncio.create_task(_restarted("positions", self.live_picture.run)),
                asyncio.create_task(_restarted("advice", self.advising.run)),
                asyncio.create_task(_restarted("proposals", self.proposals.run)),
            ]
            try:
                yield app
            finally:
                await self.gateways.stop()
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                await asyncio.to_thread(self.studies.close)

    @contextlib.asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Start the core alone, without door, positions and advice."""
        try:
            await self.engine.start()
            self._refuse_another_city()
            yield
        finally:
            await self.gateways.stop()
            await self.engine.stop()
            await asyncio.to_thread(self.history.close)
            self.store.close()
            self.accounts.close()

    def _refuse_another_city(self) -> None:
        """A log of one city shown on the map of another would misplace every unit and incident."""
        plan = self.plans.current()
        posts = [] if plan is None else [post.point for post in plan.platforms]
        west, south, east, north = self.ground.bbox
        if plan is None or not posts or any(west <= at.lon <= east and south <= at.lat <= north for at in posts):
            return
        raise Refused(
            f"{self.data} belongs to another city: none of the {len(posts)} platforms of its plan {plan.name!r} "
            f"lies in {self.ground.name}; name this city's own --data, or that city's folder with --city"
        )

    async def put_in_force(self, document: PlanDocument, actor: str) -> None:
        """Keep a plan document and put it in force."""
        await self.plans.put_in_force(document, Context(actor, "setup", self.clock.now()))

    async def _begin_training(self) -> None:
        """A training log without a plan takes the one that the service has in force."""
        if self.facts.mode != "training" or self.plans.current() is not None:
            return
        document = await asyncio.to_thread(find_service_plan, self.data)
        if document is not None:
            await self.put_in_force(document, "training")

    def _services(self) -> Services:
        fixes = LiveFixes(self.live_picture.table, self.settings.tracking)
        sources = Sources(
            city=self.facts,
            engine=self.engine,
            fixes=fixes,
            find_plan=self.plans.current,
            find_reach=self.advising.find_reach,
            is_warming=lambda: self.plans.current() is not None and not self.advising.is_ready,
            more_alerts=history_alert(self.history.stopped_since),
        )
        board = Board(sources, self.clock)
        self.live = live = Live(self.engine, board, fixes)
        figures = Figures(
            self.engine, self.live_picture, self.gateways, self.history, self.plans, self.clock.now,
            self.settings.devices.silent_s,
        )  # fmt: skip
        figures.consoles = lambda: len(live.consoles)
        return Services(
            city=self.facts,
            clock=self.clock,
            engine=self.engine,
            board=board,
            live=live,
            accounts=self.accounts,
            sessions=Sessions(self.accounts, lasts_s=self.settings.session.lasts_s),
            tracking=self.live_picture,
            plans=self.plans,
            survey=self.plans.place,
            search=_searching(self.ground),
            tiles=_found(open_tiles, self.ground),
            roads=Driving(self.roads, self.live_picture.table),
            adviser=self.advising,
            devices=self.gateways.register,
            device_facts=self.live_picture.pipeline.facts,
            history=self.history,
            metrics=figures,
            find_terminals=lambda: self.gateways.terminals,
            metrics_token=self.settings.metrics.token,
            silence=self.settings.devices,
            limits=self.settings.door,
            replays=self._replays(),
            studies=self.studies,
            proposals=self.proposals,
        )

    def _replays(self) -> Replays:
        traces = HistoryTraces(self.history, self.clock.now)
        return Replays(self.engine, self.facts, traces, self.settings.tracking, self.plans.areas_of)


def open_city(
    city: Path, data: Path, *, settings: Settings, clock: CityClock, mode: Mode = "live", store: Store | None = None
) -> City:
    """Open ground and DATA and put everything together. Raises ``Refused`` with one message where that cannot be."""
    try:
        ground = open_ground(city)
    except (DamagedGround, OSError) as error:
        raise Refused(str(error)) from None
    return assemble(ground, data, settings=settings, clock=clock, mode=mode, store=store)


def assemble(
    ground: Ground, data: Path, *, settings: Settings, clock: CityClock, mode: Mode = "live", store: Store | None = None
) -> City:
    """The same from an opened ground."""
    if mode == "training":
        refuse_real_terminals(settings)
    try:
        data.mkdir(parents=True, exist_ok=True)
        store = store or open_store(data, training=mode == "training")
    except (StoreError, OSError) as error:
        raise Refused(str(error)) from None
    zone = ZoneInfo(ground.timezone)
    facts = CityFacts(ground.hash[:16], ground.name, ground.fictional, mode, ground.hash, ground.bbox, ground.timezone)
    network = Network(ground)
    engine = Engine(store, clock.now, zone)
    live_picture = LivePicture(engine, network, clock, settings.tracking)
    roads = LiveRoads(network)
    plans = PlanBook(engine, ground, network, clock.now)

    def make_field(survey: Survey) -> ReachField:
        streets = CityStreets.of(ground)
        demand = demand_of(ground, streets, data)
        return ReachField(roads, survey, live_picture, demand, streets=streets)

    folder = store.folder if isinstance(store, FolderStore) else data
    try:
        gateways = Gateways(folder, engine, live_picture, plans, clock.now, settings)
        history = PositionHistory(folder / HISTORY_FILE, clock.now, settings.history)
    except (StoreError, OSError) as error:
        store.close()
        raise Refused(str(error)) from None
    except Refused:
        store.close()
        raise
    tracking = settings.tracking
    meaning = Meaning(engine, clock.now, plans.find_survey, live_picture.note_finding, tracking)
    live_picture.on_judged.append(meaning.take)
    advising = Advising(
        engine,
        ground,
        roads,
        live_picture.table,
        plans.find_survey,
        make_field,
        clock,
        live_picture.note_finding,
        tracking,
    )
    return City(
        facts,
        data,
        ground,
        network,
        clock,
        settings,
        store,
        engine,
        live_picture,
        roads,
        plans,
        advising,
        Accounts(data),
        gateways,
        history,
        ProposalBook(engine, plans, ground, clock.now),
        Workroom(ground.folder, data, rates_of),
    )


def _searching(ground: Ground) -> Callable[[str, Point | None, int], list[HitView]]:
    search = _found(open_search, ground)

    def find(text: str, near: Point | None, limit: int) -> list[HitView]:
        if search is None:
            return []
        hits = search.find(text, near=None if near is None else (near.lon, near.lat), limit=limit)
        return [
            HitView(hit.name, hit.name_en, hit.kind, hit.lon, hit.lat, hit.detail, hit.detail_en, hit.score)
            for hit in hits
        ]

    return find


def _found(opening: Callable[[Ground], Any], ground: Ground) -> Any:
    """A part of the city folder that a city can do without; its absence is logged."""
    try:
        return opening(ground)
    except (DamagedGround, OSError) as error:
        _log.warning("%s", error)
        return None


async def _restarted(what: str, run: Callable[[], Any]) -> None:
    """Run a task for ever; a fault is logged and the task begun anew."""
    while True:
        try:
            await run()
            return
        except Exception:
            _log.exception("the task that keeps %s failed; it begins anew", what)
            await asyncio.sleep(1.0)
