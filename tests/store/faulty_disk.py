"""A disk that can be full, broken, or cut from its power: a VFS for SQLite that passes everything on to the real one.

While it passes writes on, it keeps beside them what a power cut would leave: the content at the last sync, and the sectors
written since. ``power_cut`` gives one possible disk after a cut: any of the unsynced sectors, in any combination.
"""

import itertools
import random
from dataclasses import dataclass, field
from pathlib import Path

import apsw

SECTOR = 512
_names = itertools.count(1)


@dataclass
class _Kept:
    """One file: what is surely on the disk, and what was written since."""

    synced: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes] | int] = field(default_factory=list)
    """(offset, data) of a write, or the new length of a truncation."""


class FaultyDisk(apsw.VFS):
    """Faults by switch: ``full``, ``broken`` (no sync succeeds), ``lying`` (syncs say that they did, and did not)."""

    def __init__(self, *, keep: bool = False) -> None:
        self.name = f"faulty{next(_names)}"
        self.full = self.broken = self.lying = False
        self.fail_syncs = 0
        self.keep = keep
        self.files: dict[str, _Kept] = {}
        self.on_write = lambda: None
        super().__init__(self.name, "")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> "_File":  # noqa: N802  (SQLite's name)
        return _File(self, name, flags)

    def xDelete(self, name: str, sync: bool) -> None:  # noqa: N802
        self.files.pop(name, None)
        super().xDelete(name, sync)

    def power_cut(self, chance: random.Random) -> dict[str, bytes]:
        """One possible content of every file after a power cut now."""
        return {name: _torn(kept, chance) for name, kept in self.files.items()}


class _File(apsw.VFSFile):
    def __init__(self, disk: FaultyDisk, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        self._disk = disk
        self._name = name.filename() if isinstance(name, apsw.URIFilename) else name or ""
        super().__init__("", name, flags)
        if disk.keep and self._name not in disk.files:
            path = Path(self._name)
            disk.files[self._name] = _Kept(bytearray(path.read_bytes() if path.exists() else b""))

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        if self._disk.full:
            raise apsw.FullError("no space left on this disk")
        super().xWrite(data, offset)
        if self._disk.keep:
            self._disk.files[self._name].pending.append((offset, bytes(data)))
            self._disk.on_write()

    def xTruncate(self, size: int) -> None:  # noqa: N802
        super().xTruncate(size)
        if self._disk.keep:
            self._disk.files[self._name].pending.append(size)

    def xSync(self, flags: int) -> None:  # noqa: N802
        if self._disk.broken or self._disk.fail_syncs > 0:
            self._disk.fail_syncs -= 1
            raise apsw.IOError("this disk does not sync")
        super().xSync(flags)
        if self._disk.keep and not self._disk.lying:
            kept = self._disk.files[self._name]
            for step in kept.pending:
                _apply(kept.synced, step)
            kept.pending.clear()


def _apply(content: bytearray, step: tuple[int, bytes] | int) -> None:
    if isinstance(step, int):
        del content[step:]
        return
    offset, data = step
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


def _torn(kept: _Kept, chance: random.Random) -> bytes:
    """Each unsynced sector came to the disk or did not."""
    content = bytearray(kept.synced)
    share = chance.choice([0.0, 0.3, 0.7, 1.0])
    for step in kept.pending:
        if isinstance(step, int):
            if chance.random() < share:
                _apply(content, step)
            continue
        offset, data = step
        for start in range(0, len(data), SECTOR):
            if chance.random() < share:
                _apply(content, (offset + start, data[start : start + SECTOR]))
    return bytes(content)
