"""Messages that came in subpackages, put together again. Bounded in bytes and in time; knows one connection's frames only.

The subpackages of a message carry serial numbers in a row, so the first one's serial names the message.
"""

from dataclasses import dataclass, field

from kuaijing.feeds.jt808.framing import BadFrame, Frame

_MOST_PACKAGES = 1024
_ASK_AFTER_S = 5.0


@dataclass(slots=True)
class _Message:
    until: float
    ask_at: float
    total: int
    parts: dict[int, bytes] = field(default_factory=dict)
    size: int = 0
    given_up: bool = False
    """It is too large: known until it stops coming, so that what is dropped is not asked for again and again."""


class Packages:
    """Unfinished messages of one connection."""

    def __init__(self, most_bytes: int, within_s: float) -> None:
        self._most, self._within_s = most_bytes, within_s
        self._messages: dict[tuple[int, int], _Message] = {}
        """By message id and first serial, oldest first."""
        self.size = 0
        """Bytes held."""
        self.lost = 0
        """Messages given up: too late, or pushed out by newer ones."""

    def add(self, frame: Frame, now: float) -> Frame | None:
        """The whole message, once ``frame`` completes it. Raises ``BadFrame`` for numbers that make no sense."""
        total, number = frame.package or (0, 0)
        if not 1 <= number <= total <= _MOST_PACKAGES:
            raise BadFrame(
                "header", f"package {number} of {total}: wanted 1 to the total, which is at most {_MOST_PACKAGES}"
            )
        if total == 1:
            return frame._replace(package=None)
        key = (frame.msg_id, (frame.serial - number + 1) & 0xFFFF)
        message = self._messages.get(key)
        if message is not None and message.total != total:
            self._drop(key)
            message = None
        if message is None:
            message = self._messages[key] = _Message(now + self._within_s, now + _ASK_AFTER_S, total)
        if message.given_up:
            message.until = now + self._within_s
            return None
        if number not in message.parts:
            message.parts[number] = frame.body
            message.size += len(frame.body)
            self.size += len(frame.body)
        if len(message.parts) == total:
            del self._messages[key]
            self.size -= message.size
            return frame._replace(package=None, body=b"".join(message.parts[at] for at in range(1, total + 1)))
        if message.size > self._most:
            self._give_up(message)
        while self.size > self._most:
            self._drop(next(each for each, held in self._messages.items() if held.size))
        while len(self._messages) > _MOST_PACKAGES:
            self._drop(next(iter(self._messages)))
        return None

    def expire(self, now: float) -> None:
        """Give up what is too late."""
        for key in [key for key, message in self._messages.items() if message.until <= now]:
            self._drop(key)

    def wanted(self, now: float) -> list[tuple[int, list[int]]]:
        """First serial and missing numbers of the messages that have waited a while; each is named once in a while."""
        found = []
        for (_, serial), message in self._messages.items():
            if message.ask_at <= now and not message.given_up:
                message.ask_at = now + 2 * _ASK_AFTER_S
                found.append((serial, [at for at in range(1, message.total + 1) if at not in message.parts]))
        return found

    def _give_up(self, message: _Message) -> None:
        self.size -= message.size
        message.parts, message.size, message.given_up = {}, 0, True
        self.lost += 1

    def _drop(self, key: tuple[int, int]) -> None:
        message = self._messages.pop(key)
        self.size -= message.size
        self.lost += not message.given_up
