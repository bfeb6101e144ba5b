"""The daily analysis: planted facts are told, others are not, and what cannot be said is said so."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from kuaijing.demand import Grid
from kuaijing.measures.instants import SECOND
from kuaijing.studies.city_grid import CityGrid
from kuaijing.studies.demand_study import study_demand
from kuaijing.studies.records import Records
from kuaijing.studies.refused import StudyRefused

ZONE = "Asia/Shanghai"
GRID = Grid.over((117.0, 36.6, 117.06, 36.65))
CITY = CityGrid(GRID, np.full(GRID.cells, 400.0), ZONE, np.ones(GRID.cells, np.int64), ("", "人民路"))
START = int(datetime(2025, 1, 1, tzinfo=ZoneInfo(ZONE)).timestamp()) * SECOND
DAY = 86_400 * SECOND


def records(days: int, a_day: float, seed: int = 1) -> Records:
    random = np.random.default_rng(seed)
    count = int(days * a_day)
    at = START + np.sort(random.integers(0, days * DAY, count))
    return Records(
        at, random.uniform(117.0, 117.06, count), random.uniform(36.6, 36.65, count), random.choice(["fight", "theft"], count),
        np.full(count, 2, np.int8), np.full(count, "call"), np.full(count, 600.0, np.float32), np.ones(count, np.float32),
    )  # fmt: skip


def test_counts_of_the_period_are_those_of_its_local_days() -> None:
    history = records(90, 20)

    study = study_demand(history, CITY, days=28)

    local = [datetime.fromtimestamp(at / SECOND, UTC).astimezone(ZoneInfo(ZONE)).date() for at in history.called_at]
    wanted = sum(date(2025, 3, 4) <= day < date(2025, 4, 1) for day in local)
    assert study.made_for == "2025-04-01"
    assert study.in_period == wanted == sum(map(sum, study.week))
    assert study.kinds[0].now == wanted == sum(line.now for line in study.kinds[1:])


def test_a_planted_hot_spot_is_named_by_its_street_and_kinds() -> None:
    history = records(60, 10)
    history.lon[-150:], history.lat[-150:], history.kind[-150:] = 117.031, 36.626, "fight"

    study = study_demand(history, CITY, days=28)

    first = study.hot_spots[0]
    assert (first.road, first.top_kinds[0]) == ("人民路", "fight")
    assert abs(first.lon - 117.031) < 0.003
    assert first.incidents > 100


def test_an_even_city_has_no_hot_spot_no_repeat_and_no_season() -> None:
    study = study_demand(records(90, 20), CITY)

    assert study.hot_spots == []
    assert study.repeats == []
    assert study.season is None


def test_what_officers_find_is_counted_apart_unless_asked_for() -> None:
    history = records(60, 20)
    history = replace(history, origin=np.where(np.arange(len(history)) % 4 == 0, "patrol", "call"))

    apart, together = study_demand(history, CITY), study_demand(history, CITY, include_officers=True)

    assert together.in_period == apart.in_period + apart.by_officers
    assert apart.by_officers > 100


def test_a_year_before_is_compared_only_where_the_history_reaches_back() -> None:
    short, long = study_demand(records(90, 20), CITY), study_demand(records(500, 20), CITY)

    assert short.kinds[0].against_year is None
    assert study_demand(records(40, 20), CITY).kinds[0].against_before is None  # not known is not nothing
    against = long.kinds[0].against_year
    assert against is not None
    assert against.low < 1 < against.high  # type: ignore[operator]


def test_groups_are_told_as_groups() -> None:
    study = study_demand(records(60, 20), CITY, group_of={"fight": "order", "theft": "criminal"})

    assert [line.kind for line in study.kinds[1:]] in (["order", "criminal"], ["criminal", "order"])


def test_forecasts_are_judged_only_with_three_months_of_history() -> None:
    short, long = study_demand(records(70, 20), CITY), study_demand(records(200, 20), CITY)

    assert short.scores == []
    assert "needs three" in short.scores_note
    assert {line.forecast for line in long.scores} == {"rates", "kernel", "all_counts", "last_month"}


def test_no_incidents_and_another_citys_incidents_are_refused() -> None:
    history = records(60, 20)

    with pytest.raises(StudyRefused, match=r"the history goes from 2025-01-01 to 2025-03-01"):
        study_demand(history, CITY, until=date(2024, 6, 1))
    with pytest.raises(StudyRefused, match="lies in the city"):
        study_demand(replace(history, lon=history.lon + 5), CITY)
    with pytest.raises(StudyRefused, match="1 to 366"):
        study_demand(history, CITY, days=0)
