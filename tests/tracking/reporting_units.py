"""Reports as a test needs them: metres east and north of the test ground's origin, seconds since a morning."""

import math
from typing import Any

from kuaijing.measures.instants import SECOND, Instant
from kuaijing.tracking import Fix, Pipeline, Report
from tests.grid_ground import M_PER_DEG

MORNING = 1_790_000_000 * SECOND
ORIGIN = (112.0, 27.0)


def at(seconds: float) -> Instant:
    return Instant(MORNING + round(seconds * SECOND))


def degrees(east: float, north: float) -> tuple[float, float]:
    return ORIGIN[0] + east / (M_PER_DEG * math.cos(math.radians(ORIGIN[1]))), ORIGIN[1] + north / M_PER_DEG


def report(seconds: float, east: float = 0.0, north: float = 0.0, unit: str = "U1", **more: Any) -> Report:
    lon, lat = degrees(east, north)
    fields: dict[str, Any] = {"received_at": at(seconds), "crs": "wgs84"} | more
    return Report(
        unit, fields.pop("lon", lon), fields.pop("lat", lat), fields.pop("measured_at", at(seconds)), **fields
    )


def judged(pipeline: Pipeline, *reports: Report, unit_class: str = "car") -> list[Fix | str]:
    """A fix or the name of the reason, one report a batch."""
    outcomes: list[Fix | str] = []
    for each in reports:
        (judgement,) = pipeline.judge([each], {"U1": unit_class, "U2": unit_class})
        if judgement.refusal is not None:
            outcomes.append(judgement.refusal.reason.value)
        else:
            assert judgement.fix is not None
            outcomes.append(judgement.fix)
    return outcomes
