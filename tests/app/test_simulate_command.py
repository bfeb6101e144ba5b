"""``kuaijing simulate``: two plans on the same calls, real calls played again, and what is refused."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kuaijing.app.cli import main
from kuaijing.city.folder import counts_of, folder_in_the_making, write_manifest, write_roads
from kuaijing.wire.plans import write_folder
from kuaijing.wire.plans.provisional import provisional
from tests.grid_ground import grid_ground

GROUND = grid_ground(7, 7, 400.0)
FULL = provisional(GROUND, platforms=2)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A grid of streets as a city folder, its plan and the plan with half of the units beside it."""
    out = tmp_path_factory.mktemp("grid") / "city"
    with folder_in_the_making(out) as making:
        facts = {
            "name": "试验市", "hash": write_roads(making, GROUND, GROUND.names), "bbox": list(GROUND.bbox),
            "timezone": "Asia/Shanghai", "fictional": True, "crs_of_source": "wgs84", "attribution": "",
            "counts": counts_of(GROUND, GROUND.names), "dropped": {}, "made_by": "test",
        }  # fmt: skip
        write_manifest(making, facts)
    write_folder(FULL, out.parent / "full")
    write_folder(replace(FULL, name="half", force=FULL.force[::3]), out.parent / "half")
    return out


def calls_file(folder: Path, rows: int = 40, **changed: object) -> Path:
    """A call an hour from Tuesday 2026-01-06 08:00 local at the grid's corners."""
    begins = datetime(2026, 1, 6, 0, 0, tzinfo=UTC)
    spots = [(float(GROUND.node_lon[n * 7 % 49]), float(GROUND.node_lat[n * 7 % 49])) for n in range(rows)]
    columns: dict[str, object] = {
        "called_at": [begins + timedelta(hours=n) for n in range(rows)],
        "lon": [lon for lon, _ in spots],
        "lat": [lat for _, lat in spots],
        "kind": [FULL.kinds[n % len(FULL.kinds)].code for n in range(rows)],
        "on_scene_s": [600 if n % 2 else None for n in range(rows)],
        "origin": ["patrol" if n == 3 else "110" for n in range(rows)],
    }
    path = folder / "calls.parquet"
    pq.write_table(pa.table(columns | changed), path)
    return path


def test_two_plans_on_the_same_calls_are_compared_with_intervals(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [
        "simulate", "--city", str(city), "--plan", str(city.parent / "full"), "--against", str(city.parent / "half"),
        "--calls-per-day", "150", "--days", "2", "--replications", "3", "--workers", "1",
    ]  # fmt: skip
    assert main([*words, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)

    assert [each["name"] for each in answer["summaries"]] == [FULL.name, "half"]
    assert answer["summaries"][0]["calls"] == answer["summaries"][1]["calls"]
    within = answer["differences"][0]["within"]
    assert within["low"] <= within["value"] <= within["high"]
    assert within["value"] < 0  # a third of the units reaches less
    assert main(words) == 0
    table = capsys.readouterr().out
    assert "B − A" in table
    assert "half" in table


def test_real_calls_are_played_again(city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = calls_file(tmp_path)
    words = ["simulate", "--city", str(city), "--plan", str(city.parent / "full"), "--calls", str(path)]
    assert main([*words, "--replications", "3", "--workers", "1", "--json"]) == 0
    told = capsys.readouterr()

    answer = json.loads(told.out)
    assert answer["summaries"][0]["calls"]["value"] == 39
    assert answer["replications"] == 3
    assert "1 incidents found by patrols are left out" in told.err


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"lon": [float("nan")] * 40}, "row 1 has no moment or no place"),
        ({"kind": ["nonsense"] * 40}, "knows none of the kinds"),
        ({"origin": ["patrol"] * 40}, "has no call"),
    ],
)
def test_calls_that_make_no_sense_are_refused_by_name(
    city: Path, tmp_path: Path, changed: dict[str, object], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = calls_file(tmp_path, **changed)
    assert main(["simulate", "--city", str(city), "--calls", str(path), "--workers", "1"]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--calls", "nowhere.parquet"], "there is no file nowhere.parquet"),
        (["--calls-per-day", "50", "--days", "0"], "days must be above 0"),
        (["--calls-per-day", "50", "--policy", "nowhere"], "no policy 'nowhere'"),
        (["--calls-per-day", "50", "--replications", "0"], "replications must be 1 or more"),
        (["--calls-per-day", "nan"], "calls_per_day"),
        ([], "has no incident history"),
    ],
)
def test_what_cannot_be_simulated_is_refused_by_name(
    city: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simulate", "--city", str(city), "--workers", "1", *words]) == 2
    assert said in capsys.readouterr().err
