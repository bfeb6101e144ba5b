"""Errors on the wire: RFC 9457 problem documents that name field, value, what is wrong and what to do, all faults at once."""

from typing import Any

import msgspec

PROBLEM_TYPE = "urn:kuaijing:problem:"
"""Prefix of ``Problem.type``; what follows is the error's own name, ``unit-taken``."""


class Fault(msgspec.Struct, frozen=True):
    """One thing wrong with a request."""

    field: str
    """Where: ``place.lon``, ``units[1].version``, a query parameter or a header; empty for the request as a whole."""
    value: str
    """What was found there, shortened."""
    problem: str
    remedy: str


class Problem(msgspec.Struct, frozen=True):
    """A problem document."""

    type: str
    title: str
    """Chinese first, English beside it."""
    status: int
    detail: str
    instance: str
    """The request's path."""
    request: str = ""
    """Number of the request, as in the ``X-Request-Id`` header; name it when asking for help."""
    faults: list[Fault] = []
    current: dict[str, Any] | None = None
    """On a conflict: what changed, as it stands now."""


class BadRequest(Exception):
    """A request that cannot be taken, with every fault that was found. ``status`` is the HTTP status it deserves."""

    def __init__(self, faults: list[Fault], *, status: int = 422, name: str = "bad-request") -> None:
        super().__init__("; ".join(f"{fault.field}: {fault.problem}" for fault in faults))
        self.faults, self.status, self.name = faults, status, name
