"""Platforms and fleets: proven answers, the least force beside its neighbours, and "not attainable" where that is the truth."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from kuaijing.demand import on_streets, street_length_rates
from kuaijing.domain.plan_document import TierArea
from kuaijing.engine.survey import Survey
from kuaijing.measures.instants import from_datetime
from kuaijing.studies.city_grid import CityGrid
from kuaijing.studies.cover_points import CoverPoints, candidate_sites, cover_points, reach_of
from kuaijing.studies.moves import moves_between
from kuaijing.studies.platforms import Ask, least_force, place_fleet
from kuaijing.studies.refused import StudyRefused
from kuaijing.wire.plans.provisional import provisional
from tests.studies.grid_city import GridCity, two_banks

AT = from_datetime(datetime(2026, 11, 22, 4, 0, tzinfo=UTC))
CLASSES = ("car", "motorcycle")


@pytest.fixture(scope="module")
def city() -> GridCity:
    return two_banks()


def asked(city: GridCity, *, key_s: float = 60.0, rest_s: float = 120.0, work_s: float = 600.0) -> Ask:
    """Key spot: 300 m around the north-west corner; everything else is wanted within two minutes."""
    west, _, _, north = city.ground.bbox
    corner = ((west, north), (west + 0.003, north), (west + 0.003, north - 0.003), (west, north - 0.003), (west, north))
    plan = provisional(city.ground, platforms=2)
    area = TierArea("key", "火车站", "Station", key_s, None, 1, ((corner,),))
    plan = replace(plan, tier_areas=(area,), rest_limit_s=rest_s)
    grid = CityGrid.of(city.ground, city.streets)
    rates = street_length_rates(grid.grid, grid.street_m, grid.zone)
    street = on_streets(rates, city.streets.pieces, city.streets.count).share @ rates.rate.mean(axis=1).astype(float)
    points = cover_points(city.blocks, city.streets, street, Survey(city.ground, city.network, plan), AT)
    posts = [(platform.id, platform.point.lon, platform.point.lat) for platform in plan.platforms]
    sites = candidate_sites(city.blocks, city.network, posts)
    return Ask(
        points, sites, reach_of(points, sites, city.network, city.streets, CLASSES), CLASSES, work_s, seconds=5.0
    )


def test_rows_are_told_apart_by_tier_and_named_by_area_and_keep_the_demand(city: GridCity) -> None:
    points: CoverPoints = asked(city).points

    assert points.tiers == ("key", "rest")
    assert points.rate.sum() == pytest.approx(1.0, rel=1e-3)
    assert {name for name, tier in zip(points.names, points.tier, strict=True) if tier == 0} == {"火车站"}


def test_more_units_never_attain_less_and_the_bound_holds(city: GridCity) -> None:
    ask = asked(city)

    studies = [place_fleet(ask, {"motorcycle": number}) for number in (2, 4, 8)]

    covered = [study.covered for study in studies]
    assert covered == sorted(covered)
    assert all(study.covered <= study.bound + 1e-9 for study in studies)
    assert all(
        sum(sum(line.units.values()) for line in study.sites) == n for study, n in zip(studies, (2, 4, 8), strict=True)
    )
    assert all(
        study.attained[tier] <= study.all_free[tier] <= study.attainable[tier] + 1e-9
        for study in studies
        for tier in study.attained
    )


def test_the_least_force_meets_the_target_and_one_fewer_does_not(city: GridCity) -> None:
    found = least_force(asked(city), {}, "motorcycle", {"rest": 0.9})

    assert found.least is not None
    by_count = {step.count: step for step in found.steps}
    assert by_count[found.least].meets
    assert by_count[found.least].attained["rest"] >= 0.9
    assert not by_count[found.least - 1].meets
    assert by_count[found.least + 1].attained["rest"] >= by_count[found.least - 1].attained["rest"]


def test_a_simulation_that_is_less_hopeful_asks_for_more(city: GridCity) -> None:
    ask = asked(city)

    hopeful = least_force(ask, {}, "motorcycle", {"rest": 0.8})
    sober = least_force(
        ask,
        {},
        "motorcycle",
        {"rest": 0.8},
        confirm=lambda study: {tier: 0.9 * share for tier, share in study.attained.items()},
    )

    assert hopeful.least is not None
    assert sober.least is not None
    assert sober.least > hopeful.least


def test_what_no_site_reaches_is_named_and_no_force_is_promised(city: GridCity) -> None:
    ask = asked(city, key_s=13.0)  # a motorcycle needs 12 s to set off

    found = least_force(ask, {"car": 2}, "motorcycle", {"key": 0.95})

    assert found.least is None
    assert "Not attainable with any force" in found.why_not
    assert "火车站" in found.why_not
    assert place_fleet(ask, {"car": 2}).unattainable[0].tier == "key"


def test_kept_posts_stay_and_a_site_takes_no_more_than_it_may(city: GridCity) -> None:
    ask = replace(asked(city), keep={0: {"car": 1}}, most={"car": 1, "motorcycle": 1}, platforms=4)

    study = place_fleet(ask, {"car": 2, "motorcycle": 3})

    assert study.sites[0].units["car"] == 1
    assert study.sites[0].platform != ""
    assert len(study.sites) <= 4
    assert all(number <= 1 for line in study.sites for number in line.units.values())


def test_a_force_that_drowns_in_its_work_is_refused_with_what_the_work_needs(city: GridCity) -> None:
    with pytest.raises(StudyRefused, match="at least 7 units"):
        place_fleet(asked(city, work_s=20_000.0), {"car": 2})
    with pytest.raises(StudyRefused, match="no unit class tank"):
        place_fleet(asked(city), {"tank": 2})
    with pytest.raises(StudyRefused, match="one at least"):
        place_fleet(asked(city), {"car": 0})
    with pytest.raises(StudyRefused, match=r"target rest=1\.5"):
        least_force(asked(city), {}, "car", {"rest": 1.5})


def test_moves_between_periods_are_the_shortest_and_those_that_stay_are_not_told(city: GridCity) -> None:
    ask = asked(city)
    night, day = place_fleet(ask, {"motorcycle": 3}), place_fleet(ask, {"motorcycle": 3, "car": 1})
    xy = city.blocks.plane.metres(ask.sites.lon, ask.sites.lat)

    assert moves_between(ask, night, night, xy) == []
    moves = moves_between(ask, night, day, xy)
    assert all(move.from_site != move.to_site and move.metres > 0 for move in moves)
    assert len(moves) <= 3
    assert np.isfinite([move.metres for move in moves]).all()
