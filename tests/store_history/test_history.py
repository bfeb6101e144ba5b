"""The history as the live picture and its askers use it."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kuaijing.measures.instants import Instant, after
from kuaijing.store.history import Dropped, HistorySettings, PositionHistory, history
from tests.store_history.street import NOON, SetClock, history_in, judged

HOUR = after(NOON, 3600)


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_QUIET_S", 0.0)


def wait_for(what: Iterator[bool]) -> None:
    deadline = time.monotonic() + 20
    while not next(what):
        assert time.monotonic() < deadline, "it did not come to that within 20 s"
        time.sleep(0.005)


def until_sealed(kept: PositionHistory) -> None:
    wait_for(iter(lambda: kept.state().unsealed == 0, None))


def test_a_track_is_the_units_fixes_by_time_with_everything_that_was_told(tmp_path: Path) -> None:
    with history_in(tmp_path) as kept:
        kept.take([judged("2095", 5, 112.9000001, speed_mps=8.33, heading_deg=271.5, accuracy_m=None)])
        kept.take([judged("2095", 0, 112.9), judged("2096", 0)])
        assert kept.flush()
        track = kept.track("2095", NOON, HOUR)

    assert track.measured.tolist() == [NOON, after(NOON, 5)]
    assert track.received.tolist() == [after(NOON, 0.4), after(NOON, 5.4)]
    assert track.lon.tolist() == [112.9, 112.9000001]
    assert track.speed.tolist() == pytest.approx([8.0, 8.33])
    assert track.heading[1] == 271.5
    assert track.accuracy.tolist() == pytest.approx([5.0, float("nan")], nan_ok=True)
    assert track.origins[track.origin[0]].device == "d1"


def test_the_end_of_a_period_is_not_in_it(tmp_path: Path) -> None:
    with history_in(tmp_path) as kept:
        kept.take([judged("2095", second) for second in (0, 600, 1200)])
        assert kept.flush()
        assert kept.track("2095", NOON, after(NOON, 1200)).measured.tolist() == [NOON, after(NOON, 600)]
        assert len(kept.track("2095", HOUR, NOON)) == 0
        assert len(kept.track("nobody", NOON, HOUR)) == 0


def test_ten_minutes_are_sealed_once_they_are_over_and_read_the_same(tmp_path: Path) -> None:
    clock = SetClock()
    with history_in(tmp_path, clock) as kept:
        kept.take([judged("2095", second, 112.9 + second * 1e-5) for second in range(0, 1200, 5)])
        assert kept.flush()
        open_track = kept.track("2095", NOON, HOUR)
        assert kept.state().segments == 0

        clock.seconds = 1300
        until_sealed(kept)
        sealed = kept.track("2095", NOON, HOUR)

        assert (kept.state().segments, kept.state().points) == (2, 240)
        assert sealed.lon.tolist() == open_track.lon.tolist()
        assert sealed.received.tolist() == open_track.received.tolist()


def test_a_late_fix_is_put_into_its_sealed_segment_and_marked_as_having_moved_nothing(tmp_path: Path) -> None:
    clock = SetClock()
    with history_in(tmp_path, clock) as kept:
        kept.take([judged("2095", 0), judged("2095", 100)])
        clock.seconds = 700
        assert kept.flush()
        until_sealed(kept)

        kept.take([judged("2095", 50, late=True, received_at=after(NOON, 690))])
        assert kept.flush()
        until_sealed(kept)
        track = kept.track("2095", NOON, HOUR)

        assert [at - NOON for at in track.measured.tolist()] == [0, 50_000_000, 100_000_000]
        assert track.moved.tolist() == [True, False, True]
        assert kept.state().segments == 1


def test_the_same_fix_ten_times_is_one_fix_before_and_after_sealing(tmp_path: Path) -> None:
    clock = SetClock()
    with history_in(tmp_path, clock) as kept:
        for _ in range(10):
            kept.take([judged("2095", 0)])
        assert kept.flush()
        assert len(kept.track("2095", NOON, HOUR)) == 1
        clock.seconds = 700
        until_sealed(kept)
        size = kept.state().points

        kept.take([judged("2095", 0, received_at=after(NOON, 650))])
        assert kept.flush()
        until_sealed(kept)

        assert size == kept.state().points == 1
        assert kept.track("2095", NOON, HOUR).received.tolist() == [after(NOON, 0.4)]  # the first time that it came
        assert kept.state().repeated == 10


def test_two_devices_of_one_unit_keep_their_fixes_apart(tmp_path: Path) -> None:
    with history_in(tmp_path) as kept:
        kept.take([judged("2095", 0, device="jt808:1"), judged("2095", 0, 112.91, device="jt808:2", late=True)])
        assert kept.flush()
        track = kept.track("2095", NOON, HOUR)

    assert [track.origins[each].device for each in track.origin] == ["jt808:1", "jt808:2"]


def test_a_restart_finds_sealed_and_unsealed_fixes_again(tmp_path: Path) -> None:
    clock = SetClock()
    with history_in(tmp_path, clock) as kept:
        kept.take([judged("2095", second) for second in (0, 300, 650)])
        clock.seconds = 700
        assert kept.flush()
        wait_for(iter(lambda: kept.state().points == 2, None))
    clock.seconds = 700
    with history_in(tmp_path, clock) as kept:
        assert len(kept.track("2095", NOON, HOUR)) == 3
        assert kept.units() == ("2095",)
        kept.take([judged("2096", 660)])
        assert kept.flush()
        assert len(kept.all_at(after(NOON, 700), 600)) == 2


def test_what_finds_no_room_in_the_queue_is_lost_counted_and_blocks_nobody(tmp_path: Path) -> None:
    kept = PositionHistory(tmp_path / "positions.sqlite", SetClock().now, HistorySettings(queue_fixes=100))
    for second in range(30):  # the thread does not run yet: nothing leaves the queue
        kept.take([judged(f"u{unit}", second) for unit in range(10)])

    assert (kept.state().queued, kept.state().lost) == (100, 200)
    kept.start()
    assert kept.flush()
    kept.take([judged("u1", 31)])
    assert kept.flush()
    assert (kept.state().written, kept.state().lost) == (101, 200)
    kept.close()


def test_a_fix_of_an_impossible_time_is_lost_and_the_others_are_kept(tmp_path: Path) -> None:
    with history_in(tmp_path) as kept:
        kept.take([judged("2095", -3e9), judged("2095", 1e10), judged("2095", 0)])
        assert kept.flush()
        assert (kept.state().lost, kept.state().written) == (2, 1)


def test_days_past_keeping_go_whole_and_it_is_told(tmp_path: Path) -> None:
    clock, told, done = SetClock(), list[Dropped](), threading.Event()
    day = 86_400
    with history_in(tmp_path, clock) as kept:
        kept.take([judged("2095", second) for second in (0, day, 2 * day)])
        clock.seconds = 2 * day + 700
        assert kept.flush()
        until_sealed(kept)

    settings = HistorySettings(flush_s=0.01, keep_days=1.0)
    kept = PositionHistory(tmp_path / "positions.sqlite", clock.now, settings)

    def tell(dropped: Dropped) -> None:
        told.append(dropped)
        done.set()

    kept.on_dropped = tell
    kept.start()
    assert done.wait(20)
    left = kept.track("2095", NOON, after(NOON, 4 * day))
    assert kept.near(112.9, 28.2, 100, NOON, after(NOON, 60)) == []
    kept.close()

    assert [at - NOON for at in left.measured.tolist()] == [day * 1_000_000, 2 * day * 1_000_000]
    assert told == [
        Dropped(Instant(NOON - 4 * 3_600_000_000 + day * 1_000_000), 1, 1)
    ]  # up to the day's midnight (UTC)


def test_a_clock_by_which_everything_is_past_keeping_is_doubted_for_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock = SetClock()
    with history_in(tmp_path, clock) as kept:
        kept.take([judged("2095", 0)])
        clock.seconds = 700
        assert kept.flush()
        until_sealed(kept)

    clock.seconds = 40 * 365 * 86_400.0  # somebody set the year 2066
    with history_in(tmp_path, clock) as kept:
        assert kept.flush()
        time.sleep(0.2)
        assert len(kept.track("2095", NOON, HOUR)) == 1
    assert caplog.text.count("look at the clock") == 1

    monkeypatch.setattr(history, "_DOUBT_S", 0.0)  # a day later
    with history_in(tmp_path, clock) as kept:
        for _ in range(500):
            if not len(kept.track("2095", NOON, HOUR)):
                break
            time.sleep(0.02)
        assert len(kept.track("2095", NOON, HOUR)) == 0


def test_reading_goes_on_while_it_is_written(tmp_path: Path) -> None:
    clock, faults = SetClock(), list[str]()
    with history_in(tmp_path, clock) as kept:
        stop = threading.Event()

        def read() -> None:
            seen = 0
            while not stop.is_set():
                count = len(kept.track("2095", NOON, HOUR))
                if count < seen:  # a fix that was seen is never missing later, whatever is sealed meanwhile
                    faults.append(f"{count} after {seen}")
                seen = count

        readers = [threading.Thread(target=read) for _ in range(3)]
        for reader in readers:
            reader.start()
        for second in range(0, 3600, 5):
            kept.take([judged("2095", second)])
            clock.seconds = second
            if second % 100 == 0:
                assert kept.flush()
        assert kept.flush()
        stop.set()
        for reader in readers:
            reader.join()

        assert faults == []
        assert len(kept.track("2095", NOON, HOUR)) == 720


def test_many_fixes_of_one_ten_minutes_are_sealed_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_MOST_OPEN", 50)
    with history_in(tmp_path) as kept:
        for second in range(200):
            kept.take([judged("2095", second)])
            assert kept.flush()
        assert kept.state().points >= 150
        assert kept.state().segments == 1
        assert len(kept.track("2095", NOON, HOUR)) == 200
