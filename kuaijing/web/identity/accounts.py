"""Local accounts in DATA: names, roles, argon2id hashes, lockout after repeated failures. Sessions lie in the same file.

Time here is the wall's, never the city's clock, which a demo may run sixty times faster. Passwords are never stored or logged.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import apsw
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kuaijing.web.identity.roles import UserRole
from kuaijing.wire.texts import BadText, clean_text

FAILURES_ALLOWED: Final = 5
LOCKED_FOR_S: Final = 15 * 60
SHORTEST_PASSWORD: Final = 8
FILE: Final = "accounts.sqlite"

_TABLES = """
CREATE TABLE IF NOT EXISTS accounts(name TEXT PRIMARY KEY, role TEXT NOT NULL, unit TEXT, hash TEXT NOT NULL, made_at REAL NOT NULL,
  platform TEXT) STRICT;
CREATE TABLE IF NOT EXISTS failures(name TEXT PRIMARY KEY, count INTEGER NOT NULL, last_at REAL NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS sessions(token_hash BLOB PRIMARY KEY, name TEXT NOT NULL REFERENCES accounts(name) ON DELETE CASCADE,
  made_at REAL NOT NULL, expires_at REAL NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS preferences(name TEXT PRIMARY KEY, kept TEXT NOT NULL, kept_at REAL NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS sessions_by_expiry ON sessions(expires_at);
"""


@dataclass(frozen=True, slots=True)
class Account:
    """One person who may sign in; ``unit`` is set exactly for officers, ``platform`` exactly for posts."""

    name: str
    role: UserRole
    unit: str | None
    platform: str | None = None


class BadAccount(ValueError):
    """An account cannot be made as asked; the message says what is wrong and what to give."""


class AccountsUnreadable(OSError):
    """The accounts file cannot be opened, or is none."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(path, problem)
        self.path, self.problem = path, problem

    def __str__(self) -> str:
        return f"{self.path}: {self.problem}; restore it from a backup, or name another data folder"


class NoAccounts(Exception):
    """Nobody can sign in yet."""

    def __str__(self) -> str:
        return "no account exists yet; make one with `kuaijing user add NAME --role dispatcher --data DIR`"


class WrongPassword(Exception):
    """Name or password is wrong; which of the two is not said."""

    def __str__(self) -> str:
        return "name or password is wrong"


class LockedOut(Exception):
    """Too many failures in a row."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(wait_s)
        self.wait_s = wait_s

    def __str__(self) -> str:
        return f"{FAILURES_ALLOWED} failed attempts: locked for another {max(1, round(self.wait_s / 60))} min"


class Accounts:
    """The accounts file. Safe to call from any thread; slow calls (hashing) belong in one of their own."""

    def __init__(self, folder: Path, *, hasher: PasswordHasher | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._hasher = hasher or PasswordHasher()
        try:
            self._db = _opened(folder / FILE)
        except apsw.Error as error:
            raise AccountsUnreadable(folder / FILE, str(error)) from error
        self._decoy = self._hasher.hash("nobody has this password")

    @contextmanager
    def connection(self) -> Iterator[apsw.Connection]:
        """The database within a transaction, for one thread at a time."""
        with self._lock, self._db:
            yield self._db

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def add(
        self,
        name: str,
        role: UserRole,
        password: str,
        *,
        unit: str | None = None,
        platform: str | None = None,
        replace: bool = False,
    ) -> Account:
        """Make an account, or give an existing one a new password and role with ``replace``."""
        _check(name, password)
        _check_bound(name, role, UserRole.OFFICER, "unit", unit)
        _check_bound(name, role, UserRole.POST, "platform", platform)
        hashed = self._hasher.hash(password)
        with self.connection() as db:
            if not replace and db.execute("SELECT 1 FROM accounts WHERE name=?", (name,)).fetchone():
                raise BadAccount(f"account {name!r} exists already; remove it first with `kuaijing user remove {name}`")
            db.execute("DELETE FROM accounts WHERE name=?", (name,))
            db.execute(
                "INSERT INTO accounts(name, role, unit, hash, made_at, platform) VALUES(?,?,?,?,?,?)",
                (name, role.value, unit, hashed, time.time(), platform),
            )
            db.execute("DELETE FROM failures WHERE name=?", (name,))
        return Account(name, role, unit, platform)

    def remove(self, name: str) -> bool:
        """Take the account and its sessions away; False where there was none."""
        with self.connection() as db:
            db.execute("DELETE FROM preferences WHERE name=?", (name,))
            db.execute("DELETE FROM accounts WHERE name=?", (name,))
            return bool(db.changes())

    def list_all(self) -> list[Account]:
        """Every account by name."""
        with self.connection() as db:
            rows = db.execute("SELECT name, role, unit, platform FROM accounts ORDER BY name").fetchall()
        return [
            Account(str(name), UserRole(str(role)), _text(unit), _text(platform)) for name, role, unit, platform in rows
        ]

    def find(self, name: str) -> Account | None:
        """The account of that name."""
        return next((account for account in self.list_all() if account.name == name), None)

    def check(self, name: str, password: str, *, now: float | None = None) -> Account:
        """The account, if the password is right. Raises ``WrongPassword``, ``LockedOut`` or ``NoAccounts``; takes a tenth of a second."""
        now = time.time() if now is None else now
        with self.connection() as db:
            if not db.execute("SELECT 1 FROM accounts LIMIT 1").fetchone():
                raise NoAccounts
            db.execute("DELETE FROM failures WHERE last_at < ?", (now - LOCKED_FOR_S,))
            failed = db.execute("SELECT count, last_at FROM failures WHERE name=?", (name,)).fetchone()
            row = db.execute("SELECT name, role, unit, platform, hash FROM accounts WHERE name=?", (name,)).fetchone()
        if failed and failed[0] >= FAILURES_ALLOWED:
            raise LockedOut(failed[1] + LOCKED_FOR_S - now)
        hashed = str(row[4]) if row else self._decoy
        right = self._matches(hashed, password) and row is not None
        with self.connection() as db:
            if not right:
                again = "ON CONFLICT(name) DO UPDATE SET count=count+1, last_at=excluded.last_at"
                db.execute(f"INSERT INTO failures VALUES(?,1,?) {again}", (name, now))
            else:
                db.execute("DELETE FROM failures WHERE name=?", (name,))
        if not right or row is None:
            raise WrongPassword
        return Account(row[0], UserRole(row[1]), row[2], row[3])

    def _matches(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False


def _opened(path: Path) -> apsw.Connection:
    db = apsw.Connection(str(path))
    path.chmod(0o600)
    db.set_busy_timeout(5000)
    for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON", _TABLES):
        db.execute(statement).fetchall()
    if not any(column[1] == "platform" for column in db.execute("PRAGMA table_info(accounts)")):
        db.execute("ALTER TABLE accounts ADD COLUMN platform TEXT")  # a file of a release without posts
    return db


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _check(name: str, password: str) -> None:
    try:
        clean = clean_text(name)
    except BadText as error:
        raise BadAccount(f"account name {name!r}: {error}") from None
    if not name or len(name) > 64 or clean != name or any(c.isspace() or c == ":" for c in name):
        raise BadAccount(f"account name {name!r} must have 1 to 64 characters, without spaces or colons")
    if len(password) < SHORTEST_PASSWORD or len(password) > 256:
        raise BadAccount(f"the password has {len(password)} characters; give {SHORTEST_PASSWORD} to 256")


def _check_bound(name: str, role: UserRole, bound: UserRole, to: str, given: str | None) -> None:
    """An account of the role ``bound`` names what it is bound to, and no other does."""
    if role is bound and not given:
        raise BadAccount(f"{role.value} {name!r} needs the {to} that the account is bound to: --{to} ID")
    if role is not bound and given:
        raise BadAccount(
            f"{role.value} {name!r} is bound to no {to}; leave --{to} {given} out, or give the role {bound.value}"
        )
