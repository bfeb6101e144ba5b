"""A consistent copy of a data folder while its engine runs, checked before it is called one.

SQLite files are copied through SQLite itself (one read transaction each, whatever is written meanwhile); other files as they are.
The copy is made beside its final name and renamed into place, so a failed one leaves nothing behind.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

import apsw

from kuaijing.engine.chain import ChainReport, verify
from kuaijing.store.folder import FILE, MANIFEST, read_manifest, require_log
from kuaijing.store.refused import BackupImpossible
from kuaijing.store.sqlite import SqliteStore

_LEFT_OUT = ("-wal", "-shm", "-journal")
_SQLITE_BEGINS = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What was copied."""

    out: Path
    files: int
    bytes: int
    entries: int
    """Log entries, the training log's included."""


def backup(data_dir: Path | str, out: Path | str) -> BackupReport:
    """Copy ``data_dir`` to the new folder ``out`` and verify it. Raises ``BackupImpossible``, leaving nothing there."""
    data, target = Path(data_dir), Path(out)
    require_log(data)
    read_manifest(data)
    if target.exists():
        raise BackupImpossible(target, "it is there already")
    if target.resolve().is_relative_to(data.resolve()):
        raise BackupImpossible(target, "it lies within the data folder")
    beside = target.with_name(target.name + ".part")
    if beside.exists():
        shutil.rmtree(beside)
    try:
        files = _copy(data, beside)
        entries = sum(_verified(folder.parent, target).entries for folder in sorted(beside.rglob(MANIFEST)))
        beside.rename(target)
    except (OSError, apsw.Error) as fault:
        raise BackupImpossible(target, f"{type(fault).__name__}: {fault}") from fault
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    return BackupReport(target, files, size, entries)


def _copy(data: Path, beside: Path) -> int:
    beside.mkdir(parents=True)
    copied = 0
    for source in sorted(data.rglob("*")):
        place = beside / source.relative_to(data)
        if source.is_dir():
            place.mkdir(exist_ok=True)
        elif source.name != "lock" and not source.name.endswith(_LEFT_OUT):
            if _is_sqlite(source):
                _copy_sqlite(source, place)
            else:
                shutil.copy2(source, place)
            copied += 1
    return copied


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_SQLITE_BEGINS)) == _SQLITE_BEGINS


def _copy_sqlite(source: Path, place: Path) -> None:
    connection = apsw.Connection(str(source), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        connection.execute("PRAGMA busy_timeout=5000").fetchall()
        connection.execute("VACUUM INTO ?", (str(place),)).fetchall()
    finally:
        connection.close(True)
    copy = apsw.Connection(str(place), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        found = copy.execute("PRAGMA integrity_check").fetchall()[0][0]
    finally:
        copy.close(True)
    if found != "ok":
        raise BackupImpossible(place, f"the copy of {source.name} is not sound: {found}")


def _verified(folder: Path, target: Path) -> ChainReport:
    manifest = read_manifest(folder)
    store = SqliteStore(folder / FILE, training=manifest["mode"] == "training", algorithm=str(manifest["hash"]))
    try:
        report = verify(store.log.read(0), store.algorithm, store.log.tail())
    finally:
        store.close()
    if report.fault is not None:
        raise BackupImpossible(target, f"the copy's log is broken at entry {report.fault.seq}: {report.fault.problem}")
    return report
