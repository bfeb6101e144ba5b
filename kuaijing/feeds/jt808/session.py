"""One connection: bytes to frames, replies with our own serial numbers, requests that wait for the terminal's reply.

Bounded whatever the peer does: an unfinished frame, unfinished packages, frames a second (more wait in the peer's own buffer, by
not reading), replies that it does not read, and what it may send before it has authenticated. What messages mean is not known here.
"""

import asyncio
import struct
from collections import Counter
from collections.abc import Sequence
from typing import Final, Protocol, cast

from kuaijing.engine.devices import Device
from kuaijing.feeds.jt808.framing import BadFrame, Frame, FrameReader, checksum, escape, read_inner, write_frame
from kuaijing.feeds.jt808.messages import GENERAL, RESEND_PACKAGES, TAKEN, general_reply, resend_packages
from kuaijing.feeds.jt808.packages import Packages
from kuaijing.feeds.jt808.settings import Jt808Settings
from kuaijing.feeds.jt808.turns import Turns
from kuaijing.measures.instants import Instant

_STRANGER_FRAMES: Final = 32
"""A peer that has not authenticated by then is closed."""
_STRANGER_BYTES: Final = 64 * 1024
_BAD_IN_A_ROW: Final = 1000
_GARBAGE_BYTES: Final = 1024 * 1024
"""So much without one good frame, and an authenticated terminal is closed too."""
_UNREAD_BYTES: Final = 64 * 1024
_UNREAD_S: Final = 30.0
_MOST_ASKED: Final = 64
_TAKEN: Final = struct.Struct(">HHB")
_HEAD: Final = struct.Struct(">HH6sH")


class Hub(Protocol):
    """What a connection asks of the server."""

    settings: Jt808Settings
    counts: Counter[str]
    turns: Turns

    def opened(self, session: "Session") -> bool:
        """A peer has connected; false where it must go."""

    def closed(self, session: "Session") -> None:
        """It is gone."""

    def heard(self, session: "Session", frame: Frame) -> None:
        """A good frame, whole."""

    def bad(self, session: "Session", name: str) -> None:
        """Something that was no frame."""


