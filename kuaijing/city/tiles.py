"""Vector tiles of a city's base map, straight from the mapped PMTiles file.

Tiles are handed out as they are stored: Mapbox vector tiles, gzip-compressed; the web room says so in ``Content-Encoding``.
Any number of threads may read at once: the mapping is never written and directories are cached as whole values.
"""

import gzip
import json
import mmap
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pmtiles.tile import Compression, Entry, deserialize_directory, deserialize_header, find_tile, zxy_to_tileid

from kuaijing.city.ground import DamagedGround, Ground


class Tiles:
    """The tiles of one city."""

    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self._header: Mapping[str, Any] = deserialize_header(data[:127])
        self._directory = lru_cache(maxsize=256)(self._read_directory)

    @property
    def min_zoom(self) -> int:
        """First zoom with tiles."""
        return int(self._header["min_zoom"])

    @property
    def max_zoom(self) -> int:
        """Last zoom with tiles; the screens magnify beyond it."""
        return int(self._header["max_zoom"])

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """Gzip-compressed vector tile, ``None`` where there is nothing to draw or no such tile."""
        if not (0 <= z <= self.max_zoom and 0 <= x < 2**z and 0 <= y < 2**z):
            return None
        tile_id = zxy_to_tileid(z, x, y)
        offset, length = self._header["root_offset"], self._header["root_length"]
        for _ in range(4):
            found = find_tile(self._directory(offset, length), tile_id)
            if found is None:
                return None
            if found.run_length:
                start = self._header["tile_data_offset"] + found.offset
                return self._data[start : start + found.length]
            offset, length = self._header["leaf_directory_offset"] + found.offset, found.length
        return None

    def tilejson(self, url: str) -> dict[str, Any]:
        """TileJSON 3.0 with tiles at ``url`` (which holds ``{z}``, ``{x}`` and ``{y}``)."""
        header, metadata = self._header, self.metadata()
        corners = ("min_lon_e7", "min_lat_e7", "max_lon_e7", "max_lat_e7")
        return {
            "tilejson": "3.0.0",
            "name": metadata.get("name", ""),
            "attribution": metadata.get("attribution", ""),
            "tiles": [url],
            "minzoom": self.min_zoom,
            "maxzoom": self.max_zoom,
            "bounds": [header[corner] / 1e7 for corner in corners],
            "vector_layers": metadata.get("vector_layers", []),
        }

    def metadata(self) -> dict[str, Any]:
        """What the file says of itself."""
        start = self._header["metadata_offset"]
        data = self._data[start : start + self._header["metadata_length"]]
        if self._header["internal_compression"] == Compression.GZIP:
            data = gzip.decompress(data)
        metadata: dict[str, Any] = json.loads(data)
        return metadata

    def _read_directory(self, offset: int, length: int) -> list[Entry]:
        entries: list[Entry] = deserialize_directory(self._data[offset : offset + length])
        return entries


def open_tiles(ground: Ground) -> Tiles:
    """The base map of an opened city. Raises ``DamagedGround`` where it is missing or cut off."""
    path = ground.folder / "base.pmtiles"
    try:
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        tiles = Tiles(data)
        header = tiles._header
        if header["tile_data_offset"] + header["tile_data_length"] > len(data):
            raise ValueError(f"{len(data)} bytes, its header states more")
        tiles.metadata()
    except FileNotFoundError:
        raise DamagedGround(ground.folder, "base.pmtiles is missing") from None
    except Exception as error:  # the reader raises bare Exception for a wrong magic number
        raise DamagedGround(ground.folder, f"base.pmtiles cannot be read: {error}") from None
    return tiles
