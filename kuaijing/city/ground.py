"""A city folder opened for reading: the road arrays memory-mapped, the manifest and the road names.

Written by ``city.folder``; the meaning of each array is in docs/contracts.md. Knows nothing of travel times, plans or maps.
"""

import hashlib
import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kuaijing.measures.points import OutOfRange, Point

FORMAT: Final = "kuaijing-city-1"

VERIFIED_BYTES: Final = 128 * 2**20
"""Road arrays up to this size have their hash checked at every opening (0.1 s)."""

ARRAYS: Final[dict[str, tuple[str, str]]] = {
    "node_lon": ("float64", "n"),
    "node_lat": ("float64", "n"),
    "arc_tail": ("int32", "m"),
    "arc_head": ("int32", "m"),
    "arc_length_m": ("float32", "m"),
    "arc_class": ("uint8", "m"),
    "arc_name": ("int32", "m"),
    "arc_access": ("uint8", "m"),
    "arc_maxspeed": ("float32", "m"),
    "arc_flags": ("uint8", "m"),
    "arc_layer": ("int8", "m"),
    "arc_street": ("int32", "m"),
    "arc_twin": ("int32", "m"),
    "arc_source": ("int64", "m"),
    "shape_start": ("int64", "m+1"),
    "shape_lon": ("float64", "p"),
    "shape_lat": ("float64", "p"),
    "turn_from": ("int32", "r"),
    "turn_to": ("int32", "r"),
    "turn_access": ("uint8", "r"),
    "signal_node": ("bool", "n"),
}
"""Every road array: its dtype and what counts its rows (n junctions, m arcs, p shape points, r forbidden turns)."""


class DamagedGround(ValueError):
    """A city folder cannot be used. The message names the folder, the file and what is wrong; import the city again."""

    def __init__(self, folder: Path, fault: str) -> None:
        super().__init__(f"city folder {folder}: {fault}; import the city again with `kuaijing city import`")
        self.folder, self.fault = folder, fault


@dataclass(frozen=True, slots=True, eq=False)
class RoadArrays:
    """The road arrays alone, with the names, dtypes and shapes of docs/contracts.md."""

    node_lon: NDArray[np.float64]
    node_lat: NDArray[np.float64]
    arc_tail: NDArray[np.int32]
    arc_head: NDArray[np.int32]
    arc_length_m: NDArray[np.float32]
    arc_class: NDArray[np.uint8]
    arc_name: NDArray[np.int32]
    arc_access: NDArray[np.uint8]
    arc_maxspeed: NDArray[np.float32]
    arc_flags: NDArray[np.uint8]
    arc_layer: NDArray[np.int8]
    arc_street: NDArray[np.int32]
    arc_twin: NDArray[np.int32]
    arc_source: NDArray[np.int64]
    shape_start: NDArray[np.int64]
    shape_lon: NDArray[np.float64]
    shape_lat: NDArray[np.float64]
    turn_from: NDArray[np.int32]
    turn_to: NDArray[np.int32]
    turn_access: NDArray[np.uint8]
    signal_node: NDArray[np.bool_]

    @property
    def street_count(self) -> int:
        """Streets: undirected pieces between two junctions."""
        return int(self.arc_street.max()) + 1 if len(self.arc_street) else 0


@dataclass(frozen=True, slots=True, eq=False)
class Ground(RoadArrays):
    """One city's ground, immutable, named by ``hash``."""

    folder: Path
    manifest: dict[str, Any]
    name: str
    names: list[str]
    hash: str
    bbox: tuple[float, float, float, float]
    timezone: str
    fictional: bool


def hash_of(roads: RoadArrays, names: list[str]) -> str:
    """SHA-256 over the road arrays, in the order of ``ARRAYS``, and the names."""
    digest = hashlib.sha256()
    for name in ARRAYS:
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(getattr(roads, name)).view(np.uint8).data)
    digest.update(json.dumps(names, ensure_ascii=False).encode())
    return digest.hexdigest()


def open_ground(folder: Path | str, *, verify: bool | None = None) -> Ground:
    """Open a city folder.

    The arrays are mapped, not read. ``verify`` recomputes the hash over every byte; unless told, it is done where that takes
    a fraction of a second (arrays of ``VERIFIED_BYTES`` or less).

    Raises
    ------
    DamagedGround
        The folder is absent, of another format, incomplete, or its parts do not fit each other.
    """
    folder = Path(folder)
    manifest = _manifest(folder)
    names = _names(folder)
    arrays = {name: _array(folder, name, dtype) for name, (dtype, _) in ARRAYS.items()}
    _check_fit(folder, arrays, len(names), manifest)
    roads = RoadArrays(**arrays)
    if verify is None:
        verify = sum(array.nbytes for array in arrays.values()) <= VERIFIED_BYTES
    if verify and hash_of(roads, names) != manifest["hash"]:
        raise DamagedGround(folder, "the arrays do not have the hash that ground.json states")
    west, south, east, north = manifest["bbox"]
    return Ground(
        **{field.name: arrays[field.name] for field in fields(RoadArrays)},
        folder=folder,
        manifest=manifest,
        name=manifest["name"],
        names=names,
        hash=manifest["hash"],
        bbox=(west, south, east, north),
        timezone=manifest["timezone"],
        fictional=manifest["fictional"],
    )