class Session(asyncio.Protocol):
    """One connection of a terminal, or of a stranger."""

    __slots__ = (
        "_allowed", "_allowed_at", "_asked", "_bad", "_hub", "_late", "_loop", "_packages", "_paused", "_reader", "_resume",
        "_serial", "_transport", "address", "code", "contacted", "device", "edition", "frames", "garbage", "heard_at",
        "is_2019", "peer", "phone", "since", "stuck_at", "version",
    )  # fmt: skip

    def __init__(self, hub: Hub, loop: asyncio.AbstractEventLoop, now: Instant) -> None:
        self._hub, self._loop = hub, loop
        self._transport: asyncio.Transport | None = None
        self._reader = FrameReader()
        self._late = b""
        """Came when the turn's share was used up."""
        self._packages: Packages | None = None
        self._asked: dict[int, asyncio.Future[int | None]] | None = None
        self._serial = -1
        self._allowed, self._allowed_at = hub.settings.frames_per_s, loop.time()
        self._resume: asyncio.TimerHandle | None = None
        self._paused = self._bad = 0
        self.device: Device | None = None
        """Once it has authenticated."""
        self.code = ""
        self.phone, self.is_2019, self.version, self.edition = "", False, 1, ""
        self.peer, self.address = "", ""
        self.since, self.heard_at = now, loop.time()
        self.contacted = 0.0
        self.frames = self.garbage = 0
        self.stuck_at = 0.0
        """Since when the peer does not read; 0 while it does."""

    # --- the transport's side -------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A peer has connected."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but name
        peer = transport.get_extra_info("peername") or ("", 0)
        self.address, self.peer = str(peer[0]), f"{peer[0]}:{peer[1]}"
        self._transport.set_write_buffer_limits(high=_UNREAD_BYTES)
        if not self._hub.opened(self):
            self.close()

    def connection_lost(self, error: Exception | None) -> None:
        """The connection has ended; whoever waits for an answer gets none. What came before the end still counts."""
        late, self._late = self._late, b""
        if late and self._transport is not None:
            self._work(late)
        self._transport = None
        if self._resume is not None:
            self._resume.cancel()
        for waiting in (self._asked or {}).values():
            if not waiting.done():
                waiting.set_result(None)
        self._hub.closed(self)

    def data_received(self, data: bytes) -> None:
        """Bytes, however cut."""
        if self._late:
            self._late += data
        elif self._hub.turns.may():
            self._work(data)
        else:
            self._late = data
            self._pause(4)
            self._hub.counts["waited"] += 1
            self._hub.turns.wait(self)

    def go_on(self) -> None:
        """Handle what had to wait."""
        late, self._late = self._late, b""
        self._unpause(4)
        if late and self._transport is not None:
            self._work(late)

    def _work(self, data: bytes) -> None:
        now = self.heard_at = self._loop.time()
        earned = (now - self._allowed_at) * self._hub.settings.frames_per_s
        self._allowed = min(self._allowed + earned, 2 * self._hub.settings.frames_per_s)
        self._allowed_at = now
        reader = self._reader
        if not reader.pending and self._allowed >= 1 and data[0] == 0x7E and data.find(0x7E, 1) == len(data) - 1 > 1:
            self._frame(data[1:-1])  # one whole frame, as nearly always
        else:
            self._cut(data)

    def pause_writing(self) -> None:
        """The peer does not read its replies: nor do we read any more of it."""
        self.stuck_at = self._loop.time()
        self._pause(1)

    def resume_writing(self) -> None:
        """It reads again."""
        self.stuck_at = 0.0
        self._unpause(1)

    # --- frames in ------------------------------------------------------------------------------------------------------

    def _cut(self, data: bytes) -> None:
        reader = self._reader
        skipped = reader.skipped
        for inner in reader.frames(data):
            self._frame(inner)
            if self._transport is None:
                return
            if self._allowed < 1:
                self._rest()
                break
        if reader.skipped > skipped:
            self.garbage += reader.skipped - skipped
            self._hub.counts["garbage_bytes"] += reader.skipped - skipped
            self._hub.bad(self, "garbage")
        most = _STRANGER_BYTES if self.device is None else _GARBAGE_BYTES
        if self.garbage + (reader.pending if self.device is None else 0) > most:
            self._hub.counts["closed_garbage"] += 1
            self.close()

    def _frame(self, inner: bytes) -> None:
        self._allowed -= 1
        self.frames += 1
        self._hub.turns.left -= 1
        try:
            frame = read_inner(inner)
            if frame.package is not None and self.device is not None and not frame.encryption:
                whole = self._package(frame)
                if whole is None:
                    return
                frame = whole
            self._hub.heard(self, frame)
            self._bad = self.garbage = 0
        except BadFrame as bad:
            self._bad += 1
            self.garbage += len(inner)
            self._reader.hand_back()
            self._hub.bad(self, bad.name)
        if self.device is None and self.frames > _STRANGER_FRAMES:
            self._hub.counts["closed_unauthenticated"] += 1
            self.close()
        elif self._bad > _BAD_IN_A_ROW:
            self._hub.counts["closed_garbage"] += 1
            self.close()

    def _package(self, frame: Frame) -> Frame | None:
        if self._packages is None:
            settings = self._hub.settings
            self._packages = Packages(settings.package_bytes, settings.package_s)
        whole = self._packages.add(frame, self.heard_at)
        if whole is None:
            self.reply(frame, TAKEN)
        return whole

    def _rest(self) -> None:
        """It has had its share; go on once it has earned some more."""
        self._hub.counts["throttled"] += 1
        self._pause(2)
        wait_s = min(1.0, 64 / self._hub.settings.frames_per_s)
        if self._resume is None:
            self._resume = self._loop.call_later(wait_s, self._after_rest)

    def _after_rest(self) -> None:
        self._resume = None
        self._unpause(2)
        if self._transport is not None:
            now = self._loop.time()
            self._allowed += (now - self._allowed_at) * self._hub.settings.frames_per_s
            self._allowed_at = now
            self._cut(b"")

    def _pause(self, why: int) -> None:
        if not self._paused and self._transport is not None:
            self._transport.pause_reading()
        self._paused |= why

    def _unpause(self, why: int) -> None:
        was, self._paused = self._paused, self._paused & ~why
        if was and not self._paused and self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    # --- frames out -----------------------------------------------------------------------------------------------------

    def reply(self, frame: Frame, result: int) -> None:
        """The general reply to a message."""
        self.send(GENERAL, general_reply(frame.serial, frame.msg_id, result))

    def acknowledge(self, taken: Sequence[tuple[int, int]]) -> None:
        """The general reply to messages whose reports are judged."""
        if self._transport is not None:
            frames = [self._framed(GENERAL, _TAKEN.pack(serial, msg_id, TAKEN)) for serial, msg_id in taken]
            self._transport.write(frames[0] if len(frames) == 1 else b"".join(frames))

    def send(self, msg_id: int, body: bytes) -> int:
        """Send a message; gives its serial."""
        data = self._framed(msg_id, body)
        if self._transport is not None:
            self._transport.write(data)
        return self._serial

    async def ask(self, msg_id: int, body: bytes, *, tries: int = 1) -> int | None:
        """Send a message and wait for the terminal's general reply: its result; ``None`` where none came to any try."""
        asked = self._asked = self._asked or {}
        if self._transport is None or len(asked) >= _MOST_ASKED:
            return None
        data, serial = self._framed(msg_id, body), self._serial
        waiting: asyncio.Future[int | None] = self._loop.create_future()
        asked[serial] = waiting
        try:
            for _ in range(tries):
                if self._transport is None:
                    return None
                self._transport.write(data)
                done, _ = await asyncio.wait([waiting], timeout=self._hub.settings.answer_within_s)
                if done:
                    return waiting.result()
            return None
        finally:
            asked.pop(serial, None)

    def answered(self, serial: int, result: int) -> bool:
        """The terminal's general reply; false where nobody waits for it."""
        waiting = (self._asked or {}).get(serial)
        if waiting is None or waiting.done():
            return False
        waiting.set_result(result)
        return True

    def _framed(self, msg_id: int, body: bytes) -> bytes:
        serial = self._serial = (self._serial + 1) & 0xFFFF
        if self.is_2019:
            return write_frame(msg_id, self.phone, serial, body, is_2019=True, protocol_version=self.version)
        plain = _HEAD.pack(msg_id, len(body), bytes.fromhex(self.phone), serial) + body
        return b"\x7e" + escape(plain + bytes((checksum(plain),))) + b"\x7e"

    # --- the server's side ----------------------------------------------------------------------------------------------

    def look(self, now: float) -> None:
        """Every few seconds: unfinished messages, a peer that does not read, one that says nothing."""
        settings = self._hub.settings
        if self._packages is not None:
            lost = self._packages.lost
            self._packages.expire(now)
            for _ in range(self._packages.lost - lost):
                self._hub.bad(self, "package_lost")
            for serial, missing in self._packages.wanted(now):
                self.send(RESEND_PACKAGES, resend_packages(serial, missing, is_2019=self.is_2019))
        if self.stuck_at and now - self.stuck_at > _UNREAD_S:
            self._hub.counts["closed_unread"] += 1
            self.close()
        elif now - self.heard_at > settings.idle_s:
            self._hub.counts["closed_idle"] += 1
            self.close()

    @property
    def is_open(self) -> bool:
        """Whether there is still a peer."""
        return self._transport is not None

    def close(self) -> None:
        """Hang up at once; what was not sent is lost."""
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.abort()

    def close_after_reply(self) -> None:
        """Hang up once what was written is sent; nothing more is read."""
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.close()
