"""When each device was last heard, which strangers call, and what the doors refused: in memory, bounded, never in the log.

Strangers that called once and strangers that keep calling are two lists, so that a flood of invented names pushes out
invented names only.
"""

from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from kuaijing.measures.instants import Instant

MOST_CALLED_ONCE: Final = 200
MOST_CALLING: Final = 500
MOST_FACTS: Final = 12
MOST_LETTERS: Final = 64
MOST_REASONS: Final = 200
"""Kinds of faults that are counted apart; the doors' vocabulary is far smaller."""


@dataclass(slots=True)
class Contact:
    """One device of the register as it was heard."""

    first_at: Instant
    last_at: Instant
    connected: bool
    since: Instant
    """Since when it is connected, or not."""


@dataclass(slots=True)
class UnknownDevice:
    """A device that called and is not in the register."""

    protocol: str
    key: str
    first_at: Instant
    last_at: Instant
    count: int
    facts: dict[str, str] = field(default_factory=dict)
    """What it said of itself last."""


class Contacts:
    """Contacts of registered devices by identifier."""

    def __init__(self, kept: Mapping[str, tuple[Instant, Instant]] | None = None) -> None:
        self._contacts = {
            device: Contact(first_at, last_at, False, last_at) for device, (first_at, last_at) in (kept or {}).items()
        }
        self.changed = False
        """Something was heard since the last ``to_keep``."""

    def heard(self, device: str, at: Instant, connected: bool) -> None:
        """It was heard, or its connection ended."""
        contact = self._contacts.get(device)
        self.changed = True
        if contact is None:
            self._contacts[device] = Contact(at, at, connected, at)
            return
        contact.last_at = max(at, contact.last_at)
        if contact.connected is not connected:
            contact.connected, contact.since = connected, at

    def find(self, device: str) -> Contact | None:
        """Its contact; ``None`` where it was never heard."""
        return self._contacts.get(device)

    def to_keep(self) -> dict[str, tuple[Instant, Instant]]:
        """First and last contact of each, for the next start."""
        self.changed = False
        return {device: (contact.first_at, contact.last_at) for device, contact in self._contacts.items()}


class Strangers:
    """Devices that nobody has approved, newest last."""

    def __init__(self) -> None:
        self._once: OrderedDict[tuple[str, str], UnknownDevice] = OrderedDict()
        self._calling: OrderedDict[tuple[str, str], UnknownDevice] = OrderedDict()
        self.dropped = 0
        """How many had to make room."""

    def heard(self, protocol: str, key: str, at: Instant, facts: Mapping[str, str]) -> None:
        """One called."""
        name = (protocol, key[:MOST_LETTERS])
        known = self._calling.get(name) or self._once.pop(name, None)
        if known is None:
            self._once[name] = UnknownDevice(*name, at, at, 1, _bounded(facts))
            self._trim(self._once, MOST_CALLED_ONCE)
            return
        known.last_at, known.count = max(at, known.last_at), known.count + 1
        known.facts.update(_bounded(facts))
        _shorten(known.facts)
        self._calling[name] = known
        self._calling.move_to_end(name)
        self._trim(self._calling, MOST_CALLING)

    def find(self, protocol: str, key: str) -> UnknownDevice | None:
        """The one of that name."""
        return self._calling.get((protocol, key)) or self._once.get((protocol, key))

    def forget(self, protocol: str, key: str) -> None:
        """It is in the register now."""
        self._once.pop((protocol, key), None)
        self._calling.pop((protocol, key), None)

    def all(self) -> list[UnknownDevice]:
        """Those that keep calling first, the latest caller first."""
        return [*reversed(self._calling.values()), *reversed(self._once.values())]

    def _trim(self, held: OrderedDict[tuple[str, str], UnknownDevice], most: int) -> None:
        while len(held) > most:
            held.popitem(last=False)
            self.dropped += 1


class DoorFaults:
    """What was refused before judgement: by protocol and reason, and by device for those of the register."""

    def __init__(self) -> None:
        self.by_reason: Counter[tuple[str, str]] = Counter()
        self._by_device: dict[str, Counter[str]] = {}

    def count(self, protocol: str, reason: str, device: str | None) -> None:
        """One more; ``device`` where it is one of the register."""
        kind = (protocol, reason)
        if kind not in self.by_reason and len(self.by_reason) >= MOST_REASONS:
            kind = (protocol, "other")
        self.by_reason[kind] += 1
        if device is not None:
            self._by_device.setdefault(device, Counter())[kind[1]] += 1

    def of(self, device: str) -> Counter[str]:
        """By reason, of one device."""
        return Counter(self._by_device.get(device, ()))


def _bounded(facts: Mapping[str, str]) -> dict[str, str]:
    return dict(_first(((_text(name), _text(value)) for name, value in facts.items()), MOST_FACTS))


def _first(pairs: Iterable[tuple[str, str]], most: int) -> Iterable[tuple[str, str]]:
    return (pair for _, pair in zip(range(most), pairs, strict=False))


def _shorten(facts: dict[str, str]) -> None:
    while len(facts) > MOST_FACTS:
        del facts[next(iter(facts))]


def _text(said: object) -> str:
    """What a stranger said, shortened and without characters that no text has."""
    text = str(said)[:MOST_LETTERS]
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
