"""The data folder of one city: its manifest, the lock of its one writer, its SQLite file; a training log in a folder of its own.

    DATA/manifest.json          format, mode (live), hash algorithm
    DATA/kuaijing.sqlite        the log and what belongs to it
    DATA/lock                   held while a process writes
    DATA/training/...           the same again, mode training

The mode stands in the manifest and in the file itself: a training log put in the place of a live one is refused.
"""

import fcntl
import json
import os
from pathlib import Path

from kuaijing.engine.chain import ALGORITHMS
from kuaijing.store.refused import DataInUse, DataUnreadable, NoLog, WrongMode
from kuaijing.store.sqlite import SqliteStore

FORMAT = 1
FILE = "kuaijing.sqlite"
MANIFEST = "manifest.json"
TRAINING = "training"


class FolderStore(SqliteStore):
    """A SQLite store that holds its folder's lock until it is closed."""

    def __init__(self, folder: Path, *, training: bool, algorithm: str, lock: int, vfs: str | None) -> None:
        self.folder = folder
        self._lock: int | None = lock
        super().__init__(folder / FILE, training=training, algorithm=algorithm, vfs=vfs)

    def close(self) -> None:
        """Let go of file and lock."""
        try:
            super().close()
        finally:
            if self._lock is not None:
                os.close(self._lock)
                self._lock = None


def open_store(
    data_dir: Path | str, training: bool = False, *, algorithm: str = "sha256", vfs: str | None = None
) -> FolderStore:
    """The store of ``data_dir``, made where there is none; with ``training`` that of its training log.

    Raises ``DataInUse`` where another process has it, ``WrongMode`` where the folder holds a log of the other mode,
    ``DataUnreadable`` where it is damaged.
    """
    if algorithm not in ALGORITHMS:
        raise ValueError(f"hash algorithm {algorithm!r} is not known; choose one of {', '.join(ALGORITHMS)}")
    folder = Path(data_dir) / TRAINING if training else Path(data_dir)
    folder.mkdir(parents=True, exist_ok=True)
    lock = _locked(folder)
    try:
        algorithm = _agreed(folder, training, algorithm)
        return FolderStore(folder, training=training, algorithm=algorithm, lock=lock, vfs=vfs)
    except BaseException:
        os.close(lock)
        raise


def open_beside(data_dir: Path | str) -> SqliteStore:
    """The store of an existing live log, to look into while another process may write it: takes no lock, so never append."""
    folder = Path(data_dir)
    require_log(folder)
    return SqliteStore(folder / FILE, algorithm=str(read_manifest(folder).get("hash")))


def has_log(folder: Path) -> bool:
    """Whether a log lies in the folder itself."""
    return (folder / MANIFEST).is_file() or (folder / FILE).is_file()


def require_log(data_dir: Path | str) -> None:
    """Raise ``NoLog`` where ``data_dir`` holds none; a demo's folder keeps its own one level down, which is then said."""
    folder = Path(data_dir)
    if has_log(folder):
        if not (folder / FILE).is_file():
            raise DataUnreadable(str(folder), f"has a {MANIFEST} but no {FILE}")
        return
    inside = folder / "data"
    raise NoLog(str(folder), str(inside) if has_log(inside) else None)


def read_manifest(folder: Path) -> dict[str, object]:
    """The manifest as it stands; ``DataUnreadable`` where it is none of ours."""
    path = folder / MANIFEST
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise DataUnreadable(str(path), f"cannot be read ({fault})") from fault
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise DataUnreadable(str(path), f"is no manifest of format {FORMAT}")
    return found


def _agreed(folder: Path, training: bool, algorithm: str) -> str:
    """Write the manifest of a new folder, or check that of an old one; the algorithm is the folder's own."""
    mode = TRAINING if training else "live"
    path = folder / MANIFEST
    if not path.exists():
        if (folder / FILE).exists():
            raise DataUnreadable(str(folder), f"has a log but no {MANIFEST}")
        beside = folder / (MANIFEST + ".new")
        with beside.open("w", encoding="utf-8") as file:
            json.dump({"format": FORMAT, "mode": mode, "hash": algorithm}, file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        _sync_folder(folder)
    found = read_manifest(folder)
    if found.get("mode") != mode:
        raise WrongMode(str(folder), str(found.get("mode")), mode)
    return str(found.get("hash"))


def _locked(folder: Path) -> int:
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as fault:
        os.close(lock)
        raise DataInUse(str(folder)) from fault
    return lock


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
