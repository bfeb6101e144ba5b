"""Call tables for tests, written out."""

import numpy as np
from numpy.typing import NDArray

from kuaijing.simulation.compiled.tables import DRAWS, CallTable


def table(
    at_s: object,
    place: object,
    handling_s: object,
    *,
    grade: object = 1,
    plan: object = 0,
    limit_s: float = 300.0,
    set_off_s: float = 0.0,
) -> CallTable:
    """Calls at moments and places with handling times; drives exactly as estimated."""
    at = np.rint(np.asarray(at_s, np.float64) * 1000).astype(np.int64)
    count = len(at)

    def column(value: object) -> NDArray[np.int64]:
        return np.broadcast_to(np.asarray(value, np.int64), (count,)).copy()

    handling = np.broadcast_to(np.rint(np.asarray(handling_s, np.float64) * 1000).astype(np.int64), (count,)).copy()
    return CallTable(
        at_ms=at,
        place=column(place),
        grade=column(grade),
        plan=column(plan),
        limit_ms=column(round(limit_s * 1000)),
        tier=column(0),
        lead_ms=handling,
        support_ms=handling // 2,
        second_place=column(-1),
        second_ms=column(0),
        set_off_ms=np.full((count, DRAWS), round(set_off_s * 1000), np.int64),
        drive_factor=np.ones((count, DRAWS)),
    )


def poisson(count: int, per_hour: float, mean_s: float, seed: int, places: int = 1, **given: object) -> CallTable:
    """Poisson arrivals, exponential handling, places drawn evenly."""
    chance = np.random.default_rng(seed)
    at = np.cumsum(chance.exponential(3600 / per_hour, count))
    place = chance.integers(0, places, count)
    return table(at, place, chance.exponential(mean_s, count), **given)  # type: ignore[arg-type]
