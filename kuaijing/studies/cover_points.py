"""What is to be covered, as rows: the parts of each block that lie in one tier, with their limit and what they expect; and from where.

A site reaches a row within its limit where more than half of what the row expects is reached: drive on the streets that the demand
lies on, plus the reaction of the unit's class, the same estimate as the recommendation's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import sparse
from scipy.spatial import cKDTree

from kuaijing.engine.advice import CityStreets
from kuaijing.engine.choice.arrival import DEFAULT_REACTION
from kuaijing.engine.survey import Survey
from kuaijing.measures.instants import Instant
from kuaijing.routing import Network, base_weights, isochrone
from kuaijing.studies.blocks import Blocks, FloatArray, IntArray
from kuaijing.studies.refused import StudyRefused

_HALF: Final = 0.5
SITE_WITHIN_M: Final = 500.0
"""A site stands at a road, so far from it at most."""

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True, eq=False)
class CoverPoints:
    """Rows to be covered; ``p`` of them."""

    block: IntArray
    tier: IntArray
    """Index into ``tiers``."""
    limit_s: FloatArray
    rate: FloatArray
    """Incidents per hour (or shares, where the basis is street length)."""
    street: sparse.csr_array
    """Share of each row's demand on each street, (p, streets)."""
    tiers: tuple[str, ...]
    tier_names: tuple[str, ...]
    lon: FloatArray
    lat: FloatArray
    names: tuple[str, ...]
    """What a person calls the row: its area's or its street's name."""

    @property
    def count(self) -> int:
        """How many rows."""
        return len(self.rate)

    def shares(self, rate: FloatArray) -> dict[str, float]:
        """``rate`` of each tier as a share of what the tier expects."""
        whole = np.bincount(self.tier, weights=self.rate, minlength=len(self.tiers))
        part = np.bincount(self.tier, weights=rate, minlength=len(self.tiers))
        return {tier: float(part[i] / whole[i]) for i, tier in enumerate(self.tiers) if whole[i] > 0}


@dataclass(frozen=True, slots=True, eq=False)
class Sites:
    """Where units may stand, (s,) each."""

    lon: FloatArray
    lat: FloatArray
    platform: tuple[str, ...]
    """Identifier of today's platform that stands there; "" for a candidate."""
    roads: tuple[str, ...] = ()
    """Name of the road that each stands at; none are known where it is empty."""


def cover_points(
    blocks: Blocks, streets: CityStreets, street_rate: FloatArray, survey: Survey, at: Instant
) -> CoverPoints:
    """Rows of a city as the plan's tiers lie at that moment. ``street_rate`` is the expected rate of each street, (streets,)."""
    known = np.flatnonzero(np.isfinite(streets.lon))
    tier = survey.tiers_of(streets.lon[known], streets.lat[known], at).astype(np.int64)
    block = blocks.of_points(streets.lon[known], streets.lat[known])
    count = len(survey.tiers)
    keys, row = np.unique(block * count + tier, return_inverse=True)
    rate = np.maximum(street_rate[known], 1e-12)
    total = np.bincount(row, weights=rate, minlength=len(keys))
    share = sparse.csr_array(sparse.coo_array((rate / total[row], (row, known)), shape=(len(keys), streets.count)))
    order = np.lexsort((-rate, row))
    heaviest = known[order[np.searchsorted(row[order], np.arange(len(keys)))]]
    limits = np.array([each.limit_s for each in survey.tiers])
    ground = survey.ground
    name_of = np.zeros(streets.count, np.int64)
    name_of[np.asarray(ground.arc_street)] = np.asarray(ground.arc_name)
    roads = [ground.names[int(name_of[each])] for each in heaviest]
    lon, lat = streets.lon[heaviest], streets.lat[heaviest]
    expected = np.bincount(row, weights=street_rate[known], minlength=len(keys)).astype(np.float64)
    return CoverPoints(
        keys // count, keys % count, limits[keys % count], expected, share, tuple(each.id for each in survey.tiers),
        tuple(each.name for each in survey.tiers), lon, lat, _named(survey, keys % count, lon, lat, roads),
    )  # fmt: skip


def _named(survey: Survey, tier: IntArray, lon: FloatArray, lat: FloatArray, streets: Sequence[str]) -> tuple[str, ...]:
    """The tier area that a row lies in, then its street."""
    areas = [
        (area, shapely.MultiPolygon([(polygon[0], polygon[1:]) for polygon in area.polygons]))
        for area in survey.plan.tier_areas
        if area.polygons
    ]
    names = []
    for row, street in enumerate(streets):
        own = survey.tiers[int(tier[row])].id
        holding = (
            area.name for area, shape in areas if area.id == own and shape.intersects(shapely.Point(lon[row], lat[row]))
        )
        names.append("·".join(part for part in (next(holding, ""), street) if part))
    return tuple(names)


