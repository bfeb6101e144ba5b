"""Roads as a source gives them, before there is a graph: lines of identified points, with what holds along each line.

Every reader (OpenStreetMap, road layers, node and arc tables) ends here; ``city.junctions`` begins here. Two lines meet
where they share a point identity, never because their coordinates happen to cross.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Restriction:
    """A turn restriction as a source states it. ``via`` is a point identity; ``only`` forbids every other turn."""

    from_source: int
    via: int
    to_source: int
    turn: str
    only: bool
    access: int


@dataclass(frozen=True, slots=True, eq=False)
class RoadLines:
    """``w`` lines of together ``p`` points. Line ``i`` is points ``start[i]:start[i+1]``.

    ``node`` (p,) identifies points; ``forward`` and ``backward`` (w,) are access bits along and against the line; speeds
    are m/s, NaN where not signed. ``directed_twins`` says that a two-way road is two lines, one each way.
    """

    start: NDArray[np.int64]
    node: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    road_class: NDArray[np.uint8]
    name: NDArray[np.int32]
    forward: NDArray[np.uint8]
    backward: NDArray[np.uint8]
    speed_forward: NDArray[np.float32]
    speed_backward: NDArray[np.float32]
    flags: NDArray[np.uint8]
    layer: NDArray[np.int8]
    source: NDArray[np.int64]
    names: list[str]
    restrictions: list[Restriction] = field(default_factory=list)
    signals: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    barriers: dict[int, int] = field(default_factory=dict)
    dropped: dict[str, int] = field(default_factory=dict)
    directed_twins: bool = False

    def __len__(self) -> int:
        return len(self.start) - 1


class NameList:
    """Road names numbered in order of first use; 0 is the empty name."""

    def __init__(self) -> None:
        self.names = [""]
        self._number = {"": 0}

    def number_of(self, name: str) -> int:
        """Number of ``name``, given a new one at first use."""
        number = self._number.get(name)
        if number is None:
            number = self._number[name] = len(self.names)
            self.names.append(name)
        return number


class LineCollector:
    """Gathers lines one by one and hands them over as arrays. Lines with fewer than two points are not taken."""

    def __init__(self) -> None:
        self.names = NameList()
        self._start = [0]
        self._node: list[int] = []
        self._lon: list[float] = []
        self._lat: list[float] = []
        self._rows: list[tuple[int, int, int, int, float, float, int, int, int]] = []

    def add(
        self,
        points: list[tuple[int, float, float]],
        *,
        road_class: int,
        name: str,
        access: tuple[int, int],
        speed: tuple[float, float],
        flags: int,
        layer: int,
        source: int,
    ) -> None:
        """Add a line of ``(identity, lon, lat)`` points; ``access`` and ``speed`` are (along, against)."""
        for node, lon, lat in points:
            self._node.append(node)
            self._lon.append(lon)
            self._lat.append(lat)
        self._start.append(len(self._node))
        self._rows.append((road_class, self.names.number_of(name), *access, *speed, flags, layer, source))

    def lines(
        self,
        restrictions: list[Restriction],
        signals: list[int],
        barriers: dict[int, int],
        dropped: dict[str, int],
    ) -> RoadLines:
        """Everything gathered, as arrays."""
        columns = list(zip(*self._rows, strict=True)) if self._rows else [()] * 9
        return RoadLines(
            start=np.array(self._start, np.int64),
            node=np.array(self._node, np.int64),
            lon=np.array(self._lon, np.float64),
            lat=np.array(self._lat, np.float64),
            road_class=np.array(columns[0], np.uint8),
            name=np.array(columns[1], np.int32),
            forward=np.array(columns[2], np.uint8),
            backward=np.array(columns[3], np.uint8),
            speed_forward=np.array(columns[4], np.float32),
            speed_backward=np.array(columns[5], np.float32),
            flags=np.array(columns[6], np.uint8),
            layer=np.array(columns[7], np.int8),
            source=np.array(columns[8], np.int64),
            names=self.names.names,
            restrictions=restrictions,
            signals=np.array(sorted(signals), np.int64),
            barriers=barriers,
            dropped=dropped,
        )
