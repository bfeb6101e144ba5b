"""Real fixes of twelve vehicles through the position door, on the imported roads of Xi'an."""

import csv
from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from kuaijing.city.ground import open_ground
from kuaijing.city.importing import import_city
from kuaijing.engine.live import LivePicture
from kuaijing.measures.coordinates import System, from_wgs84
from kuaijing.measures.instants import from_datetime
from kuaijing.routing.network import Network
from kuaijing.tracking import Judgement, Report
from tests.engine_live.small_core import SmallCore, TestClock
from tests.shared_data import shared_data


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Network:
    out = tmp_path_factory.mktemp("xian") / "xian"
    import_city(shared_data("roads/xian"), out, columns="xian")
    return Network(open_ground(out))


def reports(path: Path, crs: str = "wgs84") -> list[Report]:
    with path.open(encoding="utf-8-sig") as lines:
        rows = list(csv.DictReader(lines))
    zone = ZoneInfo("Asia/Shanghai")
    found = []
    for row in rows:
        at = from_datetime(datetime.strptime(row["time"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=zone))
        found.append(Report(row["agent_id"], float(row["lng"]), float(row["lat"]), at, at, crs))
    return sorted(found, key=lambda report: report.measured_at)


def through(network: Network, given: list[Report]) -> tuple[LivePicture, list[Judgement]]:
    core = SmallCore([(unit, "car") for unit in sorted({report.unit for report in given})], TestClock())
    live = LivePicture(core, network, core.clock)
    judged = [judgement for start in range(0, len(given), 50) for judgement in live.take(given[start : start + 50])]
    return live, judged


def off_road_m(judged: list[Judgement]) -> tuple[float, int]:
    """Median distance of the fixes that lie on a road, and how many lie on none."""
    fixes = [judgement.fix for judgement in judged if judgement.moves and judgement.fix is not None]
    return float(np.median([fix.off_road_m for fix in fixes if fix.arc >= 0])), sum(fix.arc < 0 for fix in fixes)


def test_every_fix_is_accepted_and_nearly_all_lie_on_a_road(network: Network) -> None:
    given = reports(shared_data("gps/xian_trackit_gps.csv"))
    live, judged = through(network, given)
    median_m, on_none = off_road_m(judged)
    print(f"Xi'an: {dict(live.pipeline.counts)}, median {median_m:.1f} m off the road, {on_none} on none")

    assert live.pipeline.counts == {"accepted": 2241}
    assert median_m < 20
    assert on_none < 10
    assert len(live.view().units) == 12


def test_system_that_is_taken_for_another_shows_in_the_distance_from_the_roads(network: Network) -> None:
    path = shared_data("gps/xian_trackit_gps.csv")
    right, _ = off_road_m(through(network, reports(path))[1])
    wrong, on_none = off_road_m(through(network, reports(path, crs="gcj02"))[1])

    assert wrong > 2 * right
    assert on_none > 1000


def test_repeated_and_shuffled_day_is_counted_by_reason_and_moves_nothing_back(network: Network) -> None:
    given = reports(shared_data("gps/xian_trackit_gps.csv"))
    rng = np.random.default_rng(7)
    late = {int(i) for i in rng.choice(len(given) - 10, 200, replace=False)}
    end = given[-1].received_at
    messy = [report for i, report in enumerate(given) if i not in late]
    messy += [
        Report(r.unit, r.lon, r.lat, r.measured_at, end, r.crs) for i, r in enumerate(given) if i in late or i % 50 == 0
    ]
    live, judged = through(network, messy)
    counts = live.pipeline.counts
    print(f"Xi'an, messy: {dict(counts)}")

    assert sum(counts.values()) == len(messy)
    assert counts["out_of_order"] > 100
    assert not set(counts) - {"accepted", "out_of_order", "duplicate", "ancient"}
    newest: Counter[str] = Counter()
    for judgement in judged:
        if judgement.moves and judgement.fix is not None:
            assert judgement.fix.measured_at > newest[judgement.fix.unit]
            newest[judgement.fix.unit] = judgement.fix.measured_at


@pytest.mark.parametrize("system", ["gcj02", "bd09"])
def test_real_drive_in_another_system_is_suspected_and_in_its_own_never(network: Network, system: System) -> None:
    given = reports(shared_data("gps/xian_trackit_gps.csv"))
    lon, lat = from_wgs84([each.lon for each in given], [each.lat for each in given], system)
    shifted = [replace(each, lon=x, lat=y) for each, x, y in zip(given, lon.tolist(), lat.tolist(), strict=True)]
    as_sent = [replace(each, crs=system) for each in shifted]

    suspected = {name: facts.crs_suspected for name, facts in through(network, shifted)[0].pipeline.facts().items()}
    long_enough = {f"terminal/{unit}" for unit, count in Counter(each.unit for each in given).items() if count >= 150}
    assert {name for name, found in suspected.items() if found == system} >= long_enough
    assert set(suspected.values()) <= {None, system}
    for right in (given, as_sent):
        assert {facts.crs_suspected for facts in through(network, right)[0].pipeline.facts().values()} == {None}
