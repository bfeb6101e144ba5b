"""The JT/T 808 door: listens, keeps its connections within bounds, and speaks for the terminals of a unit.

A connection that has not authenticated in time is closed; one more than may wait, and the one that waits longest goes. Of two
connections with one number the newest holds: a terminal that lost its link comes again before the old connection is known to be dead.
"""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kuaijing.domain.plan_document import PlanDocument
from kuaijing.engine.devices import Device
from kuaijing.feeds.doors import Doors
from kuaijing.feeds.help import Distress
from kuaijing.feeds.jt808.admission import PROTOCOL
from kuaijing.feeds.jt808.collecting import Collector
from kuaijing.feeds.jt808.conversation import Conversation
from kuaijing.feeds.jt808.framing import Frame
from kuaijing.feeds.jt808.orders import Core, Orders
from kuaijing.feeds.jt808.requests import NoTerminal, Sent, send_text, start_video, stop_video
from kuaijing.feeds.jt808.session import Session
from kuaijing.feeds.jt808.settings import Jt808Settings
from kuaijing.feeds.jt808.turns import Turns
from kuaijing.measures.instants import Instant

_LOOK_EVERY_S: Final = 1.0
_LOOK_AT_ALL_IN: Final = 5
"""Looks; a part of the terminals each, so that ten thousand of them hold up nobody."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Connected:
    """One connection, for screens and counts."""

    device: str | None
    """``None`` before it has authenticated."""
    unit: str | None
    edition: str
    peer: str
    since: Instant
    frames: int


class Jt808Server:
    """The door of one city."""

    def __init__(
        self,
        doors: Doors,
        distress: Distress,
        core: Core,
        settings: Jt808Settings | None = None,
        *,
        find_plan: Callable[[], PlanDocument | None] = lambda: None,
    ) -> None:
        self.settings = settings or Jt808Settings()
        self.counts: Counter[str] = Counter()
        """Frames and every refusal since the start."""
        self.turns = Turns(self.settings.turn_frames)
        self._doors = doors
        self._collector = Collector(
            doors.take, self.counts, within_s=self.settings.collect_s, most=self.settings.collect_most
        )
        self._talk = Conversation(doors, distress, self._collector, self.counts, self._authenticated, self._tell_orders)
        self._orders = Orders(doors, core, self.counts, self.sessions_of, find_plan, self.settings.tries)
        self._known: dict[str, Session] = {}
        """Authenticated connections by key."""
        self._strangers: dict[Session, float] = {}
        """The others, with the time by which they must have authenticated; oldest first."""
        self._server: asyncio.Server | None = None
        self._tasks: list[asyncio.Task[None]] = []

    # --- life -----------------------------------------------------------------------------------------------------------

    @property
    def port(self) -> int:
        """As bound; 0 while it does not run."""
        return 0 if self._server is None else int(self._server.sockets[0].getsockname()[1])

    async def start(self) -> None:
        """Listen, and follow the core for orders; raises ``OSError`` where the port is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: Session(self, loop, self._doors.now()), self.settings.host, self.settings.port, backlog=4096
        )
        self._tasks = [
            asyncio.create_task(self._look_for_ever(), name="jt808: look"),
            asyncio.create_task(self._orders.run(), name="jt808: orders"),
        ]
        _log.info("JT/T 808 terminals connect to %s:%d", self.settings.host, self.port)

    async def stop(self) -> None:
        """Judge what was collected, acknowledge it, hang up on everybody."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        self._collector.flush()
        for session in [*self._known.values(), *self._strangers]:
            session.close_after_reply()
        await self._orders.stop()
        if server is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(server.wait_closed(), 1.0)

    async def run(self) -> None:
        """Serve until cancelled."""
        await self.start()
        try:
            await asyncio.Event().wait()
        finally:
            await self.stop()

    # --- what a dispatcher may ask --------------------------------------------------------------------------------------

    async def send_text(self, unit: str, text: str) -> Sent:
        """Show and speak a text on the unit's terminals; raises ``NoTerminal`` or ``TextRefused``."""
        return await send_text(self._must_have(unit), text)

    async def start_video(self, unit: str, channel: int, stream: int = 0) -> Sent:
        """Have a terminal send a channel's live video to the media gateway; raises ``NoTerminal`` or ``VideoRefused``."""
        return await start_video(self._must_have(unit), self.settings, channel, stream)

    async def stop_video(self, unit: str, channel: int) -> Sent:
        """End it; raises ``NoTerminal`` or ``VideoRefused``."""
        return await stop_video(self._must_have(unit), channel)

    def connections(self) -> list[Connected]:
        """All connections, authenticated ones first."""
        return [_connected(session) for session in [*self._known.values(), *self._strangers]]

    def sessions_of(self, unit: str) -> list[Session]:
        """The unit's connected terminals, by the register as it stands now."""
        found = []
        for key, session in list(self._known.items()):
            device = self._doors.book.find(PROTOCOL, key)
            if device is not None and device.active and device.unit == unit and session.is_open:
                session.device = device
                found.append(session)
        return found

    def _must_have(self, unit: str) -> list[Session]:
        sessions = self.sessions_of(unit)
        if not sessions:
            raise NoTerminal(unit)
        return sessions

    # --- what the connections ask ---------------------------------------------------------------------------------------

    def opened(self, session: Session) -> bool:
        """A peer has connected."""
        self.counts["connections"] += 1
        oldest = next(iter(self._strangers.items()), None)
        if len(self._known) + len(self._strangers) >= self.settings.most_connections:
            if oldest is None:
                self.counts["refused_full"] += 1
                return False
            self._push_out(oldest[0])
        elif len(self._strangers) >= self.settings.most_unauthenticated and oldest is not None:
            waited_s = self.settings.authenticate_within_s - (oldest[1] - session.heard_at)
            if waited_s > self.settings.spare_s:
                self._push_out(oldest[0])
        self._strangers[session] = session.heard_at + self.settings.authenticate_within_s
        return True

    def closed(self, session: Session) -> None:
        """It is gone."""
        self._strangers.pop(session, None)
        device = session.device
        if device is not None and self._known.get(device.key) is session:
            del self._known[device.key]
            self._doors.book.contact(device, self._doors.now(), False)

    def heard(self, session: Session, frame: Frame) -> None:
        """A good frame."""
        self._talk.heard(session, frame)

    def bad(self, session: Session, name: str) -> None:
        """Something that was no frame, or an unfinished message that was given up."""
        self.counts[name] += 1
        if session.device is not None:
            self._doors.book.fault(PROTOCOL, session.device.key, name)

    def _authenticated(self, session: Session) -> None:
        device = session.device
        assert device is not None
        self._strangers.pop(session, None)
        before = self._known.get(device.key)
        self._known[device.key] = session
        if before is not None and before is not session:
            self.counts["taken_over"] += 1
            self._doors.book.fault(PROTOCOL, device.key, "taken_over")
            self._collector.flush()  # what the old connection sent is judged before anything of the new one
            before.close()
        self._tell_orders(session)

    def _tell_orders(self, session: Session) -> None:
        """It speaks for a unit from now on."""
        if session.device is not None and session.device.unit is not None:
            self._orders.connected(session, session.device.unit)

    # --- looking after them ---------------------------------------------------------------------------------------------

    async def _look_for_ever(self) -> None:
        loop = asyncio.get_running_loop()
        turn = 0
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            turn += 1
            now = loop.time()
            while self._strangers and (first := next(iter(self._strangers.items())))[1] <= now:
                self.counts["closed_late"] += 1
                self._hang_up(first[0])
            self._look_at(list(self._known.values())[turn % _LOOK_AT_ALL_IN :: _LOOK_AT_ALL_IN], now)

    def _look_at(self, sessions: list[Session], now: float) -> None:
        for session in sessions:
            device = session.device
            still: Device | None = None if device is None else self._talk.admission.still(device, session.code)
            if still is None:
                self.counts["withdrawn"] += 1
                self.closed(session)
                session.close()
                continue
            session.device = still
            if device is not None and still.unit != device.unit:
                self._tell_orders(session)
            try:
                session.look(now)
            except Exception:  # one connection's fault must not end the looking after all others
                _log.exception("looking after %s failed", session.peer)
                session.close()

    def _push_out(self, session: Session) -> None:
        self.counts["closed_strangers"] += 1
        self._hang_up(session)

    def _hang_up(self, session: Session) -> None:
        self._strangers.pop(session, None)
        session.close()


def _connected(session: Session) -> Connected:
    device = session.device
    return Connected(
        None if device is None else device.id,
        None if device is None else device.unit,
        session.edition or ("2019" if session.is_2019 else ""),
        session.peer,
        session.since,
        session.frames,
    )
