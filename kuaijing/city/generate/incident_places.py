"""Where incidents of each class of place can fall in a drawn city, and its hot spots."""

import numpy as np
import shapely
from numpy.typing import NDArray

from kuaijing.city.generate.drawing import Drawing
from kuaijing.city.generate.form import FloatArray
from kuaijing.city.generate.history import Ground, HotSpot
from kuaijing.city.generate.kinds import Street, Use, Zone
from kuaijing.city.generate.mesh import edge_of

_TRADE = {Use.COMMERCE: 9.0, Use.MALL: 22.0, Use.MARKET: 20.0, Use.STATION: 14.0, Use.SQUARE: 8.0, Use.OLD_HOUSES: 3.0}
_TRADE |= {Use.ESTATE: 1.0, Use.HOSPITAL: 4.0, Use.OFFICES: 2.0, Use.SCHOOL: 1.0, Use.VILLAGE: 0.3}
_NIGHT = {Use.COMMERCE: 10.0, Use.OLD_HOUSES: 3.0, Use.MALL: 7.0, Use.SQUARE: 4.0, Use.ESTATE: 0.6, Use.MARKET: 3.0}
_NIGHT |= {Use.STATION: 3.0, Use.VILLAGE: 0.2, Use.INDUSTRY: 0.2}
_WORK = {Use.INDUSTRY: 3.0, Use.OFFICES: 6.0, Use.COMMERCE: 3.0, Use.ESTATE: 0.4, Use.VILLAGE: 0.2}
_ROAD = {Street.RING: 7.0, Street.AVENUE: 8.0, Street.ARTERIAL: 6.0, Street.COLLECTOR: 3.0, Street.LOCAL: 1.0}
_ROAD |= {Street.COUNTRY: 0.8}


def incident_ground(drawing: Drawing) -> Ground:
    """Candidate points along every lot's street sides, weighted by what the block is."""
    xy, block, street, length = _sides(drawing)
    use = drawing.use[block]
    density = drawing.blocks.density[block]
    per_block = np.bincount(block, length, len(drawing.use))
    home = drawing.people[block] * length / per_block[block]
    near_water = shapely.distance(drawing.skeleton.river, shapely.points(xy)) < 160

    def by_use(table: dict[Use, float]) -> FloatArray:
        factor = np.array([table.get(Use(u), 0.0) for u in range(len(Use))])
        weight: FloatArray = factor[use] * length * (0.3 + density)
        return weight + 1e-9

    road = np.array([_ROAD.get(Street(s), 0.05) if s else 0.05 for s in range(12)])[street] * length * (0.25 + density)
    weights = {
        "home": home + 1e-9,
        "trade": by_use(_TRADE),
        "night": by_use(_NIGHT),
        "work": by_use(_WORK),
        "hospital": by_use({Use.HOSPITAL: 1.0}),
        "road": road,
        "water": np.where(near_water, length * (0.2 + density), 1e-9),
    }
    return Ground(xy, block, weights, _hot_spots(drawing))


def _sides(drawing: Drawing) -> tuple[FloatArray, NDArray[np.int64], NDArray[np.int64], FloatArray]:
    """Middle of every street side of every lot (drawn 5 m in), its block, the street's standing, its length."""
    mesh = drawing.mesh
    rows: list[tuple[int, int, int, int]] = []
    for ring, block in zip(drawing.lots.rings, drawing.lots.block.tolist(), strict=True):
        full = mesh.expand(ring)
        for a, b in zip(full, full[1:] + full[:1], strict=True):
            street = mesh.street.get(edge_of(a, b))
            if street is not None and street != Street.BORDER:
                rows.append((a, b, block, int(street)))
    table = np.array(rows)
    points = mesh.coordinates()
    start, end = points[table[:, 0]], points[table[:, 1]]
    step = end - start
    length = np.hypot(step[:, 0], step[:, 1])
    inward = np.column_stack([-step[:, 1], step[:, 0]]) / np.maximum(length, 1e-9)[:, None]
    return (start + end) / 2 + 5.0 * inward, table[:, 2], table[:, 3], length


def _hot_spots(drawing: Drawing) -> list[HotSpot]:
    spots: list[HotSpot] = []
    heart = drawing.form.centre()
    centre, use, zone = drawing.blocks.centre, drawing.use, drawing.blocks.zone
    from_heart = np.hypot(*(centre - heart).T)

    def nearest(wanted: NDArray[np.bool_], order: int) -> FloatArray:
        rows = np.flatnonzero(wanted)
        rows = rows if len(rows) else np.arange(len(use))
        row = rows[np.argsort(from_heart[rows], kind="stable")[min(order, len(rows) - 1)]]
        return np.asarray(centre[row])

    def add(name: str, wanted: NDArray[np.bool_], order: int, spread: float, places: str, share: float) -> None:
        x, y = nearest(wanted, order)
        spots.append(HotSpot(name, float(x), float(y), spread, places, share))

    old_shops = (use == Use.COMMERCE) & (zone == Zone.OLD)
    add("station square", use == Use.STATION, 0, 95.0, "trade", 0.09)
    add("central mall", use == Use.MALL, 0, 80.0, "trade", 0.07)
    add("wet market", use == Use.MARKET, 0, 60.0, "trade", 0.05)
    add("second market", use == Use.MARKET, 2, 60.0, "trade", 0.03)
    add("bar street", old_shops, 2, 70.0, "night", 0.15)
    add("night market", use == Use.COMMERCE, 8, 90.0, "night", 0.10)
    add("karaoke row", use == Use.MALL, 1, 70.0, "night", 0.07)
    add("crowded estate", use == Use.ESTATE, 30, 120.0, "home", 0.025)
    add("old quarter", use == Use.OLD_HOUSES, 6, 110.0, "home", 0.03)
    add("hospital gate", use == Use.HOSPITAL, 0, 50.0, "hospital", 0.5)
    for name, order, share in (
        ("first crossing", 0, 0.04),
        ("second crossing", 9, 0.03),
        ("third crossing", 25, 0.025),
    ):
        spot = _crossing(drawing, order)
        spots.append(HotSpot(name, spot[0], spot[1], 45.0, "road", share))
    return spots


def _crossing(drawing: Drawing, order: int) -> tuple[float, float]:
    """The crossing of great streets that is the ``order``-th from the heart."""
    meeting: dict[int, int] = {}
    for (a, b), street in drawing.mesh.street.items():
        if street <= Street.ARTERIAL:
            meeting[a] = meeting.get(a, 0) + 1
            meeting[b] = meeting.get(b, 0) + 1
    rows = np.array(sorted(v for v, count in meeting.items() if count >= 3) or sorted(meeting))
    xy = drawing.mesh.coordinates()[rows]
    gap = np.hypot(*(xy - drawing.form.centre()).T)
    x, y = xy[np.argsort(gap, kind="stable")[min(order, len(rows) - 1)]]
    return float(x), float(y)
