"""The live 1-3-5: reach, loss, cover."""

import asyncio
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuaijing.domain.plan_document import TierArea, hours_of
from kuaijing.domain.words import UnitStatus
from kuaijing.engine.advice import LiveRoads, ReachField, ReachNow
from kuaijing.engine.advice.force import Force
from kuaijing.engine.advice.reach_now import reach_now
from kuaijing.engine.choice.reach import reached
from kuaijing.engine.survey import Survey
from kuaijing.measures.instants import Instant, after
from kuaijing.routing import Network
from tests.advice.towns import NOW, Picture, Town, line_town, point, row, wants
from tests.routing.worlds import grid


def share(now: ReachNow) -> float:
    found = now.share()
    assert found is not None
    return found


def test_reach_counts_the_reaction_and_not_the_drive_alone() -> None:
    # One unit at the middle of a 4 km road at 46 km/h: in 60 s it drives 767 m each way, with 15 s of reaction 575 m.
    town = line_town(20, limit_s=60.0).unit("u", (2000, 0))
    now = town.field.refresh(town.picture, NOW)
    tier = now.summary.tiers[-1]

    assert tier.street_m == pytest.approx(4000, abs=5)
    assert tier.street_reached_m == pytest.approx(6 * 200, abs=2)  # street middles at 100, 300 and 500 m each way
    assert tier.expected_reached_per_h / tier.expected_per_h == pytest.approx(0.3, abs=0.01)
    assert now.summary.demand == "street_length"
    assert np.nanmin(now.seconds()) == pytest.approx(15 + 100 / (46 / 3.6), abs=0.5)
    assert np.isnan(now.seconds()).sum() == 14


def test_reach_is_the_same_estimate_as_the_recommendation() -> None:
    town = line_town(20, limit_s=180.0).unit("u", (200, 0)).incident("i", (1900, 0))
    now = town.field.refresh(town.picture, NOW)

    assert now.seconds()[9] == pytest.approx(row(town.ask(), "u").arrive_median_s, abs=0.11)


def test_only_free_units_in_contact_count() -> None:
    for change in ({"status": UnitStatus.BUSY_OTHER}, {"status": UnitStatus.OFF_DUTY}, {"lost": True}):
        town = line_town().unit("u", (0, 0), **change)  # type: ignore[arg-type]
        assert share(town.field.refresh(town.picture, NOW)) == 0.0


def test_units_that_never_reported_a_position_do_not_count_until_they_do() -> None:
    town = line_town(wants=wants(1)).incident("i", (1000, 0)).unit("u", None, home=(1000, 0))
    assert share(town.field.refresh(town.picture, NOW)) == 0.0
    assert town.ask().reach_before == 0.0

    town.move("u", (1000, 0))
    assert town.field.step(town.picture, NOW) is not None
    assert share(town.field.now or town.field.refresh(town.picture, NOW)) == 1.0


def test_tiers_hold_at_their_hours() -> None:
    corners = tuple((point(x, y).lon, point(x, y).lat) for x, y in ((-9, -9), (810, -9), (810, 9), (-9, 9), (-9, -9)))
    school = TierArea("key", "校门", "School", 60.0, hours_of("12:00-13:00"), 0, ((corners,),))
    town = line_town(limit_s=300.0, tiers=(school,)).unit("u", (0, 0))
    noon = town.field.refresh(town.picture, NOW)  # 2026-06-11 04:00 UTC, noon in the town
    later = town.field.refresh(town.picture, after(NOW, 3600))

    assert [tier.street_m > 0 for tier in noon.summary.tiers] == [True, True]
    assert [tier.street_m > 0 for tier in later.summary.tiers] == [False, True]


def test_cover_breaks_only_ties_where_a_minute_matters_and_orders_low_grades() -> None:
    # "only" is the one unit of the western town, "spare" one of two in the east; both are much the same way off.
    def town(grade: int, spare_at: float) -> Town:
        made = line_town(40, limit_s=120.0).incident("i", (4000, 0), grade=grade)
        return made.unit("only", (3300, 0)).unit("spare", (spare_at, 0)).unit("spare_too", (spare_at + 900, 0))

    tie = town(1, 4750).ask()  # 50 m farther: 4 s
    assert row(tie, "spare").order == 1
    assert row(tie, "spare").reason == "cover"
    assert row(tie, "only").reason == "cover"
    assert row(tie, "only").loss_expected_share > row(tie, "spare").loss_expected_share
    assert row(town(1, 4900).ask(), "only").order == 1  # 200 m farther: 16 s
    assert row(town(3, 4900).ask(), "spare").order == 1  # a low grade spares the only cover


