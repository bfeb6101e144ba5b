"""A plan document as canonical bytes, named by their SHA-256: what the plan store keeps and ``PutPlanInForce`` names."""

import hashlib

import msgspec

from kuaijing.domain.plan_document import PlanDocument


def canonical(document: PlanDocument) -> bytes:
    """The same document gives the same bytes, on every machine: JSON with sorted keys and shortest floats."""
    return msgspec.json.encode(document, order="deterministic")


def from_canonical(stored: bytes) -> PlanDocument:
    """The document of its canonical bytes."""
    return msgspec.json.decode(stored, type=PlanDocument)


def digest_of(document: PlanDocument) -> str:
    """SHA-256 of the canonical bytes, hexadecimal."""
    return hashlib.sha256(canonical(document)).hexdigest()
