"""The lie of the land: outline, river, old town, how density falls outwards, where villages and towns are.

Everything is in local metres (x east, y north) about an anchor in central China. Streets are first laid out in a calm
grid space (u along the river, v across it) and bent into the landscape by ``Form.bend``. Knows nothing of streets.
"""

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

FloatArray = NDArray[np.float64]

ANCHOR_LON, ANCHOR_LAT = 112.043, 28.517
"""Where the drum tower of Qinglan stands: plausible inland hills and rivers, and no real city."""

METRES_PER_LAT_DEG = 110_800.0
METRES_PER_LON_DEG = 111_320.0 * float(np.cos(np.radians(ANCHOR_LAT)))

DEMO_RADIUS = 4_068.0
"""Radius in metres of the 52 km² demo city, from which the others are scaled."""


@dataclass(frozen=True)
class Form:
    """The shape of one city; all fields follow from the seed and the area."""

    seed: int
    area_km2: float
    radius: float
    urban_radius: float
    old_radius: float
    river_half_width: float
    rotation: float
    phases: FloatArray
    outline: shapely.Polygon
    villages: FloatArray
    village_radius: FloatArray
    towns: FloatArray
    town_radius: FloatArray

    def river_offset(self, u: FloatArray) -> FloatArray:
        """How far the river swings from the straight, in metres, at distance ``u`` along it."""
        p, r = self.phases, self.radius
        short = 3_900.0 + 600.0 * np.sin(p[1])
        swing: FloatArray = 0.12 * r * np.sin(2 * np.pi * u / (1.75 * r) + p[0])
        swing += min(150.0, 0.05 * r) * np.sin(2 * np.pi * u / short + p[2])
        return swing

    def half_width(self, u: FloatArray) -> FloatArray:
        """Half the width of the river in metres."""
        width: FloatArray = self.river_half_width * (1 + 0.22 * np.sin(2 * np.pi * u / 3_300.0 + self.phases[3]))
        return width

    def bend(self, u: FloatArray, v: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Grid space to local metres: streets near the river follow it, the rest sways gently."""
        p, r = self.phases, self.radius
        calm = 1 - np.exp(-((v / (0.35 * r)) ** 2))
        x = u + 85.0 * np.sin(2 * np.pi * v / 3_100.0 + p[4]) + 0.035 * r * np.sin(2 * np.pi * v / (1.9 * r) + p[5])
        y = v + self.river_offset(u) * np.exp(-((v / (0.85 * r)) ** 2))
        y = y + calm * (95.0 * np.sin(2 * np.pi * u / 3_700.0 + p[6]) + 45.0 * np.sin(2 * np.pi * u / 1_900.0 + p[7]))
        near = np.exp(-((np.hypot(u, v - self.old_radius) / (1.3 * self.old_radius)) ** 2))
        x = x + near * 26.0 * np.sin(2 * np.pi * v / 520.0 + p[8])
        y = y + near * 24.0 * np.sin(2 * np.pi * u / 460.0 + p[9]) * (1 - np.exp(-((v / 260.0) ** 2)))
        cos, sin = np.cos(self.rotation), np.sin(self.rotation)
        return cos * x - sin * y, sin * x + cos * y

    def centre(self) -> FloatArray:
        """The heart of the old town in local metres."""
        x, y = self.bend(np.array([0.0]), np.array([self.old_radius * 0.9]))
        return np.array([x[0], y[0]])

    def reach(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Distance from the heart as a share of the urban radius, made uneven as real growth is."""
        heart = self.centre()
        dx, dy = x - heart[0], y - heart[1]
        angle = np.arctan2(dy, dx)
        uneven = 1 + 0.10 * np.sin(2 * angle + self.phases[10]) + 0.08 * np.sin(3 * angle + self.phases[11])
        share: FloatArray = np.hypot(dx, dy) / (self.urban_radius * uneven)
        return share

    def density(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """How built-up a place is, 0 (fields) to 1 (heart)."""
        value = np.clip(1.12 - self.reach(x, y), 0, 1)
        if len(self.towns):
            gap, index = cKDTree(self.towns).query(np.column_stack([x, y]))
            value = np.maximum(value, np.clip(0.75 * (1.25 - gap / self.town_radius[index]), 0, 0.62))
        return value

    def village_closeness(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Distance to the nearest village as a share of its radius; infinite where there is none."""
        if not len(self.villages):
            return np.full(len(x), np.inf)
        gap, index = cKDTree(self.villages).query(np.column_stack([x, y]))
        closeness: FloatArray = gap / self.village_radius[index]
        return closeness


def to_degrees(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Local metres to WGS-84 longitude and latitude, rounded to OpenStreetMap's 1e-7 degree."""
    lon = np.round(ANCHOR_LON + x / METRES_PER_LON_DEG, 7)
    lat = np.round(ANCHOR_LAT + y / METRES_PER_LAT_DEG, 7)
    return lon, lat


def _outline(radius: float, area_m2: float, phases: FloatArray) -> shapely.Polygon:
    angle = np.linspace(0, 2 * np.pi, 241)[:-1]
    r = 1 + 0.06 * np.sin(2 * angle + phases[12]) + 0.045 * np.sin(3 * angle + phases[13])
    r = r + 0.022 * np.sin(7 * angle + phases[14]) + 0.012 * np.sin(11 * angle + phases[15])
    square = (np.abs(np.cos(angle)) ** 3 + np.abs(np.sin(angle)) ** 3) ** (-1 / 3)
    ring = np.column_stack([np.cos(angle), np.sin(angle)]) * (r * square)[:, None] * radius
    blob = shapely.Polygon(ring)
    return shapely.Polygon(ring * np.sqrt(area_m2 / blob.area))


def _scatter(rng: np.random.Generator, outline: shapely.Polygon, gap: float, tries: int, inside: float) -> FloatArray:
    """Points at least ``gap`` apart and ``inside`` metres within the outline, by dart throwing."""
    west, south, east, north = outline.bounds
    darts = rng.uniform((west, south), (east, north), (tries, 2))
    core = outline.buffer(-inside)
    darts = darts[shapely.contains_xy(core, darts[:, 0], darts[:, 1])]
    kept: list[int] = []
    if len(darts):
        neighbours = cKDTree(darts).query_ball_point(darts, gap)
        taken = np.zeros(len(darts), bool)
        for index, near in enumerate(neighbours):
            if not taken[near].any():
                taken[index] = True
                kept.append(index)
    return darts[kept]


def make_form(seed: int, area_km2: float, rng: np.random.Generator) -> Form:
    """Draw the land of a city of ``area_km2``."""
    area = area_km2 * 1e6
    radius = float(np.sqrt(area / np.pi))
    urban = min(0.93 * radius, 0.93 * DEMO_RADIUS * (area_km2 / 52.0) ** 0.36)
    phases = rng.uniform(0, 2 * np.pi, 20)
    none = np.empty((0, 2))
    blank = Form(
        seed=seed,
        area_km2=area_km2,
        radius=radius,
        urban_radius=urban,
        old_radius=min(1_150.0, 0.125 * radius + 165.0),
        river_half_width=float(np.clip(0.024 * radius + 18.0, 42.0, 260.0)),
        rotation=float(rng.uniform(-0.42, 0.42)),
        phases=phases,
        outline=_outline(radius, area, phases),
        villages=none,
        village_radius=np.empty(0),
        towns=none,
        town_radius=np.empty(0),
    )
    towns = _scatter(rng, blank.outline, 6_500.0, 4_000, 1_500.0)
    towns = towns[blank.reach(towns[:, 0], towns[:, 1]) > 1.35]
    town_radius = rng.uniform(700.0, 1_700.0, len(towns))
    settled = replace(blank, towns=towns, town_radius=town_radius)
    villages = _scatter(rng, blank.outline, 760.0, int(60 * area_km2), 130.0)
    rural = settled.density(villages[:, 0], villages[:, 1]) < 0.17
    villages = villages[rural]
    sizes = rng.uniform(120.0, 260.0, len(villages))
    return replace(settled, villages=villages, village_radius=sizes)