def test_reach_before_and_after_an_order() -> None:
    town = line_town(20, limit_s=60.0, wants=wants(2)).incident("i", (2000, 0))
    advice = town.unit("a", (1900, 0)).unit("b", (2100, 0)).unit("c", (3600, 0)).ask()
    alone = line_town(20, limit_s=60.0).unit("c", (3600, 0))

    assert {c.unit for c in advice.candidates if c.order} == {"a", "b"}
    assert advice.reach_after == pytest.approx(share(alone.field.refresh(alone.picture, NOW)))
    assert advice.reach_after < advice.reach_before


def town_of(seed: int, count: int) -> tuple[ReachField, Town]:
    """A seeded town with units of three classes at random, some of them in a cluster."""
    rng = np.random.default_rng(seed)
    town = line_town()
    town.ground = grid(7, seed % 5)
    town.network = Network(town.ground)
    town.roads = LiveRoads(town.network)
    for number in range(count):
        wide = 720 if number % 2 else 250
        at = (float(rng.uniform(0, wide)), float(rng.uniform(0, wide)))
        kind = ("car", "motorcycle", "foot")[int(rng.integers(3))]
        town.unit(f"u{number:02d}", at, kind, age_s=float(rng.uniform(0, 200)), rest=bool(rng.random() < 0.5))
    return ReachField(town.roads, Survey(town.ground, town.network, town.plan), town.live), town


def only(field: ReachField, force: Force, now: ReachNow, keep: np.ndarray) -> ReachNow:
    """The reach of the same force with the others taken out of service."""
    fewer = replace(force, free=force.free & keep)
    return reach_now(fewer, field.roads, field.streets, now.standards, NOW, 0)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), count=st.integers(1, 12), limit=st.sampled_from([30.0, 45.0, 90.0]), data=st.data())
def test_losses_of_one_and_of_several_units_equal_brute_force(
    seed: int, count: int, limit: float, data: st.DataObject
) -> None:
    field, town = town_of(seed, count)
    field.put_in_force(Survey(town.ground, town.network, replace(town.plan, rest_limit_s=limit)))
    force = field.force(town.state, NOW)
    now = field.refresh(town.picture, NOW)
    everyone = np.ones(count, bool)
    for unit in range(count):
        keep = everyone.copy()
        keep[unit] = False
        without = only(field, force, now, keep)
        lost = field.streets.metres[now.met].sum() - field.streets.metres[without.met].sum()
        assert now.loss_street_m[unit] == pytest.approx(lost, abs=1e-6)
    gone = np.array(data.draw(st.lists(st.booleans(), min_size=count, max_size=count)))
    after_order, truth = now.without(gone), only(field, force, now, ~gone).reach
    met = reached(truth)
    assert (reached(after_order) == met).all()
    assert (after_order.best_ms[met] == truth.best_ms[met]).all()


def test_a_third_unit_on_the_very_street_takes_over_when_the_two_nearest_go() -> None:
    # All three stand on one street of 200 m, before its middle; the third is also the only one that reaches the next streets.
    town = line_town(3, limit_s=60.0).unit("a", (290, 0)).unit("b", (280, 0)).unit("c", (250, 0))
    now = town.field.refresh(town.picture, NOW)
    after_order = now.without(np.array([True, True, False]))
    truth = only(town.field, town.field.force(town.state, NOW), now, np.array([False, False, True]))

    assert after_order.best_ms.tolist() == truth.reach.best_ms.tolist()
    assert after_order.best_unit.tolist() == [2, 2, 2]


