"""Rows of a mapped road layer, whatever file they came from, as ``RoadLines``: class, name, direction and speed by the mapping."""

import re
from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kuaijing.city.classes import (
    BRIDGE,
    CLASS_INDEX,
    DEFAULT_ACCESS,
    FOOT,
    LINK,
    ROAD_CLASSES,
    TUNNEL,
    road_class_of_highway,
)
from kuaijing.city.mapping import Mapping
from kuaijing.city.refused import ImportRefused
from kuaijing.city.road_lines import NameList, RoadLines

_MPS = {"km/h": 1 / 3.6, "mph": 0.44704, "m/s": 1.0}
_FALSE = frozenset({"", "0", "0.0", "no", "false", "f", "n", "none", "nan"})

Column = NDArray[Any]


def text_of(value: Any) -> str:
    """A cell as text: nothing for null, whole numbers without ``.0``."""
    if value is None or (isinstance(value, float | np.floating) and np.isnan(value)):
        return ""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value).strip()


def column_of(name: str | None, rows: dict[str, Column], what: str) -> Column | None:
    """The column, ``None`` where the mapping names none. Raises ``ImportRefused`` where the layer has it not."""
    if name is None:
        return None
    if name not in rows:
        raise ImportRefused(
            f"the layer has no column {name!r} (for {what}); its columns are {', '.join(map(str, rows))}"
        )
    return rows[name]


def mapped_lines(
    mapping: Mapping,
    rows: dict[str, Column],
    start: NDArray[np.int64],
    node: NDArray[np.int64],
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    speed: NDArray[np.float32] | None,
    dropped: Counter[str],
) -> RoadLines:
    """``RoadLines`` of lines with one row of ``rows`` each; ``speed`` (m/s) overrides the speed column."""
    names, columns = NameList(), mapping.columns
    cells = {
        key: column_of(getattr(columns, field), rows, key)
        for key, field in (("id", "id"), ("class", "road_class"), ("name", "name"), ("maxspeed", "maxspeed"))
    }
    count = len(start) - 1
    name_text = [text_of(cell) for cell in cells["name"]] if cells["name"] is not None else [""] * count
    if speed is None:
        speed = _speeds(cells["maxspeed"], mapping, count)
    road_class, link, named = _classes(mapping, cells["class"], name_text, speed, dropped)
    access = np.array([DEFAULT_ACCESS[name] for name in ROAD_CLASSES], np.uint8)[road_class]
    forward, backward = _directions(mapping, column_of(columns.oneway, rows, "oneway"), access)
    flags = np.where(link, LINK, 0).astype(np.uint8)
    for name, bit in ((columns.bridge, BRIDGE), (columns.tunnel, TUNNEL)):
        column = column_of(name, rows, "bridge or tunnel")
        if column is not None:
            flags[[text_of(cell).lower() not in _FALSE for cell in column]] |= bit
    layer = column_of(columns.layer, rows, "layer")
    return RoadLines(
        start=start,
        node=node,
        lon=lon,
        lat=lat,
        road_class=road_class,
        name=np.array(
            [names.number_of(text if ok else "") for text, ok in zip(name_text, named, strict=True)], np.int32
        ),
        forward=forward,
        backward=backward,
        speed_forward=speed,
        speed_backward=speed,
        flags=flags,
        layer=_numbers(layer, "layer", count, np.int8) if layer is not None else np.zeros(count, np.int8),
        source=_numbers(cells["id"], "id", count, np.int64),
        names=names.names,
        dropped=dict(dropped),
        directed_twins=mapping.directed,
    )


def _numbers(column: Column | None, what: str, count: int, dtype: Any) -> NDArray[Any]:
    if column is None:
        return np.arange(count).astype(dtype)
    try:
        return np.array([float(text_of(cell) or 0) for cell in column]).astype(dtype)
    except ValueError as error:
        raise ImportRefused(f"column for {what}: {error}; name a column of numbers or leave it out") from None


def _speeds(column: Column | None, mapping: Mapping, count: int) -> NDArray[np.float32]:
    if column is None:
        return np.full(count, np.nan, np.float32)
    speed = _numbers(column, "maxspeed", count, np.float64) * _MPS[mapping.speed_unit]
    return np.where((speed >= 0.5) & (speed <= 90), speed, np.nan).astype(np.float32)


def _directions(
    mapping: Mapping, oneway: Column | None, access: NDArray[np.uint8]
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Access along and against; on foot one may walk against a one-way street."""
    if mapping.directed:
        return access, np.zeros_like(access)
    if oneway is None or mapping.oneway is None:
        return access, access.copy()
    text = np.array([text_of(cell) for cell in oneway])
    along = np.isin(text, [*mapping.oneway.forward, *mapping.oneway.both])
    against = np.isin(text, [*mapping.oneway.backward, *mapping.oneway.both])
    unknown = sorted(set(text[~along & ~against].tolist()))
    if unknown:
        found = ", ".join(map(repr, unknown[:5]))
        raise ImportRefused(
            f"column {mapping.columns.oneway!r} holds {found}, which the mapping's oneway values do not name; add them"
        )
    on_foot = access & FOOT
    return np.where(along, access, on_foot), np.where(against, access, on_foot)


def _classes(
    mapping: Mapping,
    column: Column | None,
    names: list[str],
    speed: NDArray[np.float32],
    dropped: Counter[str],
) -> tuple[NDArray[np.uint8], NDArray[np.bool_], NDArray[np.bool_]]:
    """Class index, whether a slip road, and whether its name is a name, per line: by column, else name, else speed, else default."""
    count = len(names)
    road_class, link, named = np.full(count, 255, np.uint8), np.zeros(count, bool), np.ones(count, bool)
    unknown: Counter[str] = Counter()
    if column is not None:
        known: dict[str, tuple[str, bool] | None] = {}
        for i, cell in enumerate(column):
            text = text_of(cell)
            if text not in known:
                listed = mapping.classes.get(text)
                known[text] = (listed, False) if listed else road_class_of_highway(text)
            kind = known[text]
            if kind is None:
                unknown[text] += 1
            else:
                road_class[i], link[i] = CLASS_INDEX[kind[0]], kind[1]
    rules = [(re.compile(rule.pattern), rule) for rule in mapping.class_by_name]
    for i in np.flatnonzero(road_class == 255).tolist() if rules else []:
        for pattern, rule in rules:
            if pattern.search(names[i]):
                road_class[i], link[i], named[i] = CLASS_INDEX[rule.road_class], rule.link, not rule.unnamed
                break
    for step in sorted(mapping.class_by_speed, key=lambda step: -step.at_least_kmh):
        road_class[(road_class == 255) & (speed >= step.at_least_kmh / 3.6)] = CLASS_INDEX[step.road_class]
    left = road_class == 255
    if left.any() and mapping.default_class is None:
        values = ", ".join(f"{value!r} ({n}x)" for value, n in unknown.most_common(5)) or "no class"
        raise ImportRefused(
            f"{int(left.sum())} lines have no road class: {values}; add them to classes, or a default_class"
        )
    if left.any() and mapping.default_class is not None:
        road_class[left] = CLASS_INDEX[mapping.default_class]
        dropped["lines_given_the_default_class"] += int(left.sum())
    return road_class, link, named
