"""Every history that a city has: those on its shelf, and the one that a generated city brings in its own folder."""

import hashlib
from pathlib import Path
from typing import Final

import msgspec

from kuaijing.studies.records import Records
from kuaijing.studies.shelf import Shelf

HISTORY: Final = "history.parquet"
"""In the folder of a generated city."""


def own_history(city: Path) -> list[Path]:
    """The city folder's own history; none in a city that was imported."""
    return [path] if (path := city / HISTORY).is_file() else []


def known_incidents(shelf: Shelf, city: Path) -> Records:
    """All incidents that are known. Raises ``StudyRefused`` where there is no history at all."""
    return shelf.records("incidents", own_history(city))


def mark_of_holdings(data: Path, city: Path) -> str:
    """What tells one state of the histories, layers and weights from another."""
    digest = hashlib.sha256(msgspec.json.encode(Shelf(data).list_all()))
    for own in own_history(city):
        found = own.stat()
        digest.update(f"{found.st_size} {found.st_mtime_ns}".encode())
    return digest.hexdigest()
