"""Why a store refuses, by name."""

from pathlib import Path


class StoreError(Exception):
    """A store that cannot do what is asked; the message says what to do."""


class SqliteAffected(StoreError):
    """The SQLite library has the WAL-reset bug, by which a database can lose pages."""

    def __init__(self, version: str, wanted: str) -> None:
        super().__init__(version, wanted)
        self.version, self.wanted = version, wanted

    def __str__(self) -> str:
        return (
            f"SQLite {self.version} can lose written pages (WAL-reset bug); {self.wanted} or later is needed: "
            "install apsw 3.51.3 or later from its wheel"
        )


class SettingRefused(StoreError):
    """SQLite did not take a setting that durability rests on."""

    def __init__(self, path: Path, setting: str, found: object, wanted: object) -> None:
        super().__init__(path, setting, found, wanted)
        self.path, self.setting, self.found, self.wanted = path, setting, found, wanted

    def __str__(self) -> str:
        return (
            f"{self.path}: {self.setting} is {self.found}, {self.wanted} was asked for; use a local disk, not a share"
        )


class DataInUse(StoreError):
    """Another process writes this data."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where

    def __str__(self) -> str:
        return f"{self.where} is in use by another process; stop that one or choose another data folder"


class Fenced(StoreError):
    """Another process took the log over."""

    def __init__(self, epoch: int, current: int) -> None:
        super().__init__(epoch, current)
        self.epoch, self.current = epoch, current

    def __str__(self) -> str:
        return f"this writer holds epoch {self.epoch}, the log is at {self.current}: another process took over; stop this one"


class LogMoved(StoreError):
    """An append does not follow the log's end."""

    def __init__(self, seq: int, tail: int) -> None:
        super().__init__(seq, tail)
        self.seq, self.tail = seq, tail

    def __str__(self) -> str:
        return f"entry {self.seq} does not follow the log's end at {self.tail}; read the log again"


class WrongMode(StoreError):
    """A live log opened as training, or the other way."""

    def __init__(self, where: str, found: str, wanted: str) -> None:
        super().__init__(where, found, wanted)
        self.where, self.found, self.wanted = where, found, wanted

    def __str__(self) -> str:
        return f"{self.where} holds a {self.found} log, {self.wanted} was asked for; name the other data folder"


class DataUnreadable(StoreError):
    """A data folder that is not one of ours, or is damaged."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(where, problem)
        self.where, self.problem = where, problem

    def __str__(self) -> str:
        return f"{self.where}: {self.problem}; restore it from a backup or choose another data folder"


class NoLog(StoreError):
    """A folder without a log, where only an existing one will do."""

    def __init__(self, where: str, inside: str | None) -> None:
        super().__init__(where, inside)
        self.where, self.inside = where, inside

    def __str__(self) -> str:
        if self.inside is not None:
            return f"{self.where} holds no log, but {self.inside} does; name that folder"
        return f"{self.where} holds no log; name the data folder of a server, or a backup of one"


class BackupImpossible(StoreError):
    """A backup cannot be made there, or did not come out whole."""

    def __init__(self, out: Path, problem: str) -> None:
        super().__init__(out, problem)
        self.out, self.problem = out, problem

    def __str__(self) -> str:
        return f"backup to {self.out}: {self.problem}; nothing was left there"


class ServerUnreachable(StoreError):
    """PostgreSQL does not answer, or answers with what cannot be used."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(where, problem)
        self.where, self.problem = where, problem

    def __str__(self) -> str:
        return f"PostgreSQL at {self.where}: {self.problem}; check that it runs and that the address is right"