def _json(folder: Path, name: str) -> Any:
    try:
        return json.loads((folder / name).read_bytes())
    except FileNotFoundError:
        what = f"{name} is missing" if folder.is_dir() else "there is no such folder"
        raise DamagedGround(folder, what) from None
    except (OSError, ValueError) as error:
        raise DamagedGround(folder, f"{name} cannot be read: {error}") from None


def _manifest(folder: Path) -> dict[str, Any]:
    manifest = _json(folder, "ground.json")
    if not isinstance(manifest, dict) or "format" not in manifest:
        raise DamagedGround(folder, "ground.json states no format")
    if manifest["format"] != FORMAT:
        raise DamagedGround(folder, f"its format is {manifest['format']!r}, this version reads {FORMAT!r}")
    wanted = {"name": str, "hash": str, "bbox": list, "timezone": str, "fictional": bool, "counts": dict}
    for key, kind in wanted.items():
        if not isinstance(manifest.get(key), kind):
            raise DamagedGround(folder, f"ground.json has no proper {key}")
    try:
        west, south, east, north = (float(value) for value in manifest["bbox"])
        Point(west, south)
        Point(east, north)
    except (TypeError, ValueError, OutOfRange) as error:
        raise DamagedGround(folder, f"bbox in ground.json: {error}") from None
    return manifest


def _names(folder: Path) -> list[str]:
    names = _json(folder, "names.json")
    if not isinstance(names, list) or not names or names[0] != "" or not all(isinstance(name, str) for name in names):
        raise DamagedGround(folder, 'names.json is not a list of names beginning with ""')
    return names


def _array(folder: Path, name: str, dtype: str) -> NDArray[Any]:
    path = folder / "roads" / f"{name}.npy"
    try:
        try:
            array: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
        except ValueError as error:
            if "mmap" not in str(error) and "empty" not in str(error):
                raise
            array = np.load(path, allow_pickle=False)  # an array without rows cannot be mapped
    except FileNotFoundError:
        raise DamagedGround(folder, f"roads/{name}.npy is missing") from None
    except (OSError, ValueError, EOFError) as error:
        raise DamagedGround(folder, f"roads/{name}.npy cannot be read: {error}") from None
    if array.ndim != 1 or array.dtype != np.dtype(dtype):
        raise DamagedGround(folder, f"roads/{name}.npy is {array.dtype}{array.shape}, wanted {dtype} in one dimension")
    return array


def _check_fit(folder: Path, arrays: dict[str, NDArray[Any]], name_count: int, manifest: dict[str, Any]) -> None:
    size = {"n": len(arrays["node_lon"]), "m": len(arrays["arc_tail"])}
    size |= {"m+1": size["m"] + 1, "p": len(arrays["shape_lon"]), "r": len(arrays["turn_from"])}
    for name, (_, rows) in ARRAYS.items():
        if len(arrays[name]) != size[rows]:
            raise DamagedGround(folder, f"roads/{name}.npy has {len(arrays[name])} rows, wanted {size[rows]}")
    for key, rows in (("junctions", "n"), ("arcs", "m")):
        if manifest["counts"].get(key) != size[rows]:
            raise DamagedGround(
                folder, f"ground.json counts {manifest['counts'].get(key)} {key}, the arrays {size[rows]}"
            )
    for name, low, limit in (
        ("arc_tail", 0, size["n"]),
        ("arc_head", 0, size["n"]),
        ("arc_name", 0, name_count),
        ("arc_twin", -1, size["m"]),
        ("turn_from", 0, size["m"]),
        ("turn_to", 0, size["m"]),
    ):
        array = arrays[name]
        if len(array) and (array.min() < low or array.max() >= limit):
            raise DamagedGround(folder, f"roads/{name}.npy points outside [{low}, {limit})")
    start = arrays["shape_start"]
    if start[0] != 0 or start[-1] != size["p"] or (np.diff(start) < 2).any():
        raise DamagedGround(folder, "roads/shape_start.npy does not divide the shape points")
