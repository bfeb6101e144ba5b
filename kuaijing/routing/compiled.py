"""``compiled``: numba's ``njit`` without the interpreter lock, its machine code kept between processes, never a stale one.

Numba judges a cached function by the file that holds it alone, yet compiles what it calls from other files into it: change
``search`` and ``unit_times`` would go on running the old one. So the cache folder is named after a digest of all of this
room's sources. It lies under ``NUMBA_CACHE_DIR`` where that is set before this room is imported, else beside the sources,
else in the user's cache, else among temporary files.
"""

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from numba import njit
from numba.core import config

_NAME: Final = "kuaijing-roads-"
_KEPT_S: Final = 86_400.0


def sources_digest(folder: Path) -> str:
    """Digest of the Python files of a folder, by name and content."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _root() -> Path:
    given = os.environ.get("NUMBA_CACHE_DIR")
    users = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kuaijing"
    for folder in [Path(given)] if given else [Path(__file__).parent / "__pycache__", users]:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return Path(tempfile.gettempdir()) / f"kuaijing-{os.getuid()}"


CACHE_FOLDER: Final = _root() / f"{_NAME}{sources_digest(Path(__file__).parent)}"
"""Where this version's machine code is kept."""


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """``numba.njit(cache=True, nogil=True)`` with this room's cache folder."""
    settings: Any = config  # numba fills this module with its settings at run time
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(CACHE_FOLDER)
    try:
        made: Callable[..., Any] = njit(cache=True, nogil=True)(function)
    finally:
        settings.CACHE_DIR = before
    return made


def forget_older_versions() -> None:
    """Remove the machine code of other versions of this room that nobody has used for a day."""
    for folder in CACHE_FOLDER.parent.glob(f"{_NAME}*"):
        if folder != CACHE_FOLDER and time.time() - folder.stat().st_mtime > _KEPT_S:
            shutil.rmtree(folder, ignore_errors=True)
