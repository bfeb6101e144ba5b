"""Plans beside each other on the same calls: what must be exact, what must add up, what is refused by name."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kuaijing.app.demand_of import rates_of
from kuaijing.city.generate.writing import generate_city
from kuaijing.city.ground import Ground, open_ground
from kuaijing.demand import DemandRates
from kuaijing.engine.advice import CityStreets
from kuaijing.simulation.compiled.errors import Cancelled
from kuaijing.studies.city_study import CityStudy, Frozen
from kuaijing.studies.plan_edits import ClosePlatform, MovePlatform, UnitOff, edit_of, edited
from kuaijing.studies.refused import StudyRefused
from kuaijing.studies.report import CHROMIUM, report_html, write_report
from kuaijing.studies.report_parts import ReportParts
from kuaijing.studies.rerun import PastCall, RerunAsked, rerun_day
from kuaijing.studies.what_if import WhatIfAsked, compare_plans
from kuaijing.studies.what_if_lines import Comparison
from kuaijing.wire.plans import canonical, digest_of, read_plan

SHORT = WhatIfAsked(days=6, replications=3, incidents_per_day=200.0)


def no_rates(ground: Ground, streets: CityStreets, data: Path) -> DemandRates | None:
    return None


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Frozen:
    """A generated city of 9 km² with a history of its own."""
    folder = tmp_path_factory.mktemp("what-if")
    generate_city(folder / "city", seed=5, area_km2=9.0)
    ground = open_ground(folder / "city")
    plan = read_plan(ground.folder / "plan", ground.bbox)
    return Frozen(ground.folder, folder, canonical(plan), digest_of(plan), "", rates_of)


@pytest.fixture(scope="module")
def city(frozen: Frozen) -> CityStudy:
    return CityStudy(frozen)


@pytest.fixture(scope="module")
def closed(city: CityStudy) -> Comparison:
    """Today's plan, the same again, and with its first platform closed."""
    shut, _ = edited(city.plan, [ClosePlatform(city.plan.platforms[0].id)])
    return compare_plans(city, [city.plan, city.plan, shut], SHORT)


def test_identical_plans_differ_by_exactly_nothing(closed: Comparison) -> None:
    assert {(each.value, each.low, each.high) for each in closed.differences[0]} == {(0.0, 0.0, 0.0)}
    assert closed.plans[0] == closed.plans[1]
    assert all(block.gain[1] == 0.0 for block in closed.blocks)


def test_numerators_and_denominators_add_up_to_the_calls(closed: Comparison) -> None:
    for plan in closed.plans:
        assert sum(tier.response.of or 0 for tier in plan.tiers) == plan.within.of == closed.calls
        assert sum(tier.response.met or 0 for tier in plan.tiers) == plan.within.met
        assert (
            sum(plan.arrivals) == sum(plan.arrivals_citizen) == sum(hour.calls for hour in plan.hours) == closed.calls
        )
        assert plan.within_citizen.value <= plan.within.value  # type: ignore[operator]


def test_closing_a_platform_does_not_improve_the_arrivals_around_it(city: CityStudy, closed: Comparison) -> None:
    assert city.today is not None
    around = set(np.flatnonzero(city.today.labels == 0).tolist())
    lines = [line for line in closed.blocks if line.block in around]

    calls = sum(line.calls for line in lines)
    gain = sum(line.gain[2] * line.calls for line in lines) / calls
    mean = next(each for each in closed.differences[1] if each.figure == "mean_s")

    assert calls > 0
    assert gain <= 0.01  # a share; the same calls, so no more than a unit that happens to stand elsewhere
    assert mean.value is not None
    assert mean.value > 0


def test_presence_by_block_adds_up_to_the_visible_minutes(closed: Comparison) -> None:
    for plan in closed.plans:
        assert sum(plan.visible_by_block) == pytest.approx(plan.visible_minutes_an_hour.value, rel=1e-3)
        assert np.mean([hour.visible_minutes for hour in plan.hours]) == pytest.approx(
            plan.visible_minutes_an_hour.value, rel=1e-3
        )


def test_fewer_units_cost_fewer_hours(closed: Comparison) -> None:
    first, shut = closed.plans[0].cost, closed.plans[2].cost

    assert shut.platforms == first.platforms - 1
    assert shut.unit_hours_a_day < first.unit_hours_a_day == 24 * sum(first.units.values())


def test_without_a_history_the_level_must_be_said(frozen: Frozen) -> None:
    bare = replace(frozen, rates=no_rates)

    with pytest.raises(StudyRefused, match="say incidents_per_day, or import a history"):
        compare_plans(bare, [frozen.plan], WhatIfAsked(days=2, replications=2))
    found = compare_plans(bare, [frozen.plan], WhatIfAsked(days=2, replications=2, incidents_per_day=50.0))

    assert found.calls_a_day == pytest.approx(50.0, abs=20.0)