def candidate_sites(
    blocks: Blocks,
    network: Network,
    platforms: Sequence[tuple[str, float, float]],
    *,
    every_junction: bool = False,
    given: Sequence[Sequence[float]] | None = None,
    most: int = 600,
) -> Sites:
    """Today's platforms, then given places, else a junction in each block, else every junction, evenly thinned to ``most``."""
    ground = network.ground
    lonlat = np.stack([np.asarray(ground.node_lon), np.asarray(ground.node_lat)], axis=1)
    if given is not None:
        chosen = _near_a_road(np.array(given, np.float64).reshape(-1, 2), network, most)
    elif every_junction:
        chosen = lonlat
    else:
        xy = blocks.plane.metres(lonlat[:, 0], lonlat[:, 1])
        posts = np.array([[lon, lat] for _, lon, lat in platforms], np.float64).reshape(-1, 2)
        free = np.setdiff1d(np.arange(blocks.count), blocks.of_points(posts[:, 0], posts[:, 1]))
        chosen = lonlat[np.unique(cKDTree(xy).query(blocks.xy[free])[1])]
    if len(chosen) > most:
        chosen = chosen[np.linspace(0, len(chosen) - 1, most).round().astype(np.int64)]
    if not len(chosen) and not platforms:
        raise StudyRefused("no site is given and the plan has no platform; give candidate sites")
    whole = np.concatenate([np.array([[lon, lat] for _, lon, lat in platforms], np.float64).reshape(-1, 2), chosen])
    named = (*(name for name, _, _ in platforms), *("" for _ in chosen))
    return Sites(whole[:, 0], whole[:, 1], named, tuple(_road_at(network, lon, lat) for lon, lat in whole.tolist()))


def _road_at(network: Network, lon: float, lat: float) -> str:
    snap = network.snap(lon, lat, "motorcycle", within_m=SITE_WITHIN_M)
    return "" if snap is None else str(network.ground.names[int(network.ground.arc_name[snap.arc])])


def _near_a_road(given: FloatArray, network: Network, most: int) -> FloatArray:
    """Places that a person named: all of them are used, or none. Raises ``StudyRefused``."""
    if not 1 <= len(given) <= most:
        raise StudyRefused(f"{len(given)} candidate sites are given; wanted 1 to {most}")
    far = [
        f"{lon:g}, {lat:g}"
        for lon, lat in given
        if all(
            network.snap(float(lon), float(lat), each, within_m=SITE_WITHIN_M) is None for each in ("car", "motorcycle")
        )
    ]
    if far:
        raise StudyRefused(
            f"{len(far)} of {len(given)} candidate sites have no road within {SITE_WITHIN_M:g} m: {'; '.join(far[:5])}; "
            "are they WGS-84 degrees, longitude first, within the city?"
        )
    return given


def reach_of(
    points: CoverPoints,
    sites: Sites,
    network: Network,
    streets: CityStreets,
    classes: Sequence[str],
    *,
    slower: float = 1.0,
    progress: Progress = lambda step, share: None,
) -> NDArray[np.bool_]:
    """Whether a unit of each class at each site reaches each row in time, bool (classes, sites, p).

    ``slower`` stretches every drive: the hour's traffic.
    """
    out = np.zeros((len(classes), len(sites.lon), points.count), np.bool_)
    longest = float(points.limit_s.max())
    for number, unit_class in enumerate(classes):
        graph = network.graph(unit_class)
        weights = base_weights(graph)
        reaction = DEFAULT_REACTION[unit_class].median_s
        limit_ms = max(1000, round((longest - reaction) / slower * 1000))
        for site in range(len(sites.lon)):
            if site % 25 == 0:
                progress("reach", (number + site / len(sites.lon)) / len(classes))
            snap = network.snap(float(sites.lon[site]), float(sites.lat[site]), unit_class, within_m=SITE_WITHIN_M)
            if snap is None:
                continue
            arc_ms = isochrone(graph, weights, snap, limit_ms)
            street = np.full(streets.count, np.inf)
            known = arc_ms >= 0
            np.minimum.at(street, streets.arc_street[known], arc_ms[known] / 1000 * slower + reaction)
            out[number, site] = _within(points, street)
    return out


def _within(points: CoverPoints, street_s: FloatArray) -> NDArray[np.bool_]:
    """Rows of which more than half is reached in the row's limit."""
    reached = np.zeros(points.count, np.bool_)
    for limit in np.unique(points.limit_s):
        rows = points.limit_s == limit
        reached[rows] = (points.street @ (street_s <= limit))[rows] > _HALF
    return reached
