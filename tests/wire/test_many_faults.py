"""A body of nothing but faults: a hundred are told, and no time is lost on the rest."""

import pytest

from kuaijing.wire.problems import BadRequest
from kuaijing.wire.queries import NoQuery
from kuaijing.wire.reading import MOST_FAULTS, read_body, read_query
from kuaijing.wire.requests import ClosureBody, PositionBatch, SignInBody


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (b'{"reports": [' + b",".join([b"{}"] * 300_000) + b"]}", PositionBatch),
        (b'{"reports": [' + b",".join([b"0"] * 300_000) + b"]}", PositionBatch),
        (b'{"name": "x", "shape": "line", "points": [' + b",".join([b"[]"] * 300_000) + b"]}", ClosureBody),
        (b"{" + b",".join(b'"%x": 1' % number for number in range(90_000)) + b"}", SignInBody),
    ],
    ids=["reports without fields", "reports that are none", "points that are none", "unknown fields"],
)
def test_a_hundred_faults_are_told_and_that_there_are_more(
    raw: bytes, wanted: type[PositionBatch | ClosureBody | SignInBody]
) -> None:
    with pytest.raises(BadRequest) as refused:
        read_body(raw, wanted)

    faults = refused.value.faults
    assert len(faults) == MOST_FAULTS + 1
    assert faults[-1].problem == f"more than {MOST_FAULTS} faults"
    assert all(fault.field for fault in faults[:-1])


def test_hidden_characters_and_query_parameters_are_told_up_to_a_hundred_too() -> None:
    report = b'{"unit": "a\\u0007", "lon": 1, "lat": 1, "measured_at": "2026-11-21T12:00:00Z"}'
    with pytest.raises(BadRequest) as in_body:
        read_body(b'{"reports": [' + b",".join([report] * 5000) + b"]}", PositionBatch)
    with pytest.raises(BadRequest) as in_query:
        read_query({str(number): "" for number in range(5000)}, NoQuery)

    assert [len(each.value.faults) for each in (in_body, in_query)] == [MOST_FAULTS + 1] * 2
