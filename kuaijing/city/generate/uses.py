"""What each block is used for: estates, old houses, shops, schools, parks, fields; and how many people live there."""

import numpy as np
import shapely
from numpy.typing import NDArray

from kuaijing.city.generate.blocks import Blocks
from kuaijing.city.generate.form import FloatArray, Form
from kuaijing.city.generate.kinds import Use, Zone

_MIX: dict[Zone, dict[Use, float]] = {
    Zone.OLD: {Use.OLD_HOUSES: 0.78, Use.COMMERCE: 0.14, Use.SCHOOL: 0.03, Use.MARKET: 0.025, Use.PARK: 0.025},
    Zone.CENTRE: {
        Use.ESTATE: 0.46,
        Use.COMMERCE: 0.22,
        Use.OFFICES: 0.13,
        Use.SCHOOL: 0.06,
        Use.PARK: 0.05,
        Use.MALL: 0.04,
        Use.HOSPITAL: 0.02,
        Use.MARKET: 0.02,
    },
    Zone.URBAN: {
        Use.ESTATE: 0.66,
        Use.COMMERCE: 0.09,
        Use.SCHOOL: 0.07,
        Use.PARK: 0.06,
        Use.INDUSTRY: 0.05,
        Use.OFFICES: 0.03,
        Use.MARKET: 0.02,
        Use.HOSPITAL: 0.012,
        Use.MALL: 0.008,
    },
    Zone.EDGE: {Use.ESTATE: 0.34, Use.INDUSTRY: 0.26, Use.FIELDS: 0.26, Use.WOOD: 0.09, Use.SCHOOL: 0.05},
    Zone.RURAL: {Use.FIELDS: 0.76, Use.WOOD: 0.24},
    Zone.VILLAGE: {Use.VILLAGE: 1.0},
}

PEOPLE_PER_HA = {
    Use.ESTATE: 250.0,
    Use.OLD_HOUSES: 300.0,
    Use.COMMERCE: 120.0,
    Use.OFFICES: 25.0,
    Use.VILLAGE: 62.0,
    Use.INDUSTRY: 12.0,
    Use.FIELDS: 0.8,
}
"""Residents per hectare of block; other uses have none."""


def choose_uses(form: Form, blocks: Blocks, river: shapely.Geometry, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw the use of every block; some places there must be once whatever the dice say."""
    use = np.zeros(len(blocks.rings), np.int64)
    luck = rng.random(len(use))
    for zone, mix in _MIX.items():
        rows = np.flatnonzero(blocks.zone == zone)
        bounds = np.cumsum(list(mix.values())) / sum(mix.values())
        chosen = np.searchsorted(bounds, luck[rows], side="right").clip(max=len(mix) - 1)
        use[rows] = np.array([int(u) for u in mix])[chosen]
    use = _industry_together(form, blocks, use)
    use = _small_blocks_first(blocks, use)
    points = shapely.points(blocks.centre)
    riverside = (shapely.distance(river, points) < 190) & (blocks.density > 0.2) & (rng.random(len(use)) < 0.42)
    use[riverside & (blocks.area < 12e4)] = Use.PARK
    return _must_have(form, blocks, use)


def _industry_together(form: Form, blocks: Blocks, use: NDArray[np.int64]) -> NDArray[np.int64]:
    """Works stand together down the river; elsewhere the block is an estate after all."""
    heart = form.centre()
    angle = np.arctan2(blocks.centre[:, 1] - heart[1], blocks.centre[:, 0] - heart[0])
    sector = np.cos(angle - form.phases[16]) > 0.55
    outer = blocks.density < 0.5
    changed = use.copy()
    changed[(use == Use.INDUSTRY) & ~(sector & outer)] = Use.ESTATE
    works = (use == Use.ESTATE) & sector & outer & (blocks.density > 0.12)
    changed[works & (np.arange(len(use)) % 5 < 3)] = Use.INDUSTRY
    return changed


def _small_blocks_first(blocks: Blocks, use: NDArray[np.int64]) -> NDArray[np.int64]:
    """A market, a mall or a square does not fill a block of twelve hectares; a school needs room."""
    changed = use.copy()
    changed[(use == Use.MARKET) & (blocks.area > 4.5e4)] = Use.ESTATE
    changed[(use == Use.MALL) & (blocks.area > 6.5e4)] = Use.ESTATE
    changed[(use == Use.SCHOOL) & (blocks.area < 1.1e4)] = Use.COMMERCE
    changed[(use == Use.SCHOOL) & (blocks.area > 12e4)] = Use.ESTATE
    changed[(use == Use.HOSPITAL) & ((blocks.area > 9e4) | (blocks.area < 1.6e4))] = Use.ESTATE
    changed[(use == Use.COMMERCE) & (blocks.area > 7e4)] = Use.ESTATE
    return changed


def _must_have(form: Form, blocks: Blocks, use: NDArray[np.int64]) -> NDArray[np.int64]:
    """Drum tower square, station with its square, people's square, hospital, market, mall, park: at least one each."""
    taken = np.zeros(len(use), bool)
    heart = form.centre()
    from_heart = np.hypot(*(blocks.centre - heart).T)

    def place(what: Use, score: FloatArray, low: float, high: float) -> int:
        fits = (blocks.area > low) & (blocks.area < high) & ~taken & (blocks.zone != Zone.RURAL)
        if not fits.any():
            fits = ~taken
        row = int(np.flatnonzero(fits)[np.argmin(score[fits])])
        use[row], taken[row] = what, True
        return row

    place(Use.SQUARE, from_heart, 3e3, 2.0e4)
    x, y = form.bend(np.array([0.0]), np.array([0.62 * form.urban_radius]))
    station = place(Use.STATION, np.hypot(blocks.centre[:, 0] - x, blocks.centre[:, 1] - y), 2.5e4, 9e4)
    off = blocks.centre - blocks.centre[station]
    place(Use.SQUARE, np.hypot(off[:, 0], off[:, 1]) + 0.5 * from_heart, 6e3, 6e4)
    east = heart + np.array([0.3, 0.1]) * form.urban_radius
    place(Use.SQUARE, np.hypot(*(blocks.centre - east).T), 1.0e4, 6e4)
    for what, count in ((Use.HOSPITAL, 3), (Use.MARKET, 3), (Use.MALL, 3), (Use.PARK, 3), (Use.SCHOOL, 6)):
        have = int((use == what).sum())
        wanted = max(1, min(count, round(count * form.area_km2 / 52)))
        for turn in range(max(0, wanted - have)):
            angle = 2.4 * (turn + int(what))
            spot = heart + 0.35 * form.urban_radius * np.array([np.cos(angle), np.sin(angle)])
            place(what, np.hypot(*(blocks.centre - spot).T), 1e4, 9e4)
    return use


def residents(blocks: Blocks, use: NDArray[np.int64]) -> FloatArray:
    """People living in each block."""
    per_ha = np.array([PEOPLE_PER_HA.get(Use(u), 0.0) for u in range(len(Use))])
    storeys = np.interp(blocks.density, [0.1, 0.6, 1.0], [0.55, 1.0, 1.25])
    people: FloatArray = per_ha[use] * storeys * blocks.area / 1e4
    return people
