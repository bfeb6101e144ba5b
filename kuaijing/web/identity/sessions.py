"""Sessions: a random token in a cookie, of which only the SHA-256 is stored, so that a copy of the file opens no door."""

import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import Final

from kuaijing.web.identity.accounts import Account, Accounts
from kuaijing.web.identity.roles import UserRole, audience_of

COOKIE: Final = "kuaijing_session"
LASTS_S: Final = 12 * 3600
WALL_LASTS_S: Final = 400 * 24 * 3600
"""A screen on a wall is nobody's to sign in every morning: as long as a browser keeps a cookie. Removing its account ends it at once."""
_MOST_KEPT: Final = 50_000


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in person, as a request carries it."""

    account: Account
    expires_at: float
    """Seconds since the epoch, wall clock."""

    @property
    def audience(self) -> str:
        """Which picture this person is shown."""
        return audience_of(self.account.role)


class Sessions:
    """Open sessions, found by token. What was found is remembered for a few seconds so that a request costs no query."""

    def __init__(self, accounts: Accounts, *, lasts_s: float = LASTS_S, remember_s: float = 5.0) -> None:
        self._accounts, self._lasts_s, self._remember_s = accounts, lasts_s, remember_s
        self._seen: dict[bytes, tuple[float, Session]] = {}

    def open(self, account: Account) -> tuple[str, Session]:
        """A new session and its token, which is told once and never stored."""
        token, now = secrets.token_urlsafe(32), time.time()
        ends = now + (WALL_LASTS_S if account.role is UserRole.WALL else self._lasts_s)
        with self._accounts.connection() as db:
            db.execute("DELETE FROM sessions WHERE expires_at < ?", (now,))
            db.execute("INSERT INTO sessions VALUES(?,?,?,?)", (_hash(token), account.name, now, ends))
        return token, Session(account, ends)

    def find(self, token: str) -> Session | None:
        """The session of that token, unless it has ended or its account is gone."""
        now, key = time.time(), _hash(token)
        kept = self._seen.get(key)
        if kept is not None and kept[0] > now and kept[1].expires_at > now:
            return kept[1]
        with self._accounts.connection() as db:
            row = db.execute(
                "SELECT a.name, a.role, a.unit, a.platform, s.expires_at FROM sessions s JOIN accounts a USING(name)"
                " WHERE s.token_hash=? AND s.expires_at>?",
                (key, now),
            ).fetchone()
        self._seen.pop(key, None)
        if row is None:
            return None
        session = Session(Account(row[0], UserRole(row[1]), row[2], row[3]), row[4])
        if len(self._seen) >= _MOST_KEPT:
            self._seen.clear()
        self._seen[key] = (now + self._remember_s, session)
        return session

    def close(self, token: str) -> None:
        """End the session at once."""
        self._seen.pop(_hash(token), None)
        with self._accounts.connection() as db:
            db.execute("DELETE FROM sessions WHERE token_hash=?", (_hash(token),))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