def test_the_field_computes_again_only_when_something_that_matters_changes() -> None:
    town = line_town().unit("u", (0, 0)).unit("v", (900, 0))
    field = town.field
    assert field.step(town.picture, NOW) is not None
    assert field.step(town.picture, NOW) is None
    town.move("u", (30, 0))
    assert field.step(town.picture, NOW) is None
    town.move("u", (90, 0))
    assert field.step(town.picture, NOW) is not None
    town.close("x", (400, 0), (600, 0))
    changed = field.step(town.picture, NOW)
    assert changed is not None
    assert changed.roads_version == 1
    town.unit("v", None, status=UnitStatus.BUSY_OTHER)
    assert field.step(town.picture, NOW) is not None
    field.put_in_force(Survey(town.ground, town.network, town.plan))
    assert field.step(town.picture, NOW) is not None


async def test_the_kept_reach_follows_a_change_within_a_second() -> None:
    town = line_town().unit("u", (0, 0))
    town.field.refresh(town.picture, NOW)
    seen: asyncio.Queue[ReachNow] = asyncio.Queue()

    def source() -> tuple[Picture, Instant]:
        return town.picture, NOW

    keeping = asyncio.create_task(town.field.run(source, seen.put_nowait))
    await asyncio.sleep(0.05)
    town.unit("u", None, status=UnitStatus.BUSY_OTHER)
    now = await asyncio.wait_for(seen.get(), 5.0)
    while share(now) > 0:
        now = await asyncio.wait_for(seen.get(), 5.0)
    keeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await keeping

    assert share(now) == 0.0


def test_reinforcement_takes_the_surrounding_units_and_then_proposes_cover() -> None:
    # West town x 0-2 km, east town 6-8 km, two units each and one between; the west burns.
    town = line_town(40, limit_s=120.0, platforms={"西平台": (1000, 0)}).incident("i", (1000, 0), grade=1)
    town.unit("on_it", (1000, 0), status=UnitStatus.ON_SCENE, on="i").unit("w", (700, 0)).unit("w2", (1500, 0))
    town.unit("mid", (4000, 0)).unit("e1", (6900, 0)).unit("e2", (7000, 0)).unit("e3", (7100, 0))
    advice = town.ask("i", "reinforcement")

    assert advice.wanted == {"reinforcement": 3}
    sent = {c.unit for c in advice.candidates if c.order}
    assert sent == {"w", "w2", "mid"}
    assert {c.role for c in advice.candidates if c.order} == {"reinforcement"}
    assert row(advice, "on_it").reason == "already_on_it"
    assert advice.cover
    move = advice.cover[0]
    assert move.unit in {"e1", "e2", "e3"}
    assert move.gain_expected_share > 0
    assert advice.reach_after < advice.reach_restored <= 1.0


def test_cover_alone_fills_a_hole_and_leaves_a_covered_city_alone() -> None:
    town = line_town(30, limit_s=120.0, platforms={"西平台": (1000, 0)})
    town.unit("e1", (4900, 0)).unit("e2", (5000, 0))
    proposal = town.advisor.cover_proposal(town.picture, NOW)

    assert len(proposal.moves) >= 1
    assert proposal.reach_before is not None
    assert proposal.reach_restored is not None
    assert proposal.reach_restored > proposal.reach_before + 0.2
    moved = proposal.moves[0]
    town.move(moved.unit, ((moved.lon - point(0, 0).lon) / (point(1000, 0).lon - point(0, 0).lon) * 1000, 0))
    town.field.refresh(town.picture, NOW)
    then = town.field.now
    assert then is not None
    assert share(then) == pytest.approx(proposal.reach_before + moved.gain_expected_share, abs=0.02)

    whole = line_town(10, limit_s=300.0, platforms={"p": (1000, 0)}).unit("a", (1000, 0)).unit("b", (900, 0))
    assert whole.advisor.cover_proposal(whole.picture, NOW).moves == ()


def test_a_closure_that_cannot_be_laid_on_the_roads_is_named_and_hurts_nobody() -> None:
    town = line_town().incident("i", (1800, 0)).unit("u", (0, 0))
    town.close("x", (100, 0), (100, 0))

    assert row(town.ask(), "u").order == 1
    assert "x" in town.roads.unused


def test_a_slow_zone_slows_and_a_lifted_one_does_not() -> None:
    town = line_town().incident("i", (1900, 0)).unit("u", (100, 0))
    before = row(town.ask(), "u").arrive_median_s
    town.close("x", (0, 0), (2000, 0), factor=0.5)
    slow = row(town.ask(), "u").arrive_median_s

    assert slow - 15 == pytest.approx(2 * (before - 15), rel=0.02)
