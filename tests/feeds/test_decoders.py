"""What each protocol's message says, in house units; what is none is refused with all its faults, never with another error."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuaijing.feeds import gpslogger, json_batch, osmand, owntracks, traccar
from kuaijing.feeds.readings import BadReading, DeviceReading
from kuaijing.measures.instants import from_datetime
from tests.shared_data import shared_data


def samples() -> Any:
    return json.loads(shared_data("gps/position_samples.json").read_text())


def raw(document: Any) -> bytes:
    return json.dumps(document).encode()


def utc(text: str) -> int:
    return from_datetime(datetime.fromisoformat(text))


def query(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def one(found: object) -> DeviceReading:
    assert isinstance(found, list)
    (reading,) = found
    assert isinstance(reading, DeviceReading)
    return reading


def faults(message: Any) -> set[str]:
    with pytest.raises(BadReading) as refused:
        message()
    return {fault.field for fault in refused.value.faults}


def test_traccar_speaks_knots_and_its_alarm_is_an_sos() -> None:
    reading = one(traccar.decode(raw(samples()["traccar_forward_json"])))

    assert (reading.key, reading.lon, reading.lat) == ("13800138000", 116.3975, 39.9087)
    assert reading.speed_mps == pytest.approx(40 / 3.6, abs=0.001)  # 21.598 knots are 40 km/h
    assert reading.measured_at == utc("2026-11-21T11:29:58+00:00")
    assert (reading.heading_deg, reading.accuracy_m, reading.sos) == (180.0, None, True)  # accuracy 0 is "unknown"
    assert reading.said == {"name": "京A0001警", "category": "car", "protocol": "jt808"}


@pytest.mark.parametrize("marks", [{"valid": False}, {"outdated": True}])
def test_traccar_position_that_is_the_last_one_again_tells_no_place_but_keeps_its_sos(marks: dict[str, bool]) -> None:
    message = samples()["traccar_forward_json"]
    message["position"] |= marks

    reading = one(traccar.decode(raw(message)))

    assert (reading.lon, reading.lat, reading.sos) == (None, None, True)


def test_traccar_alarms_come_joined_and_a_stored_position_is_backfill() -> None:
    message = samples()["traccar_forward_json"]
    message["position"]["attributes"] = {"alarm": "powerOn,sos", "archive": True}

    reading = one(traccar.decode(raw(message)))

    assert (reading.sos, reading.backfill) == (True, True)


def test_every_fault_of_a_traccar_message_is_listed_at_once() -> None:
    message = {"device": {"uniqueId": ""}, "position": {"longitude": "east", "fixTime": "2026-11-21T11:29:58"}}

    assert faults(lambda: traccar.decode(raw(message))) == {
        "device.uniqueId",
        "position.longitude",
        "position.latitude",  # missing
        "position.fixTime",  # no zone: a guess would be eight hours off
    }


def test_osmand_timestamp_is_seconds_milliseconds_or_iso() -> None:
    found = [one(osmand.decode_query(query(url))) for url in samples()["osmand_query"]]

    assert [reading.measured_at for reading in found[:3]] == [
        1442068686579000,
        utc("2016-01-27T18:55:47+00:00"),
        1377177267000000,
    ]
    assert (found[2].key, found[2].lat, found[2].lon) == ("123456", 60.0, 30.0)  # location=lat,lon
    assert found[3].measured_at is None  # none was sent: the server's own time stands in


def test_osmand_query_speaks_knots_json_metres_a_second() -> None:
    of_query = one(osmand.decode_query({"deviceid": "a", "lat": "27", "lon": "112", "speed": "10", "heading": "90"}))
    message = samples()["osmand_json"]
    message["location"]["coords"]["speed"] = 10

    of_json = one(osmand.decode_json(raw(message)))

    assert of_query.speed_mps == pytest.approx(5.144, abs=0.001)
    assert (of_query.key, of_query.heading_deg) == ("a", 90.0)
    assert (of_json.key, of_json.speed_mps, of_json.heading_deg) == ("48241179", 10.0, None)  # heading -1 is unknown
    assert of_json.measured_at == utc("2025-06-15T13:45:12.862+00:00")


def test_osmand_without_an_id_is_refused() -> None:
    (url,) = samples()["osmand_reject"]

    assert faults(lambda: osmand.decode_query(query(url))) == {"id"}


def test_osmand_fault_is_listed_once() -> None:
    with pytest.raises(BadReading) as refused:
        osmand.decode_query({"id": "a", "lat": "nan"})

    assert [(fault.field, fault.problem) for fault in refused.value.faults] == [
        ("lat", "not a finite number"),
        ("lon", "missing"),
    ]


def test_code_is_never_shown_back() -> None:
    with pytest.raises(BadReading) as refused:
        json_batch.decode(raw({"devices": [{"device": "K1", "code": "s3cret" * 40, "fixes": []}]}))

    assert "s3cret" not in str(refused.value)


def test_osmand_minus_one_is_unknown_and_a_list_of_locations_is_several_readings() -> None:
    message = samples()["osmand_json"]
    message["location"]["coords"]["speed"] = -1
    message["location"] = [message["location"], message["location"]]

    assert [reading.speed_mps for reading in osmand.decode_json(raw(message))] == [None, None]


def test_place_that_the_phone_calls_made_up_is_refused() -> None:
    message = samples()["osmand_json"]
    message["location"]["mock"] = True

    assert faults(lambda: osmand.decode_json(raw(message))) == {"location.mock"}


def test_sos_of_traccar_client_needs_no_place() -> None:
    reading = one(osmand.decode_query({"id": "a", "alarm": "sos"}))

    assert (reading.sos, reading.lon, reading.lat) == (True, None, None)


def test_owntracks_speaks_km_an_hour_and_seconds() -> None:
    first, second = samples()["owntracks"]

    walking = one(owntracks.decode(raw(first), "zhang", "phone"))
    parked = one(owntracks.decode(raw(second)))

    assert walking.speed_mps == pytest.approx(16.944, abs=0.001)  # 61 km/h
    assert (walking.key, walking.measured_at, walking.heading_deg) == ("zhang/phone", 1497349316000000, 271.0)
    assert parked.key == "ckrey/22A67880-15C3-41A6-9157-25545C7993AC"  # out of the message's own topic
    assert parked.measured_at == 1736161169000000  # tst, not created_at


def test_owntracks_empty_body_and_other_types_tell_no_place() -> None:
    others = [b"", b"  ", *(raw({"_type": kind}) for kind in ("transition", "waypoints", "card", "cmd", "status"))]

    assert [owntracks.decode(each, "u", "d") for each in others] == [[]] * len(others)
    assert owntracks.decode(raw({"_type": "lwt", "tst": 1}), "u", "d") == owntracks.Gone("u/d")
    assert faults(lambda: owntracks.decode(raw({"_type": "encrypted", "data": "x"}))) == {"_type"}


def test_gpslogger_speed_is_metres_a_second() -> None:
    url = "/?id=R52&lat=27.001&lon=112.002&timestamp=2026-11-21T11:30:00.000Z&bearing=12.5&accuracy=8&spd=3.5&batt=77"

    reading = one(gpslogger.decode(query(url)))

    assert (reading.key, reading.lat, reading.lon) == ("R52", 27.001, 112.002)
    assert (reading.speed_mps, reading.heading_deg, reading.accuracy_m) == (3.5, 12.5, 8.0)


def test_batch_holds_several_devices_and_lists_the_faults_of_all() -> None:
    fix = {"lon": 112.0, "lat": 27.0, "measured_at": "2026-11-21T19:30:00+08:00"}
    good = {
        "devices": [{"device": "K1", "code": "c", "fixes": [fix, fix | {"sos": True}]}, {"device": 2, "fixes": [fix]}]
    }
    bad = {"devices": [{"device": "K1", "fixes": [fix | {"lat": None}, fix | {"speed": 3}]}, {"fixes": "none"}], "x": 1}

    readings = json_batch.decode(raw(good))

    assert [(each.key, each.sos, each.code) for each in readings] == [
        ("K1", False, "c"),
        ("K1", True, "c"),
        ("2", False, None),
    ]
    assert faults(lambda: json_batch.decode(raw(bad))) == {
        "x",
        "devices[0].fixes[0].lat",
        "devices[0].fixes[1].speed",
        "devices[1].device",
        "devices[1].fixes",
    }


def told(decode: Any, message: Any) -> Any:
    """What it gave, or its refusal; another error is the test's failure."""
    try:
        return decode(message)
    except BadReading as refused:
        return refused


SOMETHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=80) | st.just("2026-11-21T11:30:00Z"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
NAMES = [
    "device",
    "position",
    "uniqueId",
    "longitude",
    "latitude",
    "fixTime",
    "speed",
    "course",
    "accuracy",
    "attributes",
    "alarm",
    "valid",
    "_type",
    "lon",
    "lat",
    "tst",
    "vel",
    "cog",
    "acc",
    "topic",
    "tid",
    "location",
    "coords",
    "timestamp",
    "device_id",
    "id",
    "mock",
    "extras",
    "devices",
    "fixes",
    "code",
    "measured_at",
    "sos",
]
KNOWN = st.recursive(
    SOMETHING,
    lambda inner: st.dictionaries(st.sampled_from(NAMES), inner, max_size=8) | st.lists(inner, max_size=3),
    max_leaves=30,
)
DECODERS = {
    "traccar": traccar.decode,
    "osmand": osmand.decode_json,
    "owntracks": owntracks.decode,
    "batch": json_batch.decode,
}


@pytest.mark.parametrize("name", DECODERS)
@given(st.binary(max_size=200) | KNOWN.map(lambda document: json.dumps(document).encode()))
def test_json_decoder_gives_readings_or_lists_faults_whatever_comes(name: str, message: bytes) -> None:
    found = told(DECODERS[name], message)

    assert isinstance(found, list | owntracks.Gone) or found.faults


@pytest.mark.parametrize("decode", [osmand.decode_query, gpslogger.decode])
@given(st.dictionaries(st.sampled_from([*NAMES, "spd", "bearing", "alarm"]), st.text(max_size=80)))
def test_query_decoder_gives_readings_or_lists_faults_whatever_comes(decode: Any, given_query: dict[str, str]) -> None:
    found = told(decode, given_query)

    assert isinstance(found, list) or found.faults


@pytest.mark.parametrize("number", ["1e999", "nan", "-inf", "9" * 400, "1_0", "１２", "１e5x", "0x10", True, [], {}])
def test_figure_that_is_no_finite_number_is_a_fault(number: Any) -> None:
    assert "lat" in faults(lambda: osmand.decode_query({"id": "a", "lat": number, "lon": "112"}))


def test_document_nested_without_end_is_refused() -> None:
    for decode in DECODERS.values():
        with pytest.raises(BadReading):
            decode(b'{"position":' * 200_000)
