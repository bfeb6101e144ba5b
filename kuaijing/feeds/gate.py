"""Who sends: a device with its own code, or a gateway account that answers for many. Wrong codes are counted and slowed down.

A code is looked at only while its sender has tries left: ``TRIES`` wrong ones a minute for one device from one address,
``ADDRESS_TRIES`` for all devices from one address. Elsewhere the right device goes on unhindered. A gateway's password
costs a tenth of a second to check, so a good one is remembered for a minute (as a keyed digest), and only two are
checked at a time. See docs/decisions/0064-who-may-report-positions.md.
"""

import asyncio
import base64
import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from kuaijing.engine.devices import Device, DeviceBook
from kuaijing.feeds.normaliser import Proof, trusted
from kuaijing.feeds.readings import DeviceReading

TRIES: Final = 5
ADDRESS_TRIES: Final = 100
WINDOW_S: Final = 60.0
REMEMBERED_S: Final = 60.0
_MOST_KEPT: Final = 10_000
_LONGEST_CODE: Final = 256


class GatewayAccounts(Protocol):
    """The accounts as this gate asks them; blocks for a tenth of a second."""

    def is_gateway(self, user: str, password: str) -> bool:
        """Whether it is the password of an account whose role is gateway."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request brought to prove who sends it."""

    user: str = ""
    password: str = ""
    """Of Basic authentication; a device gives its code as password."""
    codes: tuple[str, ...] = ()
    """Every code offered: password, bearer, ``code`` or ``token`` of the query."""


def credentials(authorization: str, query: Mapping[str, str]) -> Credentials:
    """Read the Authorization header and the query; what is unreadable is no credential."""
    scheme, _, rest = authorization.strip().partition(" ")
    user = password = bearer = ""
    if scheme.lower() == "basic" and len(rest) <= 1024:
        try:
            user, _, password = base64.b64decode(rest.strip(), validate=True).decode().partition(":")
        except (ValueError, UnicodeDecodeError):
            user = password = ""
    elif scheme.lower() == "bearer":
        bearer = rest.strip()
    offered = (password, bearer, query.get("code", ""), query.get("token", ""))
    return Credentials(user, password, tuple(code for code in offered if 0 < len(code) <= _LONGEST_CODE))


class Tries:
    """Wrong tries of the last minute, bounded in memory."""

    def __init__(self, allowed: int, clock: Callable[[], float]) -> None:
        self._allowed, self._clock = allowed, clock
        self._wrong: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def are_left(self, who: str) -> bool:
        """Whether another code may be looked at."""
        began, count = self._wrong.get(who, (0.0, 0))
        return count < self._allowed or self._clock() - began >= WINDOW_S

    def note(self, who: str) -> None:
        """A wrong one."""
        began, count = self._wrong.pop(who, (0.0, 0))
        now = self._clock()
        self._wrong[who] = (now, 1) if now - began >= WINDOW_S else (began, count + 1)
        if len(self._wrong) > _MOST_KEPT:
            self._wrong.popitem(last=False)


class Gate:
    """Proofs for requests. Belongs to the loop's thread."""

    def __init__(
        self, book: DeviceBook, accounts: GatewayAccounts | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._book, self._accounts, self._clock = book, accounts, clock
        self._of_device, self._of_address = Tries(TRIES, clock), Tries(ADDRESS_TRIES, clock)
        self._accounts_of_address = Tries(ADDRESS_TRIES, clock)
        """Apart from the devices' codes: a device that gives its code as Basic password is looked for among the accounts too."""
        self._secret = secrets.token_bytes(32)
        self._good: dict[bytes, float] = {}
        self._turn = asyncio.Semaphore(2)

    def proof(self, given: Credentials, address: str) -> Proof:
        """The proof by device codes: those of the request, and one that a batch names beside the device."""

        found: dict[tuple[str, str | None], str | None] = {}

        def why_not(device: Device, reading: DeviceReading) -> str | None:
            asked = device.id, reading.code
            if asked not in found:
                codes = given.codes if reading.code is None else (reading.code, *given.codes)
                found[asked] = self._why_not(device, codes, address)
            return found[asked]

        return why_not

    async def gateway_proof(self, given: Credentials, address: str) -> Proof | None:
        """The proof of a gateway account; ``None`` where the request brought none. A wrong password proves nothing."""
        if self._accounts is None or not given.user or not given.password:
            return None
        digest = hmac.digest(self._secret, f"{given.user}\n{given.password}".encode(), hashlib.sha256)
        if self._good.get(digest, 0.0) > self._clock():
            return trusted
        who = f"{address} account {given.user}"
        async with self._turn:
            if self._good.get(digest, 0.0) > self._clock():
                return trusted
            if not self._of_device.are_left(who) or not self._accounts_of_address.are_left(address):
                return None
            if not await asyncio.to_thread(self._accounts.is_gateway, given.user, given.password):
                self._of_device.note(who)
                self._accounts_of_address.note(address)
                return None
        if len(self._good) >= _MOST_KEPT:
            self._good.clear()
        self._good[digest] = self._clock() + REMEMBERED_S
        return trusted

    def _why_not(self, device: Device, codes: tuple[str, ...], address: str) -> str | None:
        if not codes:
            return "unauthenticated"
        who = f"{address} {device.id}"
        if not self._of_device.are_left(who) or not self._of_address.are_left(address):
            return "too_many_tries"
        if any(self._book.is_code(device, code) for code in codes):
            return None
        self._of_device.note(who)
        self._of_address.note(address)
        return "wrong_code"
