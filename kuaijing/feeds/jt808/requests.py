"""What is asked of a unit's terminals: show a text, start or stop live video; and why it cannot be asked."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from kuaijing.domain.errors import Category, DomainError, Fault
from kuaijing.feeds.jt808 import messages
from kuaijing.feeds.jt808.session import Session
from kuaijing.feeds.jt808.settings import Jt808Settings

Result = Literal["accepted", "refused", "unsupported", "no_answer"]
_MOST_CHANNEL: Final = 255


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a request."""

    device: str
    """The terminal that answered, or the last that was asked."""
    result: Result


class NoTerminal(DomainError):
    """No terminal of the unit is connected."""

    category: ClassVar[Category] = "unavailable"

    def __init__(self, unit: str) -> None:
        super().__init__(unit)
        self.unit = unit

    def __str__(self) -> str:
        return f"no terminal of unit {self.unit} is connected; speak to it by radio, or try again once it reports"


class TextRefused(DomainError):
    """A text that no terminal can show."""

    def __init__(self, text: str, problem: str, remedy: str) -> None:
        super().__init__(text, problem, remedy)
        self.text, self.problem, self.remedy = text[:64], problem, remedy

    def __str__(self) -> str:
        return f"text {self.text!r}: {self.problem}; {self.remedy}"

    def fields(self) -> tuple[Fault, ...]:
        """The text."""
        return (Fault("text", self.text, self.problem, self.remedy),)


class VideoRefused(DomainError):
    """Video that cannot be asked for."""

    def __init__(self, field: str, value: str, problem: str, remedy: str) -> None:
        super().__init__(field, value, problem, remedy)
        self.field, self.value, self.problem, self.remedy = field, value, problem, remedy

    def __str__(self) -> str:
        return f"{self.field} {self.value!r}: {self.problem}; {self.remedy}"

    def fields(self) -> tuple[Fault, ...]:
        """The field."""
        return (Fault(self.field, self.value, self.problem, self.remedy),)


async def send_text(sessions: Sequence[Session], text: str) -> Sent:
    """To all terminals of a unit at once; one that accepts is enough."""
    words = " ".join(text.split())
    if not words:
        raise TextRefused(text, "nothing is said", "write a text")
    size = len(words.encode("gbk", "replace"))
    if size > messages.MOST_TEXT_BYTES:
        raise TextRefused(
            text,
            f"{size} bytes of GBK are more than {messages.MOST_TEXT_BYTES}",
            "shorten it to 499 Chinese characters",
        )
    return await _ask_all(sessions, messages.TEXT, lambda one: messages.text(words, is_2019=one.is_2019))


async def start_video(sessions: Sequence[Session], settings: Jt808Settings, channel: int, stream: int) -> Sent:
    """Of the unit's first terminal that can."""
    host, port = settings.media_host, settings.media_port
    if not host or not 0 < port < 65536:
        raise VideoRefused("media_host", host, "no media gateway is set", "set jt808.media_host and jt808.media_port")
    if stream not in (0, 1):
        raise VideoRefused("stream", str(stream), "no such stream", "0 is the main stream, 1 the sub stream")
    body = messages.start_video(host, port, _channel(channel), stream)
    return await _ask_one(sessions, messages.START_VIDEO, body)


async def stop_video(sessions: Sequence[Session], channel: int) -> Sent:
    """Of all terminals of the unit."""
    body = messages.stop_video(_channel(channel))
    return await _ask_all(sessions, messages.CONTROL_VIDEO, lambda one: body)


def _channel(channel: int) -> int:
    if not 1 <= channel <= _MOST_CHANNEL:
        raise VideoRefused(
            "channel", str(channel), "no such channel", "name one from 1 to 255, as the terminal counts them"
        )
    return channel


async def _ask_all(sessions: Sequence[Session], msg_id: int, body_for: Callable[[Session], bytes]) -> Sent:
    results = await asyncio.gather(*(one.ask(msg_id, body_for(one)) for one in sessions))
    found = [Sent(_device(one), named(result)) for one, result in zip(sessions, results, strict=True)]
    return next((sent for sent in found if sent.result == "accepted"), found[-1])


async def _ask_one(sessions: Sequence[Session], msg_id: int, body: bytes) -> Sent:
    for one in sessions:
        sent = Sent(_device(one), named(await one.ask(msg_id, body)))
        if sent.result == "accepted":
            return sent
    return sent


def named(result: int | None) -> Result:
    """A general reply's result in words."""
    if result is None:
        return "no_answer"
    if result == messages.TAKEN:
        return "accepted"
    return "unsupported" if result == messages.UNSUPPORTED else "refused"


def _device(session: Session) -> str:
    return "" if session.device is None else session.device.id
