"""Writes ``search.sqlite``: the entries by number, most important first, and the key blobs and arrays that searches scan.

A key blob is all keys in one text, each after a line feed, in the order of their entries; a search is a ``bytes.find`` over it,
which on a city's few megabytes beats any index for substrings of one or two characters.
"""

from pathlib import Path

import apsw
import numpy as np

from kuaijing.city.ground import RoadArrays
from kuaijing.city.places import PlaceList
from kuaijing.city.search_entries import Crossings, Entry, crossings, place_entries, road_entries
from kuaijing.city.search_keys import compact, house_number, keys_of

VERSION = 1

_SCHEMA = """
create table about (version integer not null);
create table entry (
  id integer primary key, kind text not null, name text not null, name_en text not null, lon real not null, lat real not null,
  detail text not null, detail_en text not null);
create table address (
  road text not null, number text not null, leading integer not null, name text not null, lon real not null, lat real not null,
  primary key (road, number)) without rowid;
create table part (name text primary key, data blob not null) without rowid;
"""


def write_search(path: Path, roads: RoadArrays, names: list[str], found: PlaceList) -> dict[str, int]:
    """Write the search file; returns how many of each kind can be found."""
    road, road_of_arc = road_entries(roads, names, found)
    meeting = crossings(roads, road_of_arc)
    entries = road + place_entries(found)
    order = sorted(range(len(entries)), key=lambda i: (-entries[i].importance, len(entries[i].name), entries[i].name))
    number = np.empty(len(order), np.int32)
    number[order] = np.arange(len(order), dtype=np.int32)
    entries = [entries[i] for i in order]
    a, b = number[meeting.first], number[meeting.second]
    meeting = Crossings(np.minimum(a, b), np.maximum(a, b), meeting.lon, meeting.lat)
    with apsw.Connection(str(path)) as database:
        database.execute(_SCHEMA)
        database.execute("insert into about values (?)", (VERSION,))
        database.executemany(
            "insert into entry values (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (i, entry.kind, entry.name, entry.name_en, entry.lon, entry.lat, entry.detail, entry.detail_en)
                for i, entry in enumerate(entries)
            ),
        )
        addresses = _addresses(found)
        database.executemany("insert or ignore into address values (?, ?, ?, ?, ?, ?)", addresses)
        database.executemany("insert into part values (?, ?)", [*_key_parts(entries), *_array_parts(entries, meeting)])
    database.close()
    return {
        "searchable_roads": len(road),
        "searchable_crossings": len(meeting.first),
        "searchable_places": len(entries) - len(road),
        "searchable_addresses": len({address[:2] for address in addresses}),
    }


def _addresses(found: PlaceList) -> list[tuple[str, str, int, str, float, float]]:
    rows = []
    for address in found.addresses:
        number = house_number(address.number)
        digits = "".join(char if char.isdigit() else " " for char in number).split()
        if number and digits and len(digits[0]) < 9:
            rows.append((compact(address.road), number, int(digits[0]), address.road, address.lon, address.lat))
    return rows


def _key_parts(entries: list[Entry]) -> list[tuple[str, bytes]]:
    """Blobs of written, alias, pinyin and initials keys, and of initials by rarer readings, with the entry of each key."""
    blobs: dict[str, list[str]] = {"written": [], "alias": [], "pinyin": [], "initials": [], "readings": []}
    of: dict[str, list[int]] = {kind: [] for kind in blobs}
    for number, entry in enumerate(entries):
        for key in dict.fromkeys(entry.keys):
            written, spoken = keys_of(key)
            for kind, found in (
                ("written" if key in (entry.name, entry.name_en) else "alias", written),
                ("pinyin", spoken[:1]),
                ("initials", spoken[1:2]),
                ("readings", spoken[2:]),
            ):
                blobs[kind].extend(found)
                of[kind].extend([number] * len(found))
    parts = []
    for kind, keys in blobs.items():
        parts.append((f"{kind}_keys", ("\n" + "\n".join(keys) + "\n").encode()))
        parts.append((f"{kind}_entry", np.array(of[kind], np.int32).tobytes()))
    return parts


def _array_parts(entries: list[Entry], meeting: Crossings) -> list[tuple[str, bytes]]:
    return [
        ("lon", np.array([entry.lon for entry in entries], np.float64).tobytes()),
        ("lat", np.array([entry.lat for entry in entries], np.float64).tobytes()),
        ("importance", np.array([entry.importance for entry in entries], np.float32).tobytes()),
        ("is_road", np.array([entry.kind == "road" for entry in entries], bool).tobytes()),
        ("crossing_first", meeting.first.astype(np.int32).tobytes()),
        ("crossing_second", meeting.second.astype(np.int32).tobytes()),
        ("crossing_lon", meeting.lon.astype(np.float64).tobytes()),
        ("crossing_lat", meeting.lat.astype(np.float64).tobytes()),
    ]
