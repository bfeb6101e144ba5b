"""Numbers that a query may hold are numbers that the roads can be searched with."""

import pytest

from kuaijing.wire.problems import BadRequest
from kuaijing.wire.queries import IsochroneQuery
from kuaijing.wire.reading import read_query


@pytest.mark.parametrize("limit_s", ["5e-324", "0.0001", "0", "-1", "nan", "inf", "3601"])
def test_a_limit_of_less_than_a_second_or_more_than_an_hour_is_refused(limit_s: str) -> None:
    with pytest.raises(BadRequest) as refused:
        read_query({"unit": "2001", "limit_s": limit_s}, IsochroneQuery)

    assert [fault.field for fault in refused.value.faults] == ["limit_s"]
