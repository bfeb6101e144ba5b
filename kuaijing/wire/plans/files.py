"""The files of a plan document out of a folder or a ZIP, bounded: no bombs, no paths that lead outside, no surprises.

Knows names and sizes, nothing of what is in a file.
"""

import io
import lzma
import re
import stat
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Final

from kuaijing.wire.plans.faults import Faults

PLAN: Final = "plan.yaml"
TIERS: Final = "tiers.geojson"
BEATS: Final = "beats.geojson"
PLATFORMS: Final = "platforms.geojson"
PATROL_POINTS: Final = "patrol_points.geojson"
CLOSURES: Final = "closures.geojson"
FORCE_CSV: Final = "force.csv"
FORCE_XLSX: Final = "force.xlsx"
RESPONSE: Final = "response.yaml"

KNOWN: Final = frozenset(
    {PLAN, TIERS, BEATS, PLATFORMS, PATROL_POINTS, CLOSURES, FORCE_CSV, FORCE_XLSX, RESPONSE},
)
REQUIRED: Final = (PLAN, TIERS, BEATS, PLATFORMS, RESPONSE)

MOST_FILES: Final = 64
MOST_BYTES: Final = 32 * 1024 * 1024
"""Of one file, unpacked."""
MOST_YAML_BYTES: Final = 4 * 1024 * 1024
MOST_BYTES_TOGETHER: Final = 96 * 1024 * 1024
_DATA_FILE = re.compile(r"\.(ya?ml|geojson|json|csv|xlsx?)$", re.IGNORECASE)

_DAMAGED = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    lzma.LZMAError,
    RuntimeError,  # a password; NotImplementedError, an unknown method, is one too
    OSError,
    EOFError,
    ValueError,
    struct.error,
)


def read_files(source: Path | bytes, faults: Faults) -> dict[str, bytes]:
    """The known files of a folder, a ZIP file or the bytes of one. What cannot be taken is noted as a fault."""
    if isinstance(source, bytes):
        files = _of_zip(io.BytesIO(source), faults)
    elif source.is_dir():
        files = _of_folder(source, faults)
    elif source.is_file():
        with source.open("rb") as stream:
            files = _of_zip(stream, faults)
    else:
        faults.add(source.name, "", "", None, "there is no such folder or ZIP file", "give the path of a plan document")
        return {}
    for name in sorted(files.keys() - KNOWN):
        faults.add(
            name, "", "", None, "is not a file of a plan document", f"rename it to one of {', '.join(sorted(KNOWN))}"
        )
        del files[name]
    _note_missing(files, faults)
    return files


def _note_missing(files: dict[str, bytes], faults: Faults) -> None:
    if faults.found and not files:
        return
    for name in REQUIRED:
        if name not in files:
            faults.add(name, "", "", None, "the file is missing", "add it; docs/contracts.md says what it holds")
    if (FORCE_CSV in files) == (FORCE_XLSX in files):
        problem = "both are there" if FORCE_CSV in files else "the file is missing"
        faults.add(f"{FORCE_CSV} / {FORCE_XLSX}", "", "", None, problem, "give the force in exactly one of the two")


def _of_folder(folder: Path, faults: Faults) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for path in sorted(folder.iterdir()):
        if not _DATA_FILE.search(path.name) or path.name.startswith((".", "~")):
            continue
        if not path.is_file():
            faults.add(path.name, "", "", None, "is no file", "put the file itself there")
            continue
        size = path.stat().st_size
        if _acceptable(path.name, size, faults):
            files[path.name] = path.read_bytes()
    return files


def _of_zip(stream: io.BufferedIOBase | io.BufferedReader | io.BytesIO, faults: Faults) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(stream) as archive:
            return _unpacked(archive, faults)
    except _DAMAGED as error:
        faults.add("ZIP", "", "", None, f"cannot be read as a ZIP file: {error}", "pack the plan's files again")
        return {}


def _unpacked(archive: zipfile.ZipFile, faults: Faults) -> dict[str, bytes]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir() and "__MACOSX" not in entry.filename]
    if len(entries) > MOST_FILES:
        faults.add("ZIP", "", "", len(entries), f"holds more than {MOST_FILES} files", "pack only the plan's files")
        return {}
    files: dict[str, bytes] = {}
    together = 0
    for entry in entries:
        name = _plain_name(entry, faults)
        if name is None or not _DATA_FILE.search(name) or not _acceptable(name, entry.file_size, faults):
            continue
        if name in files:
            faults.add(name, "", "", entry.filename, "is in the ZIP twice", "keep one")
            continue
        try:
            with archive.open(entry) as unpacking:
                content = unpacking.read(MOST_BYTES + 1)
        except _DAMAGED as error:
            faults.add(name, "", "", None, f"cannot be unpacked: {error}", "pack it again, without a password")
            continue
        together += len(content)
        if together > MOST_BYTES_TOGETHER:
            faults.add("ZIP", "", "", None, "unpacks to more than 96 MB", "pack only the plan's files")
            return {}
        if _acceptable(name, len(content), faults):
            files[name] = content
    return files


def _plain_name(entry: zipfile.ZipInfo, faults: Faults) -> str | None:
    """The name without one enclosing folder; a path that leads elsewhere is a fault."""
    parts = entry.filename.replace("\\", "/").split("/")
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    if is_link or ".." in parts or parts[0] == "" or ":" in parts[0] or len(parts) > 2:
        problem = "is a link" if is_link else "leads outside the plan's folder"
        faults.add("ZIP", "", "", entry.filename, problem, "pack plain files, in one folder at most")
        return None
    return parts[-1]


def _acceptable(name: str, size: int, faults: Faults) -> bool:
    most = MOST_YAML_BYTES if name.endswith((".yaml", ".yml")) else MOST_BYTES
    if size > most:
        faults.add(name, "", "", size, f"is larger than {most // 1024 // 1024} MB", "simplify it")
        return False
    return True
