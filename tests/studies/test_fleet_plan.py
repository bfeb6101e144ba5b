"""A placed fleet becomes a plan document that can be put in force; through the day the force moves as the incidents do."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from kuaijing.city.generate.writing import generate_city
from kuaijing.city.ground import open_ground
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.studies.around import around
from kuaijing.studies.city_rates import rates_of
from kuaijing.studies.city_study import Frozen, opened
from kuaijing.studies.fleet_asked import DayAsked, FleetAsked, ForceAsked
from kuaijing.studies.fleet_questions import find_least, place, through_the_day
from kuaijing.studies.refused import StudyRefused
from kuaijing.wire.plans import canonical, from_canonical, read_plan, write_folder
from tests.studies.grid_city import two_banks


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Frozen:
    """A generated city of 16 km² with three platforms."""
    city = tmp_path_factory.mktemp("fleet") / "city"
    generate_city(city, seed=5, area_km2=16.0)
    plan = read_plan(city / "plan", open_ground(city).bbox)
    return Frozen(city, city, canonical(plan), "digest", "holdings", rates_of)


def quiet(step: str, share: float) -> None:
    assert 0 <= share <= 1


def checked(plan: PlanDocument, frozen: Frozen, folder: Path) -> PlanDocument:
    """Written as files and read again: refused where anything does not fit."""
    shutil.rmtree(folder, ignore_errors=True)
    write_folder(plan, folder)
    return read_plan(folder, open_ground(frozen.city).bbox)


def test_a_placing_is_a_plan_that_passes_every_check(frozen: Frozen, tmp_path: Path) -> None:
    before = from_canonical(frozen.plan)
    answer = place(frozen, FleetAsked(per_platform={"command_vehicle": 1, "car": 2, "motorcycle": 4}, seconds=2), quiet)

    plan = checked(from_canonical(answer.plan), frozen, tmp_path / "plan")

    assert len(plan.platforms) == len(plan.beats) == 3
    assert {unit.unit for unit in plan.force} == {unit.unit for unit in before.force}  # the same people, elsewhere
    assert {platform.id for platform in plan.platforms} == {platform.id for platform in before.platforms}
    assert answer.figures.balance < 1.2
    assert 0 < answer.study.covered <= answer.study.bound


def test_more_platforms_and_fewer_vehicles_are_named_and_numbered(frozen: Frozen, tmp_path: Path) -> None:
    asked = FleetAsked(units={"car": 3, "motorcycle": 14}, platforms=5, seconds=2)

    plan = checked(from_canonical(place(frozen, asked, quiet).plan), frozen, tmp_path / "plan")

    before = from_canonical(frozen.plan)
    assert len(plan.platforms) == 5
    assert sorted(unit.unit_class for unit in plan.force) == ["car"] * 3 + ["motorcycle"] * 14
    assert len({unit.unit for unit in plan.force}) == 17
    assert sum(platform.id in {each.id for each in before.platforms} for platform in plan.platforms) == 3


def test_a_platform_that_is_kept_stays_where_it_is(frozen: Frozen) -> None:
    before = from_canonical(frozen.plan)
    kept = before.platforms[0]

    plan = from_canonical(place(frozen, FleetAsked(keep=[kept.id], seconds=2), quiet).plan)

    assert next(platform for platform in plan.platforms if platform.id == kept.id).point == kept.point


def test_the_least_force_on_a_city_attains_its_target(frozen: Frozen) -> None:
    found = find_least(
        frozen, ForceAsked("motorcycle", {"rest": 0.9}, FleetAsked(units={"car": 1}, platforms=0, seconds=1)), quiet
    )

    assert found.least is not None
    assert next(step for step in found.steps if step.count == found.least).attained["rest"] >= 0.9


def test_through_the_day_the_placings_attain_at_least_what_one_that_never_moves_does(frozen: Frozen) -> None:
    day = through_the_day(frozen, DayAsked(FleetAsked(units={"motorcycle": 6}, platforms=0, seconds=1.5)), quiet)

    assert [(line.from_hour, line.until_hour) for line in day.periods] == [(0, 7), (7, 9), (9, 17), (17, 20), (20, 24)]
    moves = [move for period in day.periods for move in period.moves]
    assert moves
    assert all(move.from_place and move.to_place and move.from_at and move.to_at for move in moves)
    whole = opened(frozen).demand.rate.sum()
    assert whole > 0
    assert np.mean(list(day.attained.values())) >= np.mean(list(day.stay_attained.values())) - 0.01


def test_what_cannot_be_asked_is_refused_by_name(frozen: Frozen) -> None:
    for asked, words in (
        (FleetAsked(units={"drone": 2}), "drone cannot be placed by road"),
        (FleetAsked(keep=["P99"]), "no platform P99"),
        (FleetAsked(hours=(9, 9)), "got 9-9"),
        (FleetAsked(slower=0), "slower"),
        (FleetAsked(slower=float("nan")), "slower"),
        (FleetAsked(incidents_per_day=-1), "incidents_per_day"),
        (FleetAsked(incidents_per_day=float("inf")), "incidents_per_day"),
        (FleetAsked(units={"car": 10**12}), r"units\[\.\.\.\]"),
        (FleetAsked(per_platform={"car": -1}), "per_platform"),
        (FleetAsked(platforms=-1), "platforms"),
        (FleetAsked(seconds=1e9), "seconds"),
        (FleetAsked(sites=[]), "0 candidate sites"),
        (FleetAsked(sites=[(0.0, 0.0)]), "1 of 1 candidate sites have no road within 500 m: 0, 0"),
        (FleetAsked(sites=[(float("nan"), 1.0)]), "sites"),
    ):
        with pytest.raises(StudyRefused, match=words):
            place(frozen, asked, quiet)
    with pytest.raises(StudyRefused, match="target"):
        find_least(frozen, ForceAsked("motorcycle", {}), quiet)
    with pytest.raises(StudyRefused, match="most"):
        find_least(frozen, ForceAsked("motorcycle", {"rest": 0.9}, most=-5), quiet)
    with pytest.raises(StudyRefused, match="one for each of the 5"):
        through_the_day(frozen, DayAsked(slower=[1.0]), quiet)


def test_beats_around_given_platforms_hold_them_and_lie_in_one_piece() -> None:
    city = two_banks()
    lon, lat = city.blocks.plane.degrees(city.blocks.xy).T
    order = np.argsort(lon)
    posts = [(float(lon[i]), float(lat[i])) for i in (order[0], order[-1], order[len(order) // 2])]

    labels = around(city.blocks, city.demand.rate, city.travel, city.blocks.edges, posts)

    own = city.blocks.of_points(np.array([post[0] for post in posts]), np.array([post[1] for post in posts]))
    assert labels[own].tolist() == [0, 1, 2]
    with pytest.raises(StudyRefused, match="stand in one block"):
        around(city.blocks, city.demand.rate, city.travel, city.blocks.edges, [posts[0], posts[0]])
