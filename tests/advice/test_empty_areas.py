"""Empty areas: how much of each beat is reached, when that is told, and who could restore it."""

from dataclasses import replace

import pytest

from kuaijing.domain.commands import Command
from kuaijing.domain.empty_areas import EmptyArea
from kuaijing.domain.findings import RecordAreaReached, RecordEmptyArea
from kuaijing.domain.plan_document import BeatArea, Platform
from kuaijing.domain.words import UnitStatus
from kuaijing.engine.advice.empty_areas import EmptyAreas
from kuaijing.engine.survey import Survey
from kuaijing.measures.instants import after
from kuaijing.tracking import DEFAULT_THRESHOLDS
from tests.advice.towns import NOW, Town, line_town, point

# One road of 9 km, driven at 46 km/h, three beats of 3 km: X, W and E from the west, each with a platform 1 km from its western
# end. The limit is 120 s: with 15 s of reaction a car has 1,340 m each way.


def square(west: float, east: float) -> tuple[tuple[tuple[float, float], ...], ...]:
    corners = [point(x, y) for x, y in ((west, -500), (east, -500), (east, 500), (west, 500), (west, -500))]
    return (tuple((corner.lon, corner.lat) for corner in corners),)


def town() -> Town:
    made = line_town(45, limit_s=120.0)
    wests = {"X": 0, "W": 3000, "E": 6000}
    beats = tuple(BeatArea(name, "", "", "", (square(x, x + 3000),)) for name, x in wests.items())
    platforms = tuple(Platform(name, f"{name} 平台", "", name, point(x + 1000, 0)) for name, x in wests.items())
    made.plan = replace(made.plan, beats=beats, platforms=platforms)
    made.field.put_in_force(Survey(made.ground, made.network, made.plan))
    return made


def watch(of: Town) -> EmptyAreas:
    return EmptyAreas(of.field.streets, of.field.survey, DEFAULT_THRESHOLDS)


def test_the_share_of_a_beat_is_of_its_own_streets() -> None:
    made = town().unit("u", (4000, 0))
    shares = watch(made).areas.shares(made.field.refresh(made.picture, NOW))

    assert shares["beat:W"] == pytest.approx(2300 / 3000, abs=0.05)  # from 3,000 to about 5,340 m
    assert shares["beat:X"] == pytest.approx(340 / 3000, abs=0.05)
    assert shares["beat:E"] == 0.0


def test_a_beat_whose_unit_is_taken_is_told_after_two_minutes_with_the_nearest_that_could_restore_it() -> None:
    made = town().unit("x", (1000, 0)).unit("w", (4000, 0)).unit("w2", (4800, 0))
    made.unit("e", (7000, 0), status=UnitStatus.BUSY_OTHER)
    empty = watch(made)
    told: list[tuple[int, Command]] = []
    for second in range(0, 300, 10):
        now = made.field.refresh(made.picture, NOW)
        commands = empty.look(now, {}, after(NOW, second), lambda area: made.advisor.backfill(made.picture, area, NOW))
        told += [(second, command) for command in commands]
    ((when, found),) = told

    assert isinstance(found, RecordEmptyArea)
    assert (when, found.area, found.since) == (120, "beat:E", NOW)
    assert found.share < 0.25
    assert found.backfill is not None
    assert found.backfill.unit == "w2"
    metres = (found.backfill.point.lon - point(4800, 0).lon) / (point(1000, 0).lon - point(0, 0).lon) * 1000
    assert found.backfill.drive_s == pytest.approx(metres / (46 / 3.6), rel=0.05)


def test_a_unit_whose_going_would_empty_its_own_beat_is_passed_over_for_one_that_can_be_spared() -> None:
    made = town().unit("only", (5000, 0)).unit("e", (7000, 0), status=UnitStatus.BUSY_OTHER)
    (lonely,) = made.advisor.backfill(made.picture, "beat:E", NOW)
    made.unit("spare", (1500, 0)).unit("spare2", (1500, 0))
    (chosen,) = made.advisor.backfill(made.picture, "beat:E", NOW)

    assert lonely.unit == "only"  # where nobody else can: it is a proposal, and a person decides
    assert chosen.unit in ("spare", "spare2")
    assert chosen.drive_s > lonely.drive_s


def test_nobody_free_is_no_backfill() -> None:
    made = town().unit("e", (7000, 0), status=UnitStatus.BUSY_OTHER)
    made.field.refresh(made.picture, NOW)

    assert made.advisor.backfill(made.picture, "beat:E", NOW) == ()
    assert made.advisor.backfill(made.picture, "beat:none", NOW) == ()


def test_after_a_restart_a_standing_alarm_is_not_raised_again_and_ends_when_reached() -> None:
    made = town().unit("x", (1000, 0)).unit("w", (4000, 0)).unit("e", (7000, 0))
    empty = watch(made)
    standing = {"beat:E": EmptyArea("beat:E", 0.1, NOW), "beat:gone": EmptyArea("beat:gone", 0.1, NOW)}
    told = []
    for second in range(0, 100, 10):
        told += empty.look(made.field.refresh(made.picture, NOW), standing, after(NOW, second), lambda area: ())
        standing.pop("beat:gone", None)  # as the core does when it is told

    assert {command.area for command in told if isinstance(command, RecordAreaReached)} == {"beat:E", "beat:gone"}
    assert len(told) == 2