def test_a_comparison_can_be_stopped(city: CityStudy) -> None:
    with pytest.raises(Cancelled):
        compare_plans(city, [city.plan], SHORT, cancelled=lambda: True)


def test_no_plan_and_too_many_are_refused(city: CityStudy) -> None:
    with pytest.raises(StudyRefused, match="0 plans are given; wanted 1 to 6"):
        compare_plans(city, [], SHORT)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (ClosePlatform("P99"), "no platform 'P99' in plan"),
        (MovePlatform("P99", 112.0, 27.0), "no platform 'P99'"),
        (UnitOff("nobody"), "no unit 'nobody' in plan"),
    ],
)
def test_what_the_plan_does_not_know_is_refused_by_name(
    city: CityStudy, edit: ClosePlatform | MovePlatform | UnitOff, said: str
) -> None:
    with pytest.raises(StudyRefused, match=said):
        edited(city.plan, [edit])


def test_edits_are_read_as_they_are_typed(city: CityStudy) -> None:
    assert edit_of("close", "P03=P04") == ClosePlatform("P03", "P04")
    assert edit_of("off", "2101@22-6") == UnitOff("2101", (22, 6))
    assert edit_of("move", "P03=112.1,28.5") == MovePlatform("P03", 112.1, 28.5)
    with pytest.raises(StudyRefused, match="'north' is no place; write PLATFORM=lon,lat"):
        edit_of("move", "P03=north")


def test_a_unit_off_by_night_is_off_in_those_hours_alone(city: CityStudy) -> None:
    unit = min(each.unit for each in city.plan.force if each.on_duty)

    _, duty = edited(city.plan, [UnitOff(unit, (22, 6))])

    assert duty is not None
    assert duty.sum() == duty.size - 7 * 8
    assert not duty[0, [22, 23, 0, 5]].any()
    assert duty[0, [6, 21]].all()


def test_everybody_off_is_refused(city: CityStudy) -> None:
    with pytest.raises(StudyRefused, match="no unit on duty"):
        edited(city.plan, [ClosePlatform(platform.id) for platform in city.plan.platforms])


def a_day(city: CityStudy, count: int = 40) -> list[PastCall]:
    """Calls of 2026-09-30 spread over the blocks, half an hour apart."""
    midnight = 1_790_697_600_000_000  # 2026-09-30 00:00 in Shanghai
    place = city.blocks.plane.degrees(city.blocks.xy)
    kind = city.plan.kinds[0].code
    return [
        PastCall(
            midnight + n * 1_800_000_000, float(place[n % len(place), 0]), float(place[n % len(place), 1]), kind, "rest",
            300.0, 900.0 if n % 2 else None, 200.0 if n % 4 else 400.0, 260.0, 45.0,
        )
        for n in range(count)
    ]  # fmt: skip


def test_a_day_is_rerun_with_its_own_calls_beside_what_was_measured(city: CityStudy) -> None:
    asked = RerunAsked(day="2026-09-30", edits=(ClosePlatform(city.plan.platforms[0].id),), replications=3)

    found = rerun_day(city, a_day(city), {"merged": 2}, asked)

    assert (found.incidents, found.left_out, found.handling_drawn) == (40, {"merged": 2}, 20)
    assert (found.measured.within.met, found.measured.within.of) == (30, 40)
    assert [plan.within.of for plan in found.comparison.plans] == [120, 120]
    assert "45 秒" in found.comparison.notes[1]
    assert found.changes[0].startswith("撤销平台 closed")


def test_a_day_without_calls_is_refused_and_so_is_no_day(city: CityStudy) -> None:
    with pytest.raises(StudyRefused, match="no unit was sent to any incident opened on 2026-09-30"):
        rerun_day(city, [], {}, RerunAsked(day="2026-09-30"))
    with pytest.raises(StudyRefused, match="'yesterday' is no day"):
        rerun_day(city, a_day(city), {}, RerunAsked(day="yesterday"))


def test_a_report_says_the_promise_and_asks_the_network_for_nothing(frozen: Frozen, closed: Comparison) -> None:
    page = report_html(frozen, ReportParts(comparison=closed))

    assert "承诺与区间" in page
    assert f"{closed.plans[-1].tiers[0].response.of:,} 起" in page
    assert page.count("<svg") == 4
    assert not [word for word in ("http://", "https://", "src=", "@import", "<script", "url(h") if word in page]


def test_a_pdf_without_a_browser_is_refused_with_what_to_do(
    frozen: Frozen, closed: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CHROMIUM, "no-such-browser")

    with pytest.raises(StudyRefused, match=r"needs Chromium and none was found.*--report FILE\.html"):
        write_report(tmp_path / "report.pdf", frozen, ReportParts(comparison=closed))
