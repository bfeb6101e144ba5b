"""Writes a city folder: everything is made beside the final name and renamed into place at the end.

A folder that is being made carries a hidden name next to its place; whatever goes wrong, it is removed again.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from kuaijing.city.classes import UNIT_CLASSES
from kuaijing.city.ground import ARRAYS, FORMAT, RoadArrays, hash_of
from kuaijing.city.refused import ImportRefused


@contextmanager
def folder_in_the_making(out: Path) -> Iterator[Path]:
    """A new empty folder that takes the place of ``out`` when the block ends well, and vanishes when it does not.

    Raises ``ImportRefused`` where ``out`` exists and is no city folder, or nothing can be written there.
    """
    out = out.absolute()
    _refuse_unless_free_or_city(out)
    ancestor = next(parent for parent in out.parents if parent.exists())
    try:
        making = Path(tempfile.mkdtemp(prefix=f".{out.name}.making-", dir=ancestor))
    except OSError as error:
        raise ImportRefused(f"cannot write in {ancestor}: {error.strerror}; choose another --out") from None
    try:
        yield making
        making.chmod(0o755)
        out.parent.mkdir(parents=True, exist_ok=True)
        _put_in_place(making, out)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _refuse_unless_free_or_city(out: Path) -> None:
    if not out.exists():
        return
    if not out.is_dir():
        raise ImportRefused(
            f"--out {out} is a file; name a folder that does not exist yet, or a city folder to replace"
        )
    if any(out.iterdir()) and not _is_city(out):
        raise ImportRefused(f"--out {out} exists and is not a city folder; name another folder, or empty this one")


def _is_city(folder: Path) -> bool:
    try:
        manifest = json.loads((folder / "ground.json").read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and str(manifest.get("format", "")).startswith("kuaijing-city-")


def _put_in_place(making: Path, out: Path) -> None:
    if not out.exists():
        making.rename(out)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{out.name}.old-", dir=out.parent))
    out.rename(aside / "city")
    try:
        making.rename(out)
    except OSError:
        (aside / "city").rename(out)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def write_roads(folder: Path, roads: RoadArrays, names: list[str]) -> str:
    """Write the arrays and names; returns their hash."""
    (folder / "roads").mkdir()
    for name, (dtype, _) in ARRAYS.items():
        array = np.ascontiguousarray(getattr(roads, name))
        if array.dtype != np.dtype(dtype):
            raise TypeError(f"{name} is {array.dtype}, docs/contracts.md says {dtype}")
        np.save(folder / "roads" / f"{name}.npy", array, allow_pickle=False)
    (folder / "names.json").write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")
    return hash_of(roads, names)


def write_manifest(folder: Path, facts: dict[str, Any]) -> dict[str, Any]:
    """Write ``ground.json`` from ``facts`` (name, hash, counts ...), last of all files; returns what was written."""
    manifest = {"format": FORMAT, **facts, "made_by": f"kuaijing {version('kuaijing')}"}
    path = folder / "ground.json"
    with path.open("w", encoding="utf-8") as file:
        json.dump(manifest, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    return manifest


def counts_of(roads: RoadArrays, names: list[str]) -> dict[str, Any]:
    """The sizes that the manifest and the report state."""
    first_of_street = np.unique(roads.arc_street, return_index=True)[1]
    return {
        "junctions": len(roads.node_lon),
        "arcs": len(roads.arc_tail),
        "streets": roads.street_count,
        "street_km": round(float(roads.arc_length_m[first_of_street].sum(dtype=np.float64)) / 1000, 3),
        "arc_km_by_class": {
            name: round(float(roads.arc_length_m[(roads.arc_access & bit) > 0].sum(dtype=np.float64)) / 1000, 3)
            for name, bit in UNIT_CLASSES.items()
        },
        "road_names": len(names) - 1,
        "forbidden_turns": len(roads.turn_from),
        "signals": int(roads.signal_node.sum()),
    }
