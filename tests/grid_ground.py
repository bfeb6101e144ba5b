"""A small ground for tests: a rectangular grid of two-way streets (or what a test makes of it), built in memory."""

from pathlib import Path

import numpy as np

from kuaijing.city.classes import ALL, CLASS_INDEX
from kuaijing.city.ground import Ground

M_PER_DEG = 111_195.0


def ground_of(
    nodes: list[tuple[float, float]],
    arcs: list[tuple[int, int]],
    *,
    origin: tuple[float, float] = (112.0, 27.0),
    names: list[str] | None = None,
    arc_names: list[int] | None = None,
    layers: list[int] | None = None,
    flags: list[int] | None = None,
    timezone: str = "Asia/Shanghai",
) -> Ground:
    """Ground of junctions given in metres east and north of ``origin``, and straight directed arcs between them."""
    order = sorted(range(len(arcs)), key=lambda i: (arcs[i][0], i))
    ordered = [arcs[i] for i in order]
    xy = np.array(nodes, dtype=np.float64)
    lon = origin[0] + xy[:, 0] / (M_PER_DEG * np.cos(np.radians(origin[1])))
    lat = origin[1] + xy[:, 1] / M_PER_DEG
    tail = np.array([a for a, _ in ordered], dtype=np.int32)
    head = np.array([b for _, b in ordered], dtype=np.int32)
    index = {pair: i for i, pair in enumerate(ordered)}
    twin = np.array([index.get((b, a), -1) for a, b in ordered], dtype=np.int32)
    street = np.full(len(ordered), -1, dtype=np.int32)
    for i in range(len(ordered)):
        if street[i] < 0:
            street[i] = street.max() + 1
            if twin[i] >= 0:
                street[twin[i]] = street[i]

    def given(values: list[int] | None, dtype: str) -> np.ndarray:
        return np.array([values[i] for i in order] if values else np.zeros(len(order)), dtype=dtype)

    count = len(ordered)
    return Ground(
        node_lon=lon,
        node_lat=lat,
        arc_tail=tail,
        arc_head=head,
        arc_length_m=np.hypot(*(xy[tail] - xy[head]).T).astype(np.float32),
        arc_class=np.full(count, CLASS_INDEX["residential"], dtype=np.uint8),
        arc_name=given(arc_names, "int32"),
        arc_access=np.full(count, ALL, dtype=np.uint8),
        arc_maxspeed=np.full(count, np.nan, dtype=np.float32),
        arc_flags=given(flags, "uint8"),
        arc_layer=given(layers, "int8"),
        arc_street=street,
        arc_twin=twin,
        arc_source=np.arange(count, dtype=np.int64),
        shape_start=np.arange(0, 2 * count + 1, 2, dtype=np.int64),
        shape_lon=np.column_stack([lon[tail], lon[head]]).ravel(),
        shape_lat=np.column_stack([lat[tail], lat[head]]).ravel(),
        turn_from=np.zeros(0, dtype=np.int32),
        turn_to=np.zeros(0, dtype=np.int32),
        turn_access=np.zeros(0, dtype=np.uint8),
        signal_node=np.zeros(len(nodes), dtype=np.bool_),
        folder=Path("nowhere"),
        manifest={"name": "试验市"},
        name="试验市",
        names=names or [""],
        hash="0" * 64,
        bbox=(float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())),
        timezone=timezone,
        fictional=True,
    )


def grid_ground(columns: int, rows: int, step_m: float = 300.0) -> Ground:
    """A grid of two-way streets; row ``r`` is named ``东西R路``, column ``c`` ``南北C路``."""
    nodes = [(c * step_m, r * step_m) for r in range(rows) for c in range(columns)]
    names = ["", *(f"东西{r}路" for r in range(rows)), *(f"南北{c}路" for c in range(columns))]
    arcs, arc_names = [], []
    for r in range(rows):
        for c in range(columns):
            here = r * columns + c
            if c + 1 < columns:
                arcs += [(here, here + 1), (here + 1, here)]
                arc_names += [1 + r] * 2
            if r + 1 < rows:
                arcs += [(here, here + columns), (here + columns, here)]
                arc_names += [1 + rows + c] * 2
    return ground_of(nodes, arcs, names=names, arc_names=arc_names)
