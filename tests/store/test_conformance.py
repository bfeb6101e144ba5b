"""One suite for every twin of the store: memory, SQLite, PostgreSQL. Nothing above may ask which of them it has."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from kuaijing.engine.chain import verify
from kuaijing.engine.personal import SealedWords
from kuaijing.engine.ports import (
    Batch,
    EndedIncident,
    NewKey,
    PlanVersion,
    RegisterVersion,
    Row,
    SnapshotRecord,
    Store,
    StoredReceipt,
    Tail,
)
from kuaijing.measures.instants import Instant
from kuaijing.store.refused import LogMoved
from tests.store.rows import rows

Opener = Callable[[], Store]


@pytest.fixture
def store(opener: Opener) -> Iterator[Store]:
    opened = opener()
    yield opened
    opened.close()


def bare(found: list[Row]) -> list[Row]:
    """Without the index, which is not read back."""
    return [replace(row, incidents=()) for row in found]


def test_an_empty_log_has_an_empty_tail(store: Store) -> None:
    assert store.log.tail() == Tail()
    assert list(store.log.read(0)) == []
    assert store.log.timeline("20261121-0001") == []
    assert store.snapshots.newest() is None


def test_what_is_appended_is_read_back_to_the_byte(store: Store) -> None:
    written = rows(5)
    store.log.append(Batch(rows=tuple(written[:2])))
    store.log.append(Batch(rows=tuple(written[2:])))

    assert bare(list(store.log.read(0))) == bare(written)
    assert store.log.tail() == Tail(5, written[-1].hash)
    assert verify(store.log.read(0), store.algorithm, store.log.tail()).whole


def test_reading_by_range_and_type(store: Store) -> None:
    written = rows(4)
    written += rows(3, Tail(4, written[-1].hash), kind="IncidentClosed")
    store.log.append(Batch(rows=tuple(written)))

    assert [row.seq for row in store.log.read(2, until_seq=5)] == [3, 4, 5]
    assert [row.seq for row in store.log.read(0, types=["IncidentClosed"])] == [5, 6, 7]
    assert list(store.log.read(0, types=[])) == []
    assert [row.seq for row in store.log.read(7)] == []


def test_a_long_log_is_read_whole_and_in_order(store: Store) -> None:
    written = rows(4_500)
    store.log.append(Batch(rows=tuple(written)))

    assert [row.seq for row in store.log.read(0)] == list(range(1, 4_501))


def test_a_timeline_holds_what_concerns_the_incident(store: Store) -> None:
    store.log.append(Batch(rows=tuple(rows(7))))

    assert [row.seq for row in store.log.timeline("20261121-0001")] == [1, 2, 3, 4, 5, 6, 7]
    assert [row.seq for row in store.log.timeline("20261121-0002")] == [3, 6]


def test_an_append_that_does_not_follow_the_end_is_refused_and_leaves_nothing(store: Store) -> None:
    written = rows(6)
    store.log.append(Batch(rows=tuple(written[:3])))

    with pytest.raises(LogMoved, match="entry 5 does not follow the log's end at 3"):
        store.log.append(Batch(rows=tuple(written[4:]), words=(SealedWords("c1", "i1", b"x"),)))

    assert store.log.tail().seq == 3
    assert store.personal.find_words("c1") is None
    store.log.append(Batch(rows=tuple(written[3:])))
    assert store.log.tail().seq == 6


def test_a_receipt_is_found_by_actor_and_key(store: Store) -> None:
    receipt = StoredReceipt("王强", "key-1", "print", 3, 2, 3, b'{"incident":"20261121-0001"}')
    store.log.append(Batch(rows=tuple(rows(3)), receipts=(receipt,)))

    assert store.log.receipt("王强", "key-1") == receipt
    assert store.log.receipt("李明", "key-1") is None
    assert store.log.receipt("王强", "key-2") is None


def test_a_receipt_of_a_command_that_changed_nothing_needs_no_entry(store: Store) -> None:
    receipt = StoredReceipt("a", "k", "print", 0, 1, 0, b"{}")

    store.log.append(Batch(receipts=(receipt,)))

    assert store.log.receipt("a", "k") == receipt
    assert store.log.tail().seq == 0


def test_a_kept_snapshot_outlives_newer_ones_and_the_nearest_before_an_entry_is_found(store: Store) -> None:
    records = {seq: SnapshotRecord(seq, 1, bytes([seq]) * 32, f"d{seq}", b"state" * seq) for seq in (5, 10, 20, 30, 40)}
    store.snapshots.keep(records[5])
    store.snapshots.keep(records[20])
    for seq in (10, 30, 40):
        store.snapshots.save(records[seq])

    assert store.snapshots.nearest(4) is None
    assert store.snapshots.nearest(20) == records[20]
    assert store.snapshots.nearest(29) == records[20]
    assert store.snapshots.nearest(50) == records[40] == store.snapshots.newest()


def test_the_newest_snapshot_is_given(store: Store) -> None:
    for seq in (10, 20, 30):
        store.snapshots.save(SnapshotRecord(seq, 1, bytes([seq]) * 32, f"d{seq}", b"state" * seq))
    assert store.snapshots.newest() == SnapshotRecord(30, 1, bytes([30]) * 32, "d30", b"state" * 30)


def test_ended_incidents_are_found_by_number_call_and_assignment(store: Store) -> None:
    ended = EndedIncident("i1", Instant(100), Instant(900), ("c1", "i1.1"), b"file")
    store.log.append(Batch(rows=tuple(rows(1)), ended=(ended,)))

    for identifier in ("i1", "c1", "i1.1"):
        assert store.ended.find(identifier) == ended
    assert store.ended.find("i2") is None


def test_an_incident_that_goes_on_leaves_the_projection_and_its_parts_can_end_elsewhere(store: Store) -> None:
    store.log.append(Batch(ended=(EndedIncident("i1", Instant(100), Instant(900), ("c1", "c2"), b"one"),)))

    store.log.append(Batch(running=("i1",)))
    assert store.ended.find("i1") is None
    assert store.ended.find("c1") is None

    again = EndedIncident("i1", Instant(100), Instant(950), ("c1",), b"two")
    other = EndedIncident("i2", Instant(200), Instant(950), ("c2",), b"three")
    store.log.append(Batch(ended=(again, other)))
    assert store.ended.find("c1") == again
    assert store.ended.find("c2") == other


def test_ended_incidents_are_listed_by_opening_newest_first(store: Store) -> None:
    ended = tuple(EndedIncident(f"i{n}", Instant(n * 100), Instant(2_000), (), b"") for n in range(1, 6))
    store.log.append(Batch(ended=ended))

    assert [each.incident for each in store.ended.list_between(Instant(200), Instant(500), 10)] == ["i4", "i3", "i2"]
    assert [each.incident for each in store.ended.list_between(Instant(0), Instant(999), 2)] == ["i5", "i4"]


def test_words_and_key_are_kept_and_forgetting_destroys_the_key(store: Store) -> None:
    words = (SealedWords("c1", "i1", b"\x00sealed"), SealedWords("c2", "i1", b"also"))
    store.log.append(Batch(keys=(NewKey("i1", b"k" * 32),), words=words))
    assert store.personal.find_words("c1") == words[0]
    assert store.personal.find_key("i1") == b"k" * 32

    store.log.append(Batch(forgotten=(("i1", ("c1", "c2")),)))

    assert store.personal.find_words("c1") is None
    assert store.personal.find_key("i1") is None


def test_a_key_stays_while_words_of_a_call_that_moved_on_need_it(store: Store) -> None:
    words = (SealedWords("c1", "i1", b"one"), SealedWords("c2", "i1", b"two"))
    store.log.append(Batch(keys=(NewKey("i1", b"k" * 32),), words=words))

    store.log.append(Batch(forgotten=(("i1", ("c1",)),)))

    assert store.personal.find_words("c1") is None
    assert store.personal.find_words("c2") == words[1]
    assert store.personal.find_key("i1") == b"k" * 32


def test_the_key_of_an_incident_is_never_replaced(store: Store) -> None:
    store.log.append(Batch(keys=(NewKey("i1", b"a" * 32),)))
    store.log.append(Batch(keys=(NewKey("i1", b"b" * 32),)))

    assert store.personal.find_key("i1") == b"a" * 32


def test_advice_is_found_at_once_and_after_a_flush(store: Store) -> None:
    store.advice.put("d1", b"advice")
    assert store.advice.find("d1") == b"advice"
    store.advice.flush()
    store.advice.flush()
    store.advice.put("d1", b"advice")
    assert store.advice.find("d1") == b"advice"
    assert store.advice.find("d2") is None


def test_plans_are_kept_by_digest_and_listed_newest_first(store: Store) -> None:
    first, second = PlanVersion("d1", "清岚", "1", Instant(10)), PlanVersion("d2", "清岚", "2", Instant(20))
    store.plans.put(first, b"document")
    store.plans.put(second, b"other")
    store.plans.put(replace(first, version="9"), b"changed")

    assert store.plans.find("d1") == b"document"
    assert store.plans.find("d3") is None
    assert store.plans.list_versions() == [second, first]


def test_everything_is_there_after_closing_and_opening_again(opener: Opener) -> None:
    store = opener()
    written = rows(3)
    receipt = StoredReceipt("a", "k", "print", 3, 1, 3, b"{}")
    store.log.append(Batch(rows=tuple(written), receipts=(receipt,)))
    store.advice.put("d1", b"advice")
    store.close()

    store = opener()
    assert store.log.tail() == Tail(3, written[-1].hash)
    assert store.log.receipt("a", "k") == receipt
    assert store.advice.find("d1") == b"advice"
    store.close()
    store.close()


def test_reopening_confirming_and_probing_leave_everything_as_it_was(store: Store) -> None:
    written = rows(3)
    store.log.append(Batch(rows=tuple(written)))

    store.log.reopen()
    store.log.confirm()
    store.log.probe()

    assert bare(list(store.log.read(0))) == bare(written)


def entry(name: str, version: int, document: bytes = b"{}", register: str = "devices") -> RegisterVersion:
    return RegisterVersion(
        register, name, version, Instant(version), "王强", "换车", "change", b"s" * 16, "d", document
    )


def test_registers_keep_every_version_and_give_the_newest(store: Store) -> None:
    first, second, other = entry("b", 1, b'{"unit":"u1"}'), entry("b", 2, b'{"unit":"u2"}'), entry("a:甲", 1)
    store.log.append(Batch(rows=tuple(rows(1)), registers=(first, other, entry("b", 1, register="roster"))))
    store.log.append(Batch(registers=(second,)))

    assert store.registers.find("devices", "b") == second
    assert store.registers.find("devices", "c") is None
    assert store.registers.list_newest("devices") == [other, second]
    assert store.registers.history("devices", "b") == [first, second]


def test_a_register_entry_is_not_written_where_its_log_entry_is_refused(store: Store) -> None:
    written = rows(3)
    store.log.append(Batch(rows=tuple(written[:1])))

    with pytest.raises(LogMoved):
        store.log.append(Batch(rows=tuple(written[2:]), registers=(entry("a", 1),)))

    assert store.registers.list_newest("devices") == []
