"""``kuaijing tracks export`` and the forms it writes, beside a writer."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from kuaijing.app.cli import main
from kuaijing.measures.instants import Instant, after
from kuaijing.store.history import PositionHistory
from kuaijing.store.history.stops import stops_of
from tests.store_history.street import NOON, history_in, judged

PERIOD = ("--from", "2026-11-21T12:00+08:00", "--to", "2026-11-21T13:00+08:00", "--reason", "年度演练数据分析")


def drive(kept: PositionHistory) -> None:
    """Two units: ten minutes at a fix each 5 s, silent for ten minutes, ten minutes more."""
    seconds = [*range(0, 600, 5), *range(1200, 1800, 5)]
    kept.take([judged(unit, second, 112.9 + second * 1e-5) for second in seconds for unit in ("2095", "2096")])
    kept.take([judged("2095", 1801, speed_mps=None)])
    assert kept.flush()


def export(data: Path, out: Path, *words: str) -> int:
    return main(["tracks", "export", "--data", str(data), *PERIOD, "--out", str(out), *words])


def test_parquet_holds_every_fix_with_times_in_utc(tmp_path: Path) -> None:
    with history_in(tmp_path) as kept:
        drive(kept)
        assert export(tmp_path, tmp_path / "o.parquet", "--format", "parquet") == 0
    table = pq.read_table(tmp_path / "o.parquet")

    assert table.num_rows == 481
    assert str(table.schema.field("measured_at").type) == "timestamp[us, tz=UTC]"
    assert pc.min(table["measured_at"]).as_py().isoformat() == "2026-11-21T04:00:00+00:00"
    assert sorted(set(table["unit"].to_pylist())) == ["2095", "2096"]
    assert table["speed_mps"].null_count == 1
    assert set(table["device"].to_pylist()) == {"d1"}


def test_lines_are_broken_where_the_unit_was_silent(tmp_path: Path) -> None:
    with history_in(tmp_path) as kept:
        drive(kept)
        assert export(tmp_path, tmp_path / "o.geojson", "--format", "geojson", "--unit", "2096") == 0
        assert export(tmp_path, tmp_path / "o.gpx", "--format", "gpx", "--unit", "2096") == 0
    features = json.loads((tmp_path / "o.geojson").read_text(encoding="utf-8"))["features"]
    segments = ET.parse(tmp_path / "o.gpx").findall(".//{http://www.topografix.com/GPX/1/1}trkseg")

    assert [len(each["geometry"]["coordinates"]) for each in features] == [120, 120]
    assert [len(each["properties"]["times"]) for each in features] == [120, 120]
    assert [len(segment) for segment in segments] == [120, 120]


def test_an_export_is_put_on_record_with_its_reason(tmp_path: Path) -> None:
    with history_in(tmp_path) as kept:
        drive(kept)
    assert export(tmp_path, tmp_path / "o.gpx", "--format", "gpx") == 0
    line = json.loads((tmp_path / "track-exports.jsonl").read_text(encoding="utf-8"))

    assert (line["reason"], line["format"], line["units"]) == ("年度演练数据分析", "gpx", [])


@pytest.mark.parametrize("form", ["parquet", "geojson", "gpx"])
def test_an_export_is_for_its_owner_only(tmp_path: Path, form: str) -> None:
    with history_in(tmp_path) as kept:
        drive(kept)
    assert export(tmp_path, tmp_path / "out", "--format", form) == 0

    assert (tmp_path / "out").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--unit", "2O95"), "2O95"),
        (("--from", "2026-11-21T12:00"), "zone"),
        (("--from", "2026-11-21T14:00+08:00"), "earlier time first"),
        (("--from", "2020-11-21T12:00+08:00", "--to", "2020-11-21T13:00+08:00"), "nothing was written"),
        (("--reason", " "), "say why"),
    ],
)
def test_what_cannot_be_exported_is_refused_in_a_line_and_leaves_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    with history_in(tmp_path) as kept:
        drive(kept)
    assert export(tmp_path, tmp_path / "o.parquet", "--format", "parquet", *words) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.glob("o.parquet*"))


def test_a_unit_that_stands_for_two_minutes_made_a_stop(tmp_path: Path) -> None:
    with history_in(tmp_path) as kept:
        places = (
            [0.0] * 30 + [second * 1e-3 for second in range(30)] + [0.03] * 20
        )  # 150 s here, on the way, 100 s there
        kept.take([judged("2095", row * 5, 112.9 + place) for row, place in enumerate(places)])
        assert kept.flush()
        stops = stops_of(kept.track("2095", NOON, after(NOON, 3600)))

    assert [(stop.from_at, stop.until) for stop in stops] == [(NOON, Instant(NOON + 150_000_000))]
    assert stops[0].lon == pytest.approx(112.9)
