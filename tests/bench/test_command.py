"""Every bench speaks one form: a table for people, one object a line for programs; exit status 2 where it cannot run."""

import argparse
import json
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from kuaijing.bench import registry
from kuaijing.bench.command import add_commands
from kuaijing.bench.output import BenchRefused, Row


def bench(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(required=True))
    parsed = parser.parse_args(["bench", *arguments])
    return int(parsed.run(parsed))


@pytest.fixture
def tea(monkeypatch: pytest.MonkeyPatch) -> None:
    def add_arguments(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--cups", type=int, default=1)

    def run(arguments: argparse.Namespace) -> Iterator[Row]:
        if arguments.cups < 1:
            raise BenchRefused(f"--cups must be at least 1, got {arguments.cups}")
        yield Row("tea", "绿茶", "kuaijing", "brew_p50", 0.12345, "s")
        yield Row("tea", "绿茶", "kettle", "cups", arguments.cups, "count")

    module: Any = ModuleType("kuaijing.bench.tea")
    module.add_arguments, module.run = add_arguments, run
    monkeypatch.setitem(sys.modules, "kuaijing.bench.tea", module)
    monkeypatch.setitem(registry.BENCHES, "tea", "how long tea takes")


@pytest.mark.usefixtures("tea")
@pytest.mark.parametrize("arguments", [["tea", "--json", "--cups", "3"], ["--json", "tea", "--cups", "3"]])
def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert bench(arguments) == 0
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [
        {"bench": "tea", "case": "绿茶", "engine": "kuaijing", "figure": "brew_p50", "value": 0.12345, "unit": "s"},
        {"bench": "tea", "case": "绿茶", "engine": "kettle", "figure": "cups", "value": 3, "unit": "count"},
    ]


@pytest.mark.usefixtures("tea")
def test_table_has_a_head_and_a_row_a_figure(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench(["tea"]) == 0
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["bench", "case", "engine", "figure", "value", "unit"],
        ["tea", "绿茶", "kuaijing", "brew_p50", "0.123", "s"],
        ["tea", "绿茶", "kettle", "cups", "1", "count"],
    ]


@pytest.mark.usefixtures("tea")
def test_refusal_is_one_message_and_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench(["tea", "--cups", "0"]) == 2
    assert capsys.readouterr().err == "kuaijing bench tea: --cups must be at least 1, got 0\n"


def test_unknown_bench_lists_the_benches(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench(["nope"]) == 2
    assert "there is no bench 'nope'; there are dispatch" in capsys.readouterr().err
