"""The benches of the whole server, small: every figure that issue 2 asks for is there, and what was counted adds up."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pytest

from kuaijing.bench import engine, importing, recover, served
from kuaijing.bench.output import BenchRefused, Row, write_rows
from kuaijing.city.importing import import_city
from tests.shared_data import shared_data


def rows(bench: Any, *arguments: str) -> dict[tuple[str, str], Row]:
    parser = ArgumentParser()
    bench.add_arguments(parser)
    return {(row.engine, row.figure): row for row in bench.run(parser.parse_args(arguments))}


@pytest.fixture(scope="module")
def shanghai(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cities") / "shanghai"
    import_city(shared_data("roads/shanghai_core.osm"), folder)
    return folder


@pytest.fixture
def any_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test measures nothing, so it may run in memory."""
    monkeypatch.setattr(served, "is_in_memory", lambda folder: False)


@pytest.mark.usefixtures("any_disk")
def test_all_that_is_sent_is_accepted_and_reaches_every_console(
    shanghai: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(engine, "WARM_S", 1)
    load = ["--units", "40", "--commands-per-s", "12", "--consoles", "5", "--open", "6", "--seconds", "3"]
    found = rows(engine, "--city", str(shanghai), "--scratch", str(tmp_path), *load)

    ours = {figure: row.value for (by, figure), row in found.items() if by == "kuaijing"}
    nothing = ("commands_refused", "positions_refused", "console_missed", "console_gaps", "console_lost")
    assert {name: ours[name] for name in nothing} == dict.fromkeys(nothing, 0)
    assert ours["commands_per_s"] >= 10
    assert ours["positions_per_s"] >= 30
    assert 0 < ours["ack_p50"] <= ours["ack_p99"]
    assert ours["console_p95"] == max(ours["console_commands_p95"], ours["console_positions_p95"]) > 0
    assert 0 < ours["cores"] < 2
    assert ours["memory_mb"] > 50
    assert found["sqlite, a commit an event", "ack_p99"].unit == "ms"
    assert list(tmp_path.iterdir()) == []

    write_rows(found.values(), as_json=True)
    written = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {tuple(line) for line in written} == {("bench", "case", "engine", "figure", "value", "unit")}


@pytest.mark.usefixtures("any_disk")
def test_what_was_acknowledged_is_opened_after_the_kill(
    shanghai: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recover, "OPENINGS", 2)
    monkeypatch.setattr(recover, "SNAPSHOTS", 2)
    log = ["--incidents", "60", "--open", "20", "--units", "30", "--days", "2"]
    found = rows(recover, "--city", str(shanghai), "--scratch", str(tmp_path), *log)

    ours = {figure: row.value for (by, figure), row in found.items() if by == "kuaijing"}
    assert 1900 <= ours["replayed"] <= ours["log_entries"]
    assert 20 <= ours["incidents_in_memory"] <= 60
    assert all(ours[name] > 0 for name in ("open_s", "rebuild_s", "snapshot_s", "snapshot_100_consoles_s"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("any_disk")
def test_import_is_measured_beside_reading_alone(tmp_path: Path) -> None:
    found = rows(importing, str(shared_data("roads/shanghai_core.osm")), "--scratch", str(tmp_path))

    for by in ("kuaijing", "osmium, read alone"):
        assert {figure for each, figure in found if each == by} >= {"wall_s", "cpu_s", "memory_mb"}
    assert found["kuaijing", "memory_mb"].value > found["osmium, read alone", "memory_mb"].value > 10
    assert found["kuaijing", "arcs"].value > 1000


def test_what_cannot_be_measured_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BenchRefused, match="--consoles must be at least 1, got 0"):
        rows(engine, "--consoles", "0")
    with pytest.raises(BenchRefused, match="there is no city folder"):
        rows(engine, "--city", str(tmp_path / "none"))
    with pytest.raises(BenchRefused, match="got 5 open of 3 incidents"):
        rows(recover, "--incidents", "3", "--open", "5")
    with pytest.raises(BenchRefused, match=r"there is no file .*none\.osm\.pbf"):
        rows(importing, str(tmp_path / "none.osm.pbf"))
    broken = tmp_path / "broken.osm.pbf"
    broken.write_bytes(b"nothing")
    monkeypatch.setattr(served, "is_in_memory", lambda folder: True)
    with pytest.raises(BenchRefused, match="an fsync proves nothing; name a disk with --scratch DIR"):
        rows(importing, str(broken), "--scratch", str(tmp_path))
    monkeypatch.setattr(served, "is_in_memory", lambda folder: False)
    with pytest.raises(BenchRefused, match=r"exit status 2; it said: kuaijing city import: broken\.osm\.pbf"):
        rows(importing, str(broken), "--scratch", str(tmp_path))
