"""``machine_code``: numba's ``njit`` for this room, its cache named after every source that is compiled into it.

Numba judges a cached function by the file that holds it alone, yet compiles what it calls from other files into it. The simulator
calls the engine's choice functions, so its machine code is kept under a digest of those sources too.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from numba import njit
from numba.core import config

from kuaijing.engine import choice
from kuaijing.routing.compiled import CACHE_FOLDER, sources_digest


def _digest() -> str:
    here = Path(__file__).parent
    folders = (here, here.parent / "policies")
    digest = hashlib.sha256(sources_digest(Path(str(choice.__file__)).parent).encode())
    for path in sorted(path for folder in folders for path in folder.glob("*.py")):
        content = path.read_bytes()
        if b"machine_code" in content or path.name == "tables.py":
            digest.update(path.name.encode() + b"\0" + content)
    return digest.hexdigest()[:16]


FOLDER: Final = CACHE_FOLDER.parent / f"{CACHE_FOLDER.name}-sim-{_digest()}"
"""Where this version's machine code is kept; named so that ``forget_older_versions`` finds it."""


def machine_code(function: Callable[..., Any]) -> Callable[..., Any]:
    """``numba.njit(cache=True, nogil=True)`` with this room's cache folder."""
    settings: Any = config  # numba fills this module with its settings at run time
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(FOLDER)
    try:
        made: Callable[..., Any] = njit(cache=True, nogil=True)(function)
    finally:
        settings.CACHE_DIR = before
    return made
