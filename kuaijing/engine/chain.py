"""The hash chain: each log entry's hash covers its content and the hash before it, so that no entry can be altered unseen.

The algorithm is the store's: SHA-256 by default, SM3 where the national one is required. Fields go in with their lengths, so that
no two entries have the same bytes.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from cryptography.hazmat.primitives import hashes

from kuaijing.engine.ports import Row, Tail

ALGORITHMS = ("sha256", "sm3")


@dataclass(frozen=True, slots=True)
class ChainFault:
    """Where the chain does not hold."""

    seq: int
    problem: str


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a verification found."""

    entries: int
    tail: Tail
    fault: ChainFault | None

    @property
    def whole(self) -> bool:
        """Whether the log is complete and unaltered."""
        return self.fault is None


def hash_row(row: Row, algorithm: str) -> bytes:
    """Hash of everything that the entry says, and of the hash before it."""
    parts = (
        row.prev_hash,
        str(row.seq).encode(),
        str(row.recorded_at).encode(),
        row.actor.encode(),
        row.source.encode(),
        row.reason.encode(),
        b"1" if row.by_voice else b"0",
        b"-" if row.key is None else b"+" + row.key.encode(),
        row.type.encode(),
        str(row.schema).encode(),
        row.body,
    )
    message = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    if algorithm == "sha256":
        return hashlib.sha256(message).digest()
    if algorithm == "sm3":
        digest = hashes.Hash(hashes.SM3())
        digest.update(message)
        return digest.finalize()
    raise ValueError(f"hash algorithm {algorithm!r} is not known; choose one of {', '.join(ALGORITHMS)}")


def linked(row: Row, before: Tail, algorithm: str) -> Row:
    """The entry with its place in the chain."""
    row = replace(row, prev_hash=before.hash)
    return replace(row, hash=hash_row(row, algorithm))


def fault_of(row: Row, before: Tail, algorithm: str) -> ChainFault | None:
    """What is wrong with ``row`` as the entry after ``before``."""
    if row.seq != before.seq + 1:
        return ChainFault(row.seq, f"follows entry {before.seq}, entries between are missing")
    if row.prev_hash != before.hash:
        return ChainFault(row.seq, "does not name the hash of the entry before it")
    try:
        same = hash_row(row, algorithm) == row.hash
    except (TypeError, AttributeError):  # somebody wrote a number or a text in the place of bytes
        same = False
    return None if same else ChainFault(row.seq, "its content is not what its hash says")


def verify(rows: Iterable[Row], algorithm: str, expected: Tail | None = None) -> ChainReport:
    """Walk the whole chain; ``expected`` is the tail known from elsewhere, against a log cut short."""
    tail = Tail()
    for row in rows:
        fault = fault_of(row, tail, algorithm)
        if fault is not None:
            return ChainReport(tail.seq, tail, fault)
        tail = Tail(row.seq, row.hash)
    if expected is not None and expected != tail:
        return ChainReport(
            tail.seq, tail, ChainFault(tail.seq, f"the log ends here, entry {expected.seq} was its last")
        )
    return ChainReport(tail.seq, tail, None)
