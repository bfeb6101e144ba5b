"""Every fuzz target holds for its seeds, for pieces of them and for a few hundred bytes of anything."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.run import by_hypothesis
from tests.fuzz.targets import TARGETS, seeds


@pytest.mark.parametrize("name", TARGETS)
def test_target_holds_for_its_seeds_and_for_every_beginning_of_them(name: str) -> None:
    for seed in seeds(name):
        for end in range(len(seed) + 1):
            TARGETS[name](seed[:end])


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=40, deadline=None)
@given(data=st.binary(max_size=400))
def test_target_holds_for_anything(name: str, data: bytes) -> None:
    TARGETS[name](data)


def test_target_that_raises_is_found_and_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks(data: bytes) -> None:
        assert b"\x7e\x7e" not in data or len(data) < 1

    monkeypatch.setitem(TARGETS, "jt808_bodies", lambda data: breaks(data + b"\x7e" * (len(data) > 30) * 2))

    assert by_hypothesis("jt808_bodies", 0.5) == 1
    assert "jt808_bodies: FAILED" in capsys.readouterr().out
