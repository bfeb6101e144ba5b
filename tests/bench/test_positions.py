"""The positions bench: its peer reads the same, and what cannot be measured is refused by name."""

import argparse

import pytest

from kuaijing.bench import positions
from kuaijing.bench.output import BenchRefused
from kuaijing.bench.positions_decode import decode_rows


def test_decode_bench_tells_both_rates_after_it_compared_every_frame() -> None:
    rows = list(decode_rows(200, seed=1))

    assert {(row.engine, row.figure) for row in rows} == {
        ("kuaijing", "decoded to objects"),
        ("plain struct decoder", "decoded to objects"),
        ("kuaijing", "decoded to JSON text"),
    }
    assert all(row.value > 0 for row in rows)


@pytest.mark.parametrize(("option", "value"), [("--terminals", "0"), ("--every-s", "0.2"), ("--seconds", "0")])
def test_bench_refuses_what_it_cannot_measure(option: str, value: str) -> None:
    parser = argparse.ArgumentParser()
    positions.add_arguments(parser)

    with pytest.raises(BenchRefused, match=option):
        next(positions.run(parser.parse_args([option, value])))
