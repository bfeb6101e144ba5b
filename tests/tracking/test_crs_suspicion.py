"""A device that declares the wrong coordinate system is suspected by how its positions lie to the roads, and never converted."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from kuaijing.measures.coordinates import System, from_wgs84
from kuaijing.measures.instants import Instant
from kuaijing.routing.network import Network
from kuaijing.tracking import Pipeline, Report
from tests.grid_ground import grid_ground
from tests.tracking.reporting_units import report

BLOCK_M = 230.0
NETWORK = Network(grid_ground(11, 11, BLOCK_M))


def drive(error_m: float = 4.0, laps: int = 4, speed_mps: float = 10.0) -> list[Report]:
    """Round and round six blocks, a report every 5 s."""
    rng = np.random.default_rng(11)
    corners = BLOCK_M * np.array([(4, 4), (6, 4), (6, 7), (4, 7), (4, 4)])
    along = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(corners, axis=0)).sum(axis=1))])
    found = []
    for i in range(int(laps * along[-1] / (5 * speed_mps))):
        place = (i * 5 * speed_mps) % along[-1]
        east, north = (float(np.interp(place, along, corners[:, axis])) for axis in (0, 1))
        found.append(report(i * 5, east + rng.normal(0, error_m), north + rng.normal(0, error_m), speed_mps=speed_mps))
    return found


def sent_in(system: System, reports: list[Report]) -> list[Report]:
    return [
        replace(each, lon=float(lon), lat=float(lat))
        for each in reports
        for lon, lat in [from_wgs84(each.lon, each.lat, system)]
    ]


def suspicions(reports: list[Report], unit_class: str = "car") -> list[str | None]:
    pipe = Pipeline(NETWORK)
    found = []
    for each in reports:
        pipe.judge([each], {"U1": unit_class})
        found.append(next(iter(pipe.facts().values())).crs_suspected)
    return found


@pytest.mark.parametrize("system", ["gcj02", "bd09"])
def test_other_system_declared_wgs84_is_suspected_after_two_windows_of_20_positions(system: System) -> None:
    found = suspicions(sent_in(system, drive()))

    assert found[38] is None
    assert found[40:] == [system] * len(found[40:])


@pytest.mark.parametrize("declared", ["gcj02", "bd09"])
def test_wgs84_declared_something_else_is_suspected_too(declared: str) -> None:
    assert suspicions([replace(each, crs=declared) for each in drive()])[-1] == "wgs84"


@pytest.mark.parametrize("error_m", [0.0, 4.0, 15.0])
def test_what_is_declared_rightly_is_never_suspected(error_m: float) -> None:
    assert set(suspicions(drive(error_m, laps=10))) == {None}
    assert set(suspicions([replace(each, crs="gcj02") for each in sent_in("gcj02", drive(error_m))])) == {None}


def test_suspicion_converts_nothing() -> None:
    pipe, sent = Pipeline(NETWORK), sent_in("gcj02", drive())
    fixes = [pipe.judge([each], {"U1": "car"})[0].fix for each in sent]

    assert [(fix.lon, fix.lat) for fix in fixes if fix] == [(each.lon, each.lat) for each in sent]


def test_suspicion_ends_once_the_register_is_corrected() -> None:
    sent = sent_in("gcj02", drive())
    later = [
        replace(
            each,
            crs="gcj02",
            measured_at=Instant(each.measured_at + 3_600_000_000),
            received_at=Instant(each.received_at + 3_600_000_000),
        )
        for each in sent
    ]
    found = suspicions(sent + later)

    assert found[len(sent) - 1] == "gcj02"
    assert set(found[len(sent) :]) == {None}


def test_who_stands_still_or_follows_no_road_is_not_suspected() -> None:
    standing = [report(i * 5, 1070, 1070, speed_mps=0.0) for i in range(200)]

    assert set(suspicions(standing)) == {None}
    assert set(suspicions(sent_in("gcj02", drive()), unit_class="drone")) == {None}


def test_second_device_of_a_unit_is_watched_as_well() -> None:
    pipe, right = Pipeline(NETWORK), drive()
    wrong = sent_in("gcj02", right)
    for one, other in zip(right, wrong, strict=True):
        later = Instant(other.received_at + 100_000)
        pipe.judge([replace(one, device="a:1"), replace(other, device="b:2", received_at=later)], {"U1": "car"})

    facts = pipe.facts()
    assert (facts["a:1"].crs_suspected, facts["b:2"].crs_suspected) == (None, "gcj02")
    assert facts["a:1"].speaks


def test_device_that_was_right_and_is_changed_for_a_wrong_one_is_suspected_within_ten_minutes() -> None:
    right = drive(laps=2)
    begun = right[-1].measured_at
    wrong = [
        replace(each, measured_at=Instant(begun + each.measured_at - right[0].measured_at + 5_000_000))
        for each in sent_in("gcj02", drive(laps=4))
    ]
    wrong = [replace(each, received_at=each.measured_at) for each in wrong]
    found = suspicions([*right, *wrong])

    assert set(found[: len(right)]) == {None}
    assert "gcj02" in found[len(right) : len(right) + 120]


def test_force_that_begins_at_once_is_looked_at_one_device_after_the_other() -> None:
    pipe, wrong = Pipeline(NETWORK), sent_in("gcj02", drive())
    suspected = []
    for each in wrong:
        pipe.judge([replace(each, device=f"jt808:{i}") for i in range(10)], {"U1": "car"})
        suspected.append(sum(facts.crs_suspected == "gcj02" for facts in pipe.facts().values()))

    assert max(later - before for before, later in pairwise(suspected)) == 1
    assert suspected[-1] >= 6
