"""The command line: what is refused, how, and that nothing is left behind."""

import argparse
from pathlib import Path

import pytest

from kuaijing.city.generate import writing
from kuaijing.city.generate.command import add_command


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add_command(parser.add_subparsers())
    parsed = parser.parse_args(["generate", *words])
    return int(parsed.run(parsed))


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--seed", "x", "--area-km2", "52"), "--seed must be a whole number, got 'x'"),
        (("--seed", "1.5", "--area-km2", "52"), "--seed must be a whole number, got '1.5'"),
        (("--seed", "-1", "--area-km2", "52"), "--seed must be from 0"),
        (("--seed", "1", "--area-km2", "3.9"), "--area-km2 must be from 4 to 2000, got 3.9"),
        (("--seed", "1", "--area-km2", "2001"), "--area-km2 must be from 4 to 2000, got 2001"),
        (("--seed", "1", "--area-km2", "nan"), "--area-km2 must be from 4 to 2000, got nan"),
        (("--seed", "1", "--area-km2", "big"), "--area-km2 must be a number, got 'big'"),
        (("--seed", "1", "--area-km2", "4", "--until", "soon"), "--until must be a day"),
    ],
)
def test_bad_option_is_refused_in_one_line_that_names_it(
    words: tuple[str, ...], named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*words, "--out", str(tmp_path / "city")) == 2

    message = capsys.readouterr().err
    assert named in message
    assert len(message.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_folder_with_something_in_it_is_refused_and_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("keep")

    assert run("--seed", "1", "--area-km2", "4", "--out", str(tmp_path)) == 2

    assert "exists and is not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_failure_half_way_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(writing, "write_plan", fail)
    with pytest.raises(OSError, match="disk full"):
        writing.generate_city(tmp_path / "city", seed=1, area_km2=4.0)

    assert list(tmp_path.iterdir()) == []


def test_small_city_is_made_into_an_empty_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "city"
    out.mkdir()

    assert run("--seed", "3", "--area-km2", "4", "--out", str(out)) == 0

    assert "Qinglan (fictional)" in capsys.readouterr().out
    names = {path.name for path in out.iterdir()}
    assert {"ground.json", "source.osm.pbf", "plan", "history.parquet", "truth.json", "base.pmtiles"} <= names
    assert [path.name for path in tmp_path.iterdir()] == ["city"]
