"""Why the engine itself refuses, whatever the command says."""

from kuaijing.domain.errors import Category, DomainError, Fault


class Degraded(DomainError):
    """The core cannot write at present. It comes back by itself; send the command again with the same key."""

    category: Category = "unavailable"  # type: ignore[misc]

    def __init__(self, detail: str, *, unknown: bool = False) -> None:
        super().__init__(detail, unknown)
        self.detail, self.unknown = detail, unknown

    def __str__(self) -> str:
        recorded = "it is not known yet whether this was recorded" if self.unknown else "nothing was recorded"
        return f"the log cannot be written: {self.detail}; {recorded}, send it again with the same key"


class KeyReused(DomainError):
    """An idempotency key came with another body than the first time."""

    category = "conflict"

    def __init__(self, key: str, actor: str) -> None:
        super().__init__(key, actor)
        self.key, self.actor = key, actor

    def __str__(self) -> str:
        return f"key {self.key!r} of {self.actor} was used for another command; give each command a key of its own"

    def fields(self) -> tuple[Fault, ...]:
        """The key."""
        return (Fault("Idempotency-Key", self.key, "used for another command", "give each command its own"),)


class Stopped(DomainError):
    """The engine does not run: not started yet, or stopped."""

    category = "unavailable"

    def __str__(self) -> str:
        return "the core is not running; start it, or ask again when it is up"


class LogBroken(Exception):
    """The log does not hold together; the engine does not start on it."""

    def __init__(self, seq: int, problem: str) -> None:
        super().__init__(seq, problem)
        self.seq, self.problem = seq, problem

    def __str__(self) -> str:
        return f"log entry {self.seq}: {self.problem}; restore the data folder from a backup"
