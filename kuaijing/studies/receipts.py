"""First answers of the workroom's commands, by who asked and the key that was given, so that a repeat is answered and not done again.

Kept in ``DATA/drafts/receipts``, the newest of them. They are written after the change that they tell of: where a crash falls between
the two, a repeat meets the draft's name or revision and is refused; nothing is done twice.
"""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from kuaijing.engine.errors import KeyReused
from kuaijing.studies.drafts import FOLDER, write_whole

MOST: Final = 500


class Receipt(msgspec.Struct, frozen=True):
    """What one command was answered."""

    fingerprint: str
    """Digest of method, path and body."""
    answer: bytes
    at: str


class Receipts:
    """Those of one DATA folder. Safe to call from any thread; every call touches the disk."""

    def __init__(self, data: Path, most: int = MOST) -> None:
        self.folder, self._most = data / FOLDER / "receipts", most

    def find(self, actor: str, key: str, fingerprint: str) -> bytes | None:
        """The first answer, ``None`` where there is none. Raises ``KeyReused`` where the key was another command's."""
        try:
            held = msgspec.msgpack.decode(self._path(actor, key).read_bytes(), type=Receipt)
        except (OSError, msgspec.MsgspecError):
            return None
        if held.fingerprint != fingerprint:
            raise KeyReused(key, actor)
        return held.answer

    def keep(self, actor: str, key: str, fingerprint: str, answer: bytes) -> None:
        """Keep it; the oldest beyond the bound are forgotten."""
        self.folder.mkdir(parents=True, exist_ok=True)
        receipt = Receipt(fingerprint, answer, datetime.now(UTC).isoformat())
        write_whole(self._path(actor, key), msgspec.msgpack.encode(receipt))
        held = sorted(self.folder.glob("*.receipt"), key=_age)
        for path in held[: max(0, len(held) - self._most)]:
            path.unlink(missing_ok=True)

    def _path(self, actor: str, key: str) -> Path:
        mark = hashlib.sha256(f"{actor} {key}".encode())  # neither a name nor a key holds a space
        return self.folder / f"{mark.hexdigest()}.receipt"


def _age(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
