"""What is asked of each street at an hour: tier and limit by the plan, expected incidents by the demand. Kept while it holds."""

import bisect
import threading
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

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
    """Gives the standards at an instant; computes anew only what tier hours, the hour of the week or the plan change."""

    def __init__(self, streets: CityStreets, demand: StreetDemand) -> None:
        self._streets, self._demand = streets, demand
        self._counted = streets.metres > 0
        self._survey: Survey | None = None
        self._part = self._hour = -1
        self._held: Standards | None = None
        self._looking = threading.Lock()

    def at(self, survey: Survey, instant: Instant) -> Standards:
        """The standards that hold then; the same object as long as nothing changes."""
        local = to_datetime(instant).astimezone(survey.zone)
        edges = survey.tier_change_minutes()
        part = bisect.bisect_right(edges, local.hour * 60 + local.minute) % max(1, len(edges))
        hour = hour_of_week(instant, self._demand.rates.zone)
        with self._looking:
            return self._at(survey, instant, part, hour)

    def _at(self, survey: Survey, instant: Instant, part: int, hour: int) -> Standards:
        held = self._held
        if held is None or survey is not self._survey or part != self._part:
            held = self._computed(survey, instant)
        elif hour != self._hour:
            held = replace(held, expected_per_h=self._expected(instant))
        self._held, self._survey, self._part, self._hour = held, survey, part, hour
        return held

    def _computed(self, survey: Survey, instant: Instant) -> Standards:
        streets, counted = self._streets, self._counted
        tier = np.full(streets.count, -1, np.int64)
        tier[counted] = survey.tiers_of(streets.lon[counted], streets.lat[counted], instant)
        limits = np.array([round(each.limit_s * 1000) for each in survey.tiers], np.int32)
        limit_ms = np.where(counted, limits[np.maximum(tier, 0)], 0).astype(np.int32)
        names = tuple(each.id for each in survey.tiers)
        return Standards(names, tier, limit_ms, self._expected(instant), self._demand.basis)

    def _expected(self, instant: Instant) -> NDArray[np.float64]:
        return np.where(self._counted, self._demand.at(instant), 0.0)
