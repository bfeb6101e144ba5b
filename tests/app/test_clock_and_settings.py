"""The city's clock never goes back and runs at its speed; settings are refused by name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuaijing.app.clock import CityClock
from kuaijing.app.refused import Refused
from kuaijing.app.settings import names, read_settings
from kuaijing.measures.instants import Instant

SECOND_NS = 1_000_000_000


@given(st.lists(st.integers(-10 * SECOND_NS, 10 * SECOND_NS), max_size=30), st.sampled_from([1.0, 4.0, 60.0]))
def test_time_never_stands_still_or_goes_back_whatever_the_machines_clock_does(steps: list[int], speed: float) -> None:
    wall = [1_700_000_000 * SECOND_NS]
    clock = CityClock(speed, wall_ns=lambda: wall[0])
    told = clock.now()
    for step in steps:
        wall[0] += step
        later = clock.now()
        assert later > told
        told = later


def test_a_minute_of_the_wall_is_an_hour_at_sixty_times() -> None:
    wall = [0]
    clock = CityClock(60.0, Instant(1_000), wall_ns=lambda: wall[0])
    clock.now()
    wall[0] += 60 * SECOND_NS
    assert clock.now() == 1_000 + 3_600_000_000


@pytest.mark.parametrize("speed", [0, -1, float("nan"), 1e9])
def test_an_impossible_speed_is_refused(speed: float) -> None:
    with pytest.raises(ValueError, match="speed"):
        CityClock(speed)


def test_a_setting_comes_from_the_environment_and_the_command_line_wins() -> None:
    environment = {"KUAIJING_TRACKING_ARRIVAL_M": "40", "KUAIJING_SESSION_LASTS_S": "600", "PATH": "/bin"}
    settings = read_settings(["tracking.arrival_m=30"], environment)
    assert (settings.tracking.arrival_m, settings.session.lasts_s) == (30.0, 600.0)
    assert settings.tracking.stale_moving_s == 60.0


@pytest.mark.parametrize(
    "given_", ["tracking.arrival_m", "tracking.arival_m=3", "tracking.arrival_m=near", "session.lasts_s=-1"]
)
def test_a_setting_that_is_none_is_refused_with_what_there_is(given_: str) -> None:
    with pytest.raises(Refused, match=r"setting|form"):
        read_settings([given_])


def test_every_setting_can_be_named() -> None:
    assert {"tracking.arrival_m", "tracking.lost_s", "session.lasts_s", "door.body_bytes"} <= set(names())


def test_texts_flags_and_ports_are_read_as_what_they_are() -> None:
    environment = {"KUAIJING_MQTT_PASSWORD": "geheim", "KUAIJING_JT808_PORT": "8808"}
    settings = read_settings(["mqtt.host=broker", "mqtt.tls=yes", "feeds.http=off", "jt808.host=0.0.0.0"], environment)
    assert (settings.mqtt.host, settings.mqtt.password, settings.mqtt.tls) == ("broker", "geheim", True)
    assert (settings.feeds.http, settings.jt808.port, settings.jt808.host) == (False, 8808, "0.0.0.0")


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ("jt808.port=70000", "port from 0 to 65535"),
        ("jt808.port=8.5", "number"),
        ("mqtt.tls=perhaps", "yes or no"),
        ("mqtt.host=a\x00b", "printable"),
        ("history.keep_days=-1", "0 or more"),
        ("history.keep_days=0", "give 1 or more"),
        ("history.flush_s=0", "without a pause"),
        ("jt808.frames_per_s=0", "give 1 or more"),
    ],
)
def test_an_impossible_value_is_refused_by_its_kind(given_: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        read_settings([given_])


def test_no_door_of_devices_but_http_is_open_unless_it_is_set() -> None:
    settings = read_settings()
    assert (settings.jt808.port, settings.mqtt.host, settings.metrics.token) == (0, "", "")
