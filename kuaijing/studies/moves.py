"""Who goes where when the period of the day changes: the fewest metres in all, told so that a commander can have it executed."""

from collections.abc import Mapping
from types import MappingProxyType

import msgspec
import numpy as np
from scipy.optimize import linear_sum_assignment

from kuaijing.studies.blocks import FloatArray
from kuaijing.studies.cover_points import Sites
from kuaijing.studies.platforms import Ask, FleetStudy


class Move(msgspec.Struct, frozen=True):
    """One unit that changes its place between two periods of the day."""

    unit_class: str
    from_site: int
    to_site: int
    metres: float
    from_place: str = ""
    """Where it stands before: today's platform by name, else the road with longitude and latitude."""
    to_place: str = ""
    from_at: tuple[float, float] | None = None
    """Longitude, latitude."""
    to_at: tuple[float, float] | None = None


def moves_between(
    ask: Ask, before: FleetStudy, after: FleetStudy, xy: FloatArray, names: Mapping[str, str] = MappingProxyType({})
) -> list[Move]:
    """Who goes where when the period changes: the fewest metres in all, class by class; those that stay are not told.

    ``xy`` are the sites in metres, (sites, 2); sites are matched by their place. ``names`` are those of platforms.
    """
    place = {
        (float(lon), float(lat)): site for site, (lon, lat) in enumerate(zip(ask.sites.lon, ask.sites.lat, strict=True))
    }
    moves = []
    for name in ask.classes:
        old, new = (
            np.array(
                [place[line.lon, line.lat] for line in study.sites for _ in range(line.units.get(name, 0))], np.int64
            )
            for study in (before, after)
        )
        if not len(old) or not len(new):
            continue
        metres = np.hypot(*(xy[old][:, None, axis] - xy[new][None, :, axis] for axis in (0, 1)))
        rows, columns = linear_sum_assignment(metres)
        moves += [
            Move(
                name,
                int(old[row]),
                int(new[column]),
                float(metres[row, column]),
                _place_name(ask.sites, int(old[row]), names),
                _place_name(ask.sites, int(new[column]), names),
                _at(ask.sites, int(old[row])),
                _at(ask.sites, int(new[column])),
            )
            for row, column in zip(rows, columns, strict=True)
            if old[row] != new[column]
        ]
    return moves


def _place_name(sites: Sites, site: int, names: Mapping[str, str]) -> str:
    platform = sites.platform[site]
    at = f"{sites.lon[site]:.5f},{sites.lat[site]:.5f}"
    road = sites.roads[site] if sites.roads else ""
    return names.get(platform, platform) or (f"{road} {at}" if road else at)


def _at(sites: Sites, site: int) -> tuple[float, float]:
    return float(sites.lon[site]), float(sites.lat[site])
