"""Live push: ``WS /api/live`` and the one task that feeds all consoles.

A commit of the core goes out at once; positions in batches, newest per unit; what time alone changes (stale flags, alerts, reach)
once a second; a heartbeat when nothing else went out for two seconds. A console that rests (nobody looks at it) takes no positions; once
it is looked at again, what it missed comes in one frame. See ``wire/live.py`` for what the frames say.
"""

import asyncio
import contextlib
import logging
from typing import Any, Final

import msgspec
from litestar import WebSocket
from litestar.exceptions import WebSocketDisconnect
from litestar.handlers import WebsocketRouteHandler

from kuaijing.engine.engine import Engine
from kuaijing.web.board import Board
from kuaijing.web.consoles import Console, Consoles
from kuaijing.web.doors import same_origin
from kuaijing.web.identity.sessions import COOKIE, Session, Sessions
from kuaijing.web.painting import Fixes
from kuaijing.wire.live import ClientMessage, Rest, Resync

_log = logging.getLogger(__name__)

POSITIONS_EVERY_S: Final = 0.2
REFRESH_EVERY_S: Final = 1.0
HEARTBEAT_S: Final = 2.0
STUCK_S: Final = 30.0
"""A console that takes nothing for so long is hung up on."""
SESSION_CHECK_S: Final = 10.0
MOST_CONSOLES: Final = 1000

NOT_SIGNED_IN: Final = 4401
FOREIGN_ORIGIN: Final = 4403
TOO_MANY: Final = 1013
NOT_UNDERSTOOD: Final = 1003
GOING_DOWN: Final = 1001


class Live:
    """Feeds the consoles from the board."""

    def __init__(self, engine: Engine, board: Board, fixes: Fixes) -> None:
        self._engine, self._board, self._fixes = engine, board, fixes
        self.consoles = Consoles()
        self._mark = 0
        self._told_all = self._told_looked_at = 0.0
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin feeding."""
        self._tasks = [
            asyncio.create_task(self._forever(self._follow), name="live: commits"),
            asyncio.create_task(self._forever(self._tick), name="live: ticks"),
        ]

    async def stop(self) -> None:
        """Stop feeding."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def push(self) -> None:
        """Send what is new on the board, if anything."""
        changes = self._board.refresh()
        if changes is not None:
            self._send(self._board.change_frames(changes, self.consoles.audiences))

    async def _follow(self) -> None:
        async for committed in self._engine.subscribe():
            self._board.note(committed)
            self.push()

    async def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        next_refresh = loop.time()
        while True:
            await asyncio.sleep(POSITIONS_EVERY_S)
            now = loop.time()
            self._mark, rows = self._fixes.rows_since(self._mark)
            if rows and len(self.consoles):
                self.consoles.send_looked_at(self._board.positions_frame(rows))
                self._told_looked_at = now
            if now >= next_refresh:
                next_refresh = now + REFRESH_EVERY_S
                self.push()
            self._beat(now)

    def _beat(self, now: float) -> None:
        if now - self._told_all >= HEARTBEAT_S:
            self.consoles.send_resting(self._board.heartbeat())
            self._told_all = now
        if now - self._told_looked_at >= HEARTBEAT_S:
            self.consoles.send_looked_at(self._board.heartbeat())
            self._told_looked_at = now

    def _send(self, frames: dict[str, str]) -> None:
        self.consoles.send(frames)
        self._told_all = self._told_looked_at = asyncio.get_running_loop().time()

    def rest(self, console: Console) -> None:
        """No positions for a console that nobody looks at; asked again, the first time holds."""
        if console.rests_since is None:
            console.rests_since = self._mark

    def watch(self, console: Console) -> None:
        """What moved while the console rested, newest per unit, in one frame; and positions again from now on.

        Where no batch went out meanwhile nothing was missed, so that switching without end costs no more than a frame a batch.
        """
        since, console.rests_since = console.rests_since, None
        if since is None or since == self._mark:
            return
        _, rows = self._fixes.rows_since(since)
        if rows:
            console.put(self._board.positions_frame(rows))

    async def _forever(self, work: Any) -> None:
        """A fault in one frame is logged; consoles get a snapshot, and feeding goes on."""
        while True:
            try:
                await work()
                return
            except Exception:
                _log.exception("live push failed; consoles get a fresh snapshot")
                self.consoles.resync_all()
                await asyncio.sleep(REFRESH_EVERY_S)


def live_handler(live: Live, board: Board, sessions: Sessions) -> WebsocketRouteHandler:
    """The handler of ``WS /api/live``."""

    async def handle(socket: WebSocket[Any, Any, Any]) -> None:
        token = socket.cookies.get(COOKIE, "")
        session = sessions.find(token) if token else None
        code = _refused(socket, session, live)
        await socket.accept()
        if code or session is None:
            await socket.close(code)
            return
        console = live.consoles.join(session.audience)
        try:
            await _serve(socket, live, console, board, sessions, token)
        finally:
            live.consoles.leave(console)

    return WebsocketRouteHandler("/api/live")(handle)


def _refused(socket: WebSocket[Any, Any, Any], session: Session | None, live: Live) -> int:
    if not same_origin(socket.headers.get("origin"), socket.headers.get("host")):
        return FOREIGN_ORIGIN
    if session is None:
        return NOT_SIGNED_IN
    return TOO_MANY if len(live.consoles) >= MOST_CONSOLES else 0


async def _serve(
    socket: WebSocket[Any, Any, Any], live: Live, console: Console, board: Board, sessions: Sessions, token: str
) -> None:
    work = {
        asyncio.create_task(_send(socket, console, board)),
        asyncio.create_task(_listen(socket, live, console)),
        asyncio.create_task(_watch(sessions, token)),
    }
    try:
        done, _ = await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in work:
            task.cancel()
        results = await asyncio.gather(*work, return_exceptions=True)
    code = next((result for result in results if isinstance(result, int)), GOING_DOWN)
    for task in done:
        error = task.exception()
        if error is not None and not isinstance(error, WebSocketDisconnect | OSError | TimeoutError):
            _log.warning("a live connection failed", exc_info=error)
    with contextlib.suppress(Exception):
        await asyncio.wait_for(socket.close(code), 1.0)


async def _send(socket: WebSocket[Any, Any, Any], console: Console, board: Board) -> int:
    while True:
        frame = await console.take(board.snapshot)
        await asyncio.wait_for(socket.send_text(frame), STUCK_S)


async def _listen(socket: WebSocket[Any, Any, Any], live: Live, console: Console) -> int:
    decoder = msgspec.json.Decoder(ClientMessage)
    while True:
        try:
            said = decoder.decode(await socket.receive_text())
        except (msgspec.MsgspecError, RecursionError):
            return NOT_UNDERSTOOD
        if isinstance(said, Resync):
            console.resync()
        elif isinstance(said, Rest):
            live.rest(console)
        else:
            live.watch(console)


async def _watch(sessions: Sessions, token: str) -> int:
    while True:
        await asyncio.sleep(SESSION_CHECK_S)
        if sessions.find(token) is None:
            return NOT_SIGNED_IN
