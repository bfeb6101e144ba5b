"""Three years of incidents follow the rate that they were drawn from."""

import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import yaml

from kuaijing.city.generate.history import KINDS, ZONE
from kuaijing.city.generate.plan import response_yaml

Table = dict[str, list[Any]]


@pytest.fixture(scope="module")
def history(city: Path) -> Table:
    table: Table = pq.read_table(city / "history.parquet").to_pydict()
    return table


@pytest.fixture(scope="module")
def truth(city: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((city / "truth.json").read_text())
    return found


def test_columns_are_those_of_the_contract(history: Table) -> None:
    assert list(history) == ["called_at", "lon", "lat", "kind", "grade", "origin", "on_scene_s", "beat"]
    assert history["called_at"] == sorted(history["called_at"])
    assert set(history["origin"]) == {"call", "patrol"}


def test_three_years_end_on_the_stated_day(history: Table) -> None:
    first, last = (history["called_at"][row].astimezone(ZONE).date() for row in (0, -1))
    assert (first, last) == (date(2023, 10, 1), date(2026, 9, 30)) or first == date(2023, 9, 29)
    assert history["called_at"][0].astimezone(UTC) > datetime(2023, 9, 1, tzinfo=UTC)


def test_volume_follows_the_people(history: Table, truth: dict[str, Any]) -> None:
    days = (date.fromisoformat(truth["until"]) - date.fromisoformat(truth["from"])).days + 1
    expected = truth["incidents_per_day"] * days
    assert len(history["kind"]) == pytest.approx(expected, abs=4 * expected**0.5)
    assert truth["incidents_per_day"] == pytest.approx(truth["people"] * 110 / 590_000)


def test_every_kind_is_known_to_the_response_plans(history: Table) -> None:
    grades = {kind["code"]: kind["grade"] for kind in yaml.safe_load(response_yaml())["kinds"]}
    for kind, grade in set(zip(history["kind"], history["grade"], strict=True)):
        assert grades[kind] == grade
    assert set(history["kind"]) <= set(KINDS)


def test_hot_spot_holds_its_share_of_its_kinds(history: Table, truth: dict[str, Any]) -> None:
    """Within three standard deviations of the spread lie at least the spot's share, and not much more than it."""
    lon, lat = np.array(history["lon"]), np.array(history["lat"])
    kinds = np.array(history["kind"])
    scale = 111_320 * np.cos(np.radians(lat.mean()))
    for spot in truth["hot_spots"]:
        mine = np.isin(kinds, [k for k, row in KINDS.items() if row[2] == spot["places"]])
        if mine.sum() < 1_500:
            continue
        gap = np.hypot((lon[mine] - spot["lon"]) * scale, (lat[mine] - spot["lat"]) * 110_800)
        share = (gap < 3 * spot["spread_m"]).mean()
        assert share > 0.95 * spot["share"] * 0.989 - 0.01, spot["name"]
        assert share < spot["share"] + 0.35, spot["name"]


def test_fights_come_at_night_and_traffic_in_the_rush(history: Table, truth: dict[str, Any]) -> None:
    by_kind: dict[str, Counter[int]] = {}
    for kind, at in zip(history["kind"], history["called_at"], strict=True):
        by_kind.setdefault(kind, Counter())[at.astimezone(ZONE).hour] += 1
    for kind in ("fight", "crash_minor", "theft", "noise"):
        count = np.array([by_kind[kind][hour] for hour in range(24)])
        expected = np.array(truth["hour_weights"][truth["kinds"][kind]["clock"]])
        assert np.abs(count / count.sum() - expected).max() < 0.02
    fights = by_kind["fight"]
    assert sum(fights[h] for h in (20, 21, 22, 23, 0, 1)) > 0.5 * fights.total()


def test_beat_of_an_incident_is_one_of_the_plan(history: Table) -> None:
    assert set(history["beat"]) == {"B20", "B21", "B22"}


def test_patrol_finds_some_itself(history: Table) -> None:
    share = history["origin"].count("patrol") / len(history["origin"])
    assert 0.08 < share < 0.2
