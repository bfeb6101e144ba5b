"""Bodies and queries read strictly: every fault at once, texts in one form."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuaijing.wire.devices import DeviceBody
from kuaijing.wire.problems import BadRequest, Fault
from kuaijing.wire.queries import IncidentsQuery, RouteQuery
from kuaijing.wire.reading import describe, read_body, read_query
from kuaijing.wire.requests import CallBody, OrdersBody, SignInBody, StepBody
from kuaijing.wire.texts import BadText, clean_text


def _faults(raw: bytes, wanted: type[msgspec.Struct]) -> dict[str, str]:
    with pytest.raises(BadRequest) as refused:
        read_body(raw, wanted)
    return {fault.field: fault.problem for fault in refused.value.faults}


def test_every_fault_is_listed_with_its_place_in_the_document() -> None:
    raw = b'{"units":[{"unit":"a","version":-1,"role":"boss"},{"unit":1}],"x":{}}'
    assert set(_faults(raw, OrdersBody)) == {
        "units[0].version",
        "units[0].role",
        "units[1].unit",
        "units[1].version",
        "x",
    }


def test_a_number_as_text_and_a_text_as_number_are_refused() -> None:
    assert _faults(b'{"place":{"lon":"112","lat":27},"kind":7}', CallBody) == {
        "place.lon": "Expected float, got str",
        "kind": "Expected str, got int",
    }


def test_a_time_without_a_zone_is_refused() -> None:
    assert set(_faults(b'{"at":"2026-11-21T08:00:00"}', StepBody)) == {"at"}


def test_a_time_that_its_zone_puts_outside_all_years_is_refused() -> None:
    assert set(_faults(b'{"at":"9999-12-31T23:59:59-14:00"}', StepBody)) == {"at"}
    with pytest.raises(BadRequest) as refused:
        read_query({"from": "0001-01-01T00:00:00+14:00"}, IncidentsQuery)
    assert [fault.field for fault in refused.value.faults] == ["from"]


def test_nothing_is_an_empty_body() -> None:
    assert read_body(b"", StepBody) == StepBody()


def test_a_password_is_never_shown_back() -> None:
    with pytest.raises(BadRequest) as refused:
        read_body(b'{"user":"wang","password":["geheim"]}', SignInBody)
    assert "geheim" not in str([msgspec.to_builtins(fault) for fault in refused.value.faults])


def test_a_device_code_is_never_shown_back() -> None:
    with pytest.raises(BadRequest) as refused:
        read_body(b'{"protocol":"osmand","key":"a","reason":"x","code":"geheim\\u0007"}', DeviceBody)
    assert [fault.field for fault in refused.value.faults] == ["code"]
    assert "geheim" not in str([msgspec.to_builtins(fault) for fault in refused.value.faults])


@pytest.mark.parametrize("raw", [b"{", b"nul", b'"\xff"', b'{"at":NaN}', b"[" * 200_000])
def test_what_is_no_json_is_a_400(raw: bytes) -> None:
    with pytest.raises(BadRequest) as refused:
        read_body(raw, StepBody)
    assert refused.value.status == 400


def test_half_a_surrogate_pair_is_no_text() -> None:
    with pytest.raises(BadRequest):
        read_body(b'{"note":"\\ud83d"}', StepBody)


def _faults_if_refused(raw: bytes) -> list[Fault] | None:
    try:
        read_body(raw, CallBody)
    except BadRequest as refused:
        return refused.faults
    return None


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_by_name(raw: bytes) -> None:
    assert _faults_if_refused(raw) != []


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(),
        lambda s: st.lists(s) | st.dictionaries(st.text(), s),
    )
)
def test_any_document_is_read_or_refused_by_name(document: object) -> None:
    raw = msgspec.json.encode({"place": document, "kind": document, "words": document})
    faults = _faults_if_refused(raw)
    assert faults is None or (faults and all(fault.remedy for fault in faults))


def test_query_texts_become_numbers_and_times() -> None:
    query = read_query({"limit": "5", "from": "2026-11-21T00:00:00+08:00", "status": "active"}, IncidentsQuery)
    assert (query.limit, query.status) == (5, "active")
    assert query.from_at is not None
    assert read_query({"class": "foot", "from": "112.1,27"}, RouteQuery).unit_class == "foot"


def test_faulty_queries_are_listed_by_the_name_that_was_sent() -> None:
    with pytest.raises(BadRequest) as refused:
        read_query({"limit": "0", "from": "yesterday", "from_at": "x"}, IncidentsQuery)
    assert {fault.field for fault in refused.value.faults} == {"limit", "from", "from_at"}


@given(st.text())
def test_clean_text_is_stable_and_holds_nothing_hidden(text: str) -> None:
    try:
        once = clean_text(text)
    except BadText:
        return
    assert clean_text(once) == once
    assert not set(once) & set("\x00\x07\x1b\u202e\u2066\r")


def test_text_is_composed_and_line_ends_are_one() -> None:
    assert clean_text("e\u0301\r\nb\rc") == "é\nb\nc"


@pytest.mark.parametrize("field", ["place", "kind", "grade", "origin", "called_at", "words", "link_to"])
def test_every_field_can_be_described(field: str) -> None:
    import typing

    assert describe(typing.get_type_hints(CallBody, include_extras=True)[field])
