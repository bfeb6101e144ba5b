"""House numbers: every building near a named street has one on it, odd on the left and even on the right."""

from collections import defaultdict

import numpy as np
import shapely

from kuaijing.city.generate.drawing import Drawing
from kuaijing.city.generate.form import FloatArray
from kuaijing.city.generate.kinds import Street
from kuaijing.city.generate.places import CITY_NAME

_NEAR = 46.0
_FRONT = 8.0


class Numbering:
    """Gives addresses; two places never get the same one."""

    def __init__(self, drawing: Drawing) -> None:
        xy = drawing.mesh.coordinates()
        offset: defaultdict[str, float] = defaultdict(float)
        starts, ends, self._name, at = [], [], [], []
        for road in drawing.roads:
            if not road.name or road.bridge or road.street > Street.NARROW:
                continue
            line = xy[road.nodes]
            length = np.hypot(*np.diff(line, axis=0).T)
            starts.append(line[:-1])
            ends.append(line[1:])
            at.append(offset[road.name] + np.concatenate([[0.0], np.cumsum(length)[:-1]]))
            self._name.extend([road.name] * len(length))
            offset[road.name] += float(length.sum())
        self._start, self._end, self._at = np.concatenate(starts), np.concatenate(ends), np.concatenate(at)
        self._tree = shapely.STRtree(np.asarray(shapely.linestrings(np.stack([self._start, self._end], axis=1))))
        self._taken: set[tuple[str, int]] = set()

    def number(self, xy: FloatArray) -> list[dict[str, str]]:
        """Address tags of places (n, 2); empty where no named street is near or the number is taken."""
        rows, edges = self._tree.query_nearest(shapely.points(xy), max_distance=_NEAR, all_matches=False)
        step = self._end[edges] - self._start[edges]
        off = xy[rows] - self._start[edges]
        length = np.hypot(step[:, 0], step[:, 1])
        along = (off * step).sum(axis=1) / np.maximum(length, 1e-9)
        left = step[:, 0] * off[:, 1] - step[:, 1] * off[:, 0] > 0
        house = 2 * np.floor((self._at[edges] + np.clip(along, 0, length)) / _FRONT).astype(int) + np.where(left, 1, 2)
        tags: list[dict[str, str]] = [{} for _ in range(len(xy))]
        for row, edge, number in zip(rows.tolist(), edges.tolist(), house.tolist(), strict=True):
            name = self._name[edge]
            if (name, number) not in self._taken:
                self._taken.add((name, number))
                tags[row] = {"addr:city": CITY_NAME, "addr:street": name, "addr:housenumber": f"{number}号"}
        return tags
