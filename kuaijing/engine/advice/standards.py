"""What is asked of each street at an hour: tier and limit by the plan, expected incidents by the demand. Kept while it holds."""

import bisect

import numpy as np

from kuaijing.city.ground import Ground
from kuaijing.demand import Grid, StreetDemand, on_streets, street_length_rates, street_metres
from kuaijing.demand.hours import hour_of_week
from kuaijing.engine.advice.reach_now import Standards
from kuaijing.engine.advice.streets import CityStreets
from kuaijing.engine.survey import Survey
from kuaijing.measures.instants import Instant, to_datetime


def street_length_demand(ground: Ground, streets: CityStreets) -> StreetDemand:
    """What stands in for a history: one incident an hour in the city, spread by street length."""
    west, south, east, north = ground.bbox
    edge = 0.003  # a little more than a cell, so that pieces on the border lie inside
    grid = Grid.over((west - edge, south - edge, east + edge, north + edge))
    rates = street_length_rates(grid, street_metres(grid, streets.pieces), ground.timezone)
    return on_streets(rates, streets.pieces, streets.count)


class StandardsKeeper:
    """Gives the standards at an instant; computes them anew only when tier hours, the hour or the plan change."""

    def __init__(self, streets: CityStreets, demand: StreetDemand) -> None:
        self._streets, self._demand = streets, demand
        self._survey: Survey | None = None
        self._key: tuple[int, int] | None = None
        self._held: Standards | None = None

    def at(self, survey: Survey, instant: Instant) -> Standards:
        """The standards that hold then; the same object as long as nothing changes."""
        local = to_datetime(instant).astimezone(survey.zone)
        part = bisect.bisect_right(survey.tier_change_minutes(), local.hour * 60 + local.minute)
        key = part, hour_of_week(instant, self._demand.rates.zone)
        if self._held is None or survey is not self._survey or key != self._key:
            self._held = self._compute(survey, instant)
            self._survey, self._key = survey, key
        return self._held

    def _compute(self, survey: Survey, instant: Instant) -> Standards:
        streets = self._streets
        counted = streets.metres > 0
        tier = np.full(streets.count, -1, np.int64)
        tier[counted] = survey.tiers_of(streets.lon[counted], streets.lat[counted], instant)
        limits = np.array([round(each.limit_s * 1000) for each in survey.tiers], np.int32)
        limit_ms = np.where(counted, limits[np.maximum(tier, 0)], 0).astype(np.int32)
        expected = np.where(counted, self._demand.at(instant), 0.0)
        return Standards(tuple(each.id for each in survey.tiers), tier, limit_ms, expected, self._demand.basis)
