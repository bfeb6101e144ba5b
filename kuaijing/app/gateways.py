"""Every door by which devices report: made, opened and closed together with a city. The one place that knows all of them.

A port that is taken is refused before anything is served. What goes away later (a broker) is tried again by its own feed.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from litestar.handlers import HTTPRouteHandler

from kuaijing.app.device_files import keep_contacts, read_contacts, read_secret
from kuaijing.app.plan_book import PlanBook
from kuaijing.app.refused import Refused
from kuaijing.app.settings import Settings
from kuaijing.domain.commands import Command, Context
from kuaijing.engine.device_register import DeviceRegister
from kuaijing.engine.engine import Engine
from kuaijing.engine.live import LivePicture
from kuaijing.engine.personal import PersonalWords
from kuaijing.engine.recorded import Receipt
from kuaijing.feeds import http
from kuaijing.feeds.doors import Doors
from kuaijing.feeds.gate import Gate
from kuaijing.feeds.help import Distress, Ground
from kuaijing.feeds.jt808.server import Jt808Server
from kuaijing.feeds.mqtt import MqttFeed
from kuaijing.feeds.normaliser import Normaliser
from kuaijing.measures.instants import Instant
from kuaijing.measures.points import Point
from kuaijing.store import StoreError
from kuaijing.web.identity.accounts import Accounts, LockedOut, NoAccounts, WrongPassword
from kuaijing.web.identity.roles import UserRole

KEEP_EVERY_S: Final = 60.0
_log = logging.getLogger(__name__)


class GatewayAccounts:
    """Accounts as a feed asks for them; see ``feeds.gate``."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def is_gateway(self, user: str, password: str) -> bool:
        """Whether it is the password of an account whose role is gateway."""
        try:
            return self._accounts.check(user, password).role is UserRole.GATEWAY
        except (WrongPassword, LockedOut, NoAccounts, StoreError):
            return False


class Gateways:
    """The device register and the doors that ask it. ``folder`` is the log's own."""

    def __init__(
        self,
        folder: Path,
        engine: Engine,
        live: LivePicture,
        plans: PlanBook,
        now: Callable[[], Instant],
        settings: Settings,
    ) -> None:
        self._folder, self._engine, self._live, self._plans = folder, engine, live, plans
        self._settings = settings
        self.register = DeviceRegister(engine, read_secret(folder), read_contacts(folder))
        self.doors = Doors(self.register, live.take, self._submit, now)
        survey = Ground(lambda: engine.picture.state, plans.current, plans.place, self._find_point)
        self.distress = Distress(self.doors, survey)
        self.normaliser = Normaliser(self.doors, self.distress)
        self.terminals: Jt808Server | None = None
        """The JT/T 808 door, where it is open."""
        self.broker: MqttFeed | None = None
        self._keeping: asyncio.Task[None] | None = None

    def http_handlers(self, accounts: Accounts) -> Sequence[HTTPRouteHandler]:
        """Routes of the feeds over HTTP, for the application."""
        if not self._settings.feeds.http:
            return []
        return http.handlers(self.normaliser, Gate(self.register, GatewayAccounts(accounts)))

    async def start(self) -> None:
        """Read the register and open the doors that are set; ``Refused`` where one cannot be opened."""
        self.register.load()
        self._keeping = asyncio.create_task(self._keep_now_and_then(), name="device contacts")
        if self._settings.jt808.port:
            await self.open_terminals()
        if self._settings.mqtt.host:
            self.broker = MqttFeed(self.normaliser, self._settings.mqtt)
            await self.broker.start()

    async def open_terminals(self) -> Jt808Server:
        """The JT/T 808 door; on port 0 a free one is taken."""
        settings = self._settings.jt808
        server = Jt808Server(self.doors, self.distress, self._engine, settings, find_plan=self._plans.current)
        try:
            await server.start()
        except OSError as fault:
            raise Refused(
                f"jt808.port {settings.port} on {settings.host} cannot be opened: {fault.strerror or fault}; "
                "stop what runs there, or choose another with --set jt808.port=..."
            ) from None
        self.terminals = server
        return server

    async def stop(self) -> None:
        """Close every door; what goes wrong at one does not keep another open."""
        for door in (self.terminals, self.broker):
            if door is None:
                continue
            try:
                await door.stop()
            except Exception:
                _log.exception("a door of the devices did not close cleanly")
        self.terminals = self.broker = None
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
            self._keeping = None
        await self._keep()

    async def _submit(self, command: Command, context: Context, personal: PersonalWords | None) -> Receipt:
        return await self._engine.submit(command, context, personal)

    def _find_point(self, unit: str) -> Point | None:
        fix = self._live.table.find(unit)
        return None if fix is None else Point(fix.lon, fix.lat)

    async def _keep_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(KEEP_EVERY_S)
            await self._keep()

    async def _keep(self) -> None:
        if self.register.contacts.changed:
            await asyncio.to_thread(keep_contacts, self._folder, self.register.contacts.to_keep())
