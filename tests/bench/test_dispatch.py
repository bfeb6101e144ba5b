"""The dispatch bench measures what issue 2 asks for, and nothing it measures is wrong."""

from argparse import ArgumentParser
from pathlib import Path

import pytest

from kuaijing.bench import dispatch
from kuaijing.bench.output import BenchRefused, Row
from kuaijing.city.importing import import_city
from tests.shared_data import shared_data


def rows(*arguments: str) -> list[Row]:
    parser = ArgumentParser()
    dispatch.add_arguments(parser)
    return list(dispatch.run(parser.parse_args(arguments)))


@pytest.fixture(scope="module")
def shanghai(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cities") / "shanghai"
    import_city(shared_data("roads/shanghai_core.osm"), folder)
    return folder


def test_every_figure_is_there_beside_scipy_and_none_is_wrong(shanghai: Path) -> None:
    found = {
        (row.engine, row.figure): row for row in rows("--city", str(shanghai), "--units", "40", "--incidents", "15")
    }

    ours = {"search_p50", "search_p99", "first10_p50", "first10_p99", "wrong"}
    assert {("kuaijing", figure) for figure in ours} | {("scipy", "search_p50"), ("scipy", "search_p99")} <= set(found)
    assert found["kuaijing", "wrong"].value == 0
    assert all(row.unit == "ms" and row.value > 0 for (_, figure), row in found.items() if figure.endswith("p50"))


def test_what_cannot_be_measured_is_refused(shanghai: Path, tmp_path: Path) -> None:
    with pytest.raises(BenchRefused, match="there is no such folder"):
        rows("--city", str(tmp_path / "none"))
    with pytest.raises(BenchRefused, match="at least 10 units and 1 incident, got 3 and 300"):
        rows("--city", str(shanghai), "--units", "3")
