"""Tracks in other people's forms: GPX 1.1, GeoJSON (RFC 7946), Parquet. Times are UTC.

A line is broken where the unit was silent for five minutes, so that nobody sees a way that nobody drove. Lines of JSON and XML
are made fix by fix and handed out as they come: an export of a month is not held in memory.
"""

import json
import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from kuaijing.measures.instants import Instant, to_datetime
from kuaijing.store.history.stops import pieces_of
from kuaijing.store.history.tracks import Fixes, Track

GPX_TYPE: Final = "application/gpx+xml"
GEOJSON_TYPE: Final = "application/geo+json"
_SCHEMA: Final = "http://www.topografix.com/GPX/1/1"


def gpx_lines(tracks: Iterable[Track]) -> Iterator[str]:
    """One ``trk`` a track, one ``trkseg`` a piece; speed and course as in the Garmin extension that most readers know."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<gpx version="1.1" creator="Kuaijing" xmlns="{_SCHEMA}"'
    yield ' xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v2">\n'
    for track in tracks:
        yield f"<trk><name>{escape(_printable(track.unit))}</name>\n"
        for piece in pieces_of(track):
            yield "<trkseg>\n"
            for row in range(piece.start, piece.stop):
                yield _trkpt(track, row)
            yield "</trkseg>\n"
        yield "</trk>\n"
    yield "</gpx>\n"


def geojson_lines(tracks: Iterable[Track]) -> Iterator[str]:
    """One line feature a piece; ``times``, ``speeds`` and ``headings`` stand beside the coordinates, one each."""
    yield '{"type": "FeatureCollection", "features": ['
    between = "\n"
    for track in tracks:
        for piece in pieces_of(track):
            yield between + json.dumps(_feature(track, piece), ensure_ascii=False, allow_nan=False)
            between = ",\n"
    yield "\n]}\n"


def write_parquet(path: Path, parts: Iterable[Fixes]) -> int:
    """Every fix a row, a row group each ten minutes, zstd; how many. Needs a name that ends as Parquet's do; nothing else does."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema(
        [
            ("unit", pa.dictionary(pa.int32(), pa.string())),
            ("measured_at", pa.timestamp("us", tz="UTC")),
            ("received_at", pa.timestamp("us", tz="UTC")),
            ("lon", pa.float64()),
            ("lat", pa.float64()),
            ("speed_mps", pa.float32()),
            ("heading_deg", pa.float32()),
            ("accuracy_m", pa.float32()),
            ("at_rest", pa.bool_()),
            ("moved", pa.bool_()),
            ("source", pa.dictionary(pa.int32(), pa.string())),
            ("device", pa.dictionary(pa.int32(), pa.string())),
        ]
    )
    written = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for part in parts:
            writer.write_table(pa.table(_arrow_columns(part), schema=schema))
            written += len(part)
    return written


def _arrow_columns(part: Fixes) -> dict[str, Any]:
    import pyarrow as pa

    def named(index: Any, names: Iterable[str]) -> Any:
        return pa.DictionaryArray.from_arrays(pa.array(index, pa.int32()), pa.array(list(names), pa.string()))

    def figures(values: Any) -> Any:
        return pa.array(values, pa.float32(), mask=np.isnan(values))

    return {
        "unit": named(part.unit, part.units),
        "measured_at": pa.array(part.measured, pa.int64()).cast(pa.timestamp("us", tz="UTC")),
        "received_at": pa.array(part.received, pa.int64()).cast(pa.timestamp("us", tz="UTC")),
        "lon": pa.array(part.lon),
        "lat": pa.array(part.lat),
        "speed_mps": figures(part.speed),
        "heading_deg": figures(part.heading),
        "accuracy_m": figures(part.accuracy),
        "at_rest": pa.array(part.at_rest),
        "moved": pa.array(part.moved),
        "source": named(part.origin, (origin.source for origin in part.origins)),
        "device": named(part.origin, (origin.device for origin in part.origins)),
    }


def _trkpt(track: Track, row: int) -> str:
    more = ""
    if not math.isnan(speed := float(track.speed[row])):
        more += f"<gpxtpx:speed>{speed:.2f}</gpxtpx:speed>"
    if not math.isnan(heading := float(track.heading[row])):
        more += f"<gpxtpx:course>{heading:.1f}</gpxtpx:course>"
    if more:
        more = f"<extensions><gpxtpx:TrackPointExtension>{more}</gpxtpx:TrackPointExtension></extensions>"
    place = f"lat={quoteattr(f'{track.lat[row]:.7f}')} lon={quoteattr(f'{track.lon[row]:.7f}')}"
    return f"<trkpt {place}><time>{_time(int(track.measured[row]))}</time>{more}</trkpt>\n"


def _feature(track: Track, piece: slice) -> dict[str, Any]:
    places = [[round(float(x), 7), round(float(y), 7)] for x, y in zip(track.lon[piece], track.lat[piece], strict=True)]
    alone = len(places) == 1
    return {
        "type": "Feature",
        "properties": {
            "unit": track.unit,
            "times": [_time(int(at)) for at in track.measured[piece]],
            "speeds": _figures(track.speed[piece], 2),
            "headings": _figures(track.heading[piece], 1),
        },
        "geometry": {"type": "Point" if alone else "LineString", "coordinates": places[0] if alone else places},
    }


def _figures(values: Any, digits: int) -> list[float | None]:
    return [None if math.isnan(value) else round(value, digits) for value in values.tolist()]


def _time(at: int) -> str:
    moment = to_datetime(Instant(at))
    return moment.strftime("%Y-%m-%dT%H:%M:%S") + (f".{moment.microsecond:06d}" if moment.microsecond else "") + "Z"


def _printable(text: str) -> str:
    """XML 1.0 has no place for control characters."""
    return "".join(letter for letter in text if letter.isprintable())
