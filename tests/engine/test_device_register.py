"""The device register: who may speak for which unit, with which code; strangers are listed and never believed."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuaijing.domain.errors import Invalid, Refused, UnknownUnit
from kuaijing.domain.registers import StaleRegister, UnknownEntry
from kuaijing.engine.device_contacts import MOST_CALLED_ONCE, MOST_CALLING, Contacts, DoorFaults, Strangers
from kuaijing.engine.device_records import DeviceRecord, plain_key
from kuaijing.engine.device_register import DeviceChange, DeviceRegister
from kuaijing.engine.devices import DeviceBook
from kuaijing.engine.engine import Engine
from kuaijing.store.memory import MemoryStore
from tests.engine.city import at, context

SECRET = b"s" * 32
RADIO = DeviceRecord("jt808", "13912345678", "u1", "一号车载")
ID = "jt808:013912345678"


@pytest.fixture
def register(engine: Engine) -> DeviceRegister:
    made = DeviceRegister(engine, SECRET)
    made.load()
    return made


async def test_it_is_the_book_that_the_doors_ask(register: DeviceRegister) -> None:
    book: DeviceBook = register
    assert book.find("jt808", "013912345678") is None

    await register.enter(RADIO, context(1, reason="新车"))

    found = book.find("jt808", "013912345678")
    assert found is not None
    assert (found.id, found.unit, found.active, found.version) == (ID, "u1", True, 1)


async def test_a_device_that_moves_to_another_unit_speaks_for_it_at_once(register: DeviceRegister) -> None:
    await register.enter(RADIO, context(1, reason="新车"))

    await register.change(ID, 1, DeviceChange(unit="u2"), context(2, reason="换车"))

    assert register.get(ID).unit == "u2"
    with pytest.raises(StaleRegister):
        await register.change(ID, 1, DeviceChange(unit="u3"), context(3, reason="换车"))
    assert register.get(ID).unit == "u2"
    assert [(each.device.unit, each.actor, each.reason) for each in register.history(ID)] == [
        ("u1", "dispatcher", "新车"),
        ("u2", "dispatcher", "换车"),
    ]


async def test_of_twenty_changes_of_one_version_at_once_one_is_made(register: DeviceRegister) -> None:
    await register.enter(RADIO, context(1, reason="新车"))

    answers = await asyncio.gather(
        *(register.change(ID, 1, DeviceChange(name=f"{n}"), context(2, reason="x")) for n in range(20)),
        return_exceptions=True,
    )

    assert sum(isinstance(each, StaleRegister) for each in answers) == 19
    assert (register.get(ID).name, register.get(ID).version) == ("0", 2)


async def test_a_repeat_with_the_same_key_changes_nothing_again(register: DeviceRegister) -> None:
    await register.enter(RADIO, context(1, reason="a", key="k"))
    await register.change(ID, 1, DeviceChange(unit="u2"), context(2, reason="b"))

    assert (await register.enter(RADIO, context(3, reason="a", key="k"))).repeated
    assert (register.get(ID).unit, register.get(ID).version) == ("u2", 2)


async def test_two_devices_may_speak_for_one_unit_and_one_may_lie_in_a_drawer(register: DeviceRegister) -> None:
    await register.enter(RADIO, context(1, reason="a"))
    await register.enter(DeviceRecord("osmand", "phone-7", "u1", "对讲机"), context(2, reason="b"))
    await register.change(ID, 1, DeviceChange(unit=""), context(3, reason="送修"))

    assert [(each.id, each.unit) for each in register.list_devices()] == [(ID, None), ("osmand:phone-7", "u1")]


async def test_a_withdrawn_device_is_known_and_not_active_until_it_is_restored(register: DeviceRegister) -> None:
    await register.enter(RADIO, context(1, reason="a"))
    await register.retire(ID, 1, context(2, reason="遗失"))
    assert not register.get(ID).active
    await register.restore(ID, 2, context(3, reason="找回"))
    assert register.get(ID).active


async def test_the_code_is_derived_until_another_is_wanted_or_given(register: DeviceRegister) -> None:
    await register.enter(RADIO, context(1, reason="a"))
    device = register.get(ID)
    first = register.code_of(device)
    assert len(first) == 16
    assert register.is_code(device, first)
    assert not register.is_code(device, "")

    await register.change(ID, 1, DeviceChange(new_code=True), context(2, reason="泄露"))
    assert not register.is_code(device, first)
    await register.change(ID, 2, DeviceChange(code="4711-AB"), context(3, reason="预置终端"))
    assert register.code_of(device) == "4711-AB"
    await register.change(ID, 3, DeviceChange(code=""), context(4, reason="改回"))
    assert register.code_of(device) not in (first, "4711-AB")


async def test_a_code_is_nowhere_in_the_log_and_a_look_at_it_is(register: DeviceRegister, store: MemoryStore) -> None:
    given_code = DeviceRecord("jt808", "13912345678", "u1", "一号车载", code="4711-AB")
    await register.enter(given_code, context(1, reason="预置终端"))

    assert await register.show_code(ID, context(2, reason="现场调试", actor="admin")) == "4711-AB"

    assert not [row for row in store.log.rows if b"4711-AB" in row.body]
    (look,) = (row for row in store.log.rows if row.type == "SecretShown")
    assert (look.actor, look.reason) == ("admin", "现场调试")


async def test_everything_is_as_it_was_after_a_restart(register: DeviceRegister, engine: Engine) -> None:
    await register.enter(RADIO, context(1, reason="a"))
    await register.change(ID, 1, DeviceChange(crs="gcj02", new_code=True), context(2, reason="b"))

    again = DeviceRegister(engine, SECRET)
    again.load()

    assert again.list_devices() == register.list_devices()
    assert again.code_of(again.get(ID)) == register.code_of(register.get(ID))


async def test_every_fault_of_an_entry_is_told_at_once(register: DeviceRegister) -> None:
    with pytest.raises(Refused) as refused:
        await register.enter(DeviceRecord("gt06", "a b", None, "", "wgs72", 1, "x"), context(1, reason="a"))
    assert {fault.field for fault in refused.value.fields()} == {"protocol", "key", "crs", "code"}
    assert "x" not in [fault.value for fault in refused.value.fields()]
    with pytest.raises(Invalid, match="telephone"):
        await register.enter(DeviceRecord("jt808", "radio-1", None, ""), context(1, reason="a"))
    with pytest.raises(UnknownUnit):
        await register.enter(DeviceRecord("osmand", "p", "u99", ""), context(1, reason="a"))
    with pytest.raises(UnknownEntry):
        await register.retire("osmand:p", 1, context(1, reason="a"))
    assert register.list_devices() == []


async def test_an_approved_stranger_is_a_stranger_no_more(register: DeviceRegister) -> None:
    register.unknown("jt808", "013912345678", at(1), {"plate": "豫A12345"})
    assert [each.facts for each in register.list_unknown()] == [{"plate": "豫A12345"}]

    await register.enter(RADIO, context(2, reason="核实"))

    assert register.list_unknown() == []


def test_a_flood_of_invented_names_pushes_out_invented_names_only() -> None:
    strangers = Strangers()
    for second in (1, 2):
        strangers.heard("jt808", "013900000001", at(second), {})
    for number in range(10 * MOST_CALLED_ONCE):
        strangers.heard("jt808", f"{number}", at(3), {str(fact): "x" * 999 for fact in range(99)})

    found = strangers.all()
    assert found[0].key == "013900000001"
    assert (found[0].count, found[0].first_at, found[0].last_at) == (2, at(1), at(2))
    assert len(found) == MOST_CALLED_ONCE + 1
    assert sum(len(each.facts) * 200 for each in found) < 1_000_000


@given(st.lists(st.tuples(st.integers(0, 2000), st.dictionaries(st.text(), st.text(), max_size=30)), max_size=200))
def test_the_list_of_strangers_is_bounded_whatever_they_say(calls: list[tuple[int, dict[str, str]]]) -> None:
    strangers = Strangers()
    for key, facts in calls:
        strangers.heard("jt808", str(key), at(key), facts)
    assert len(strangers.all()) <= MOST_CALLED_ONCE + MOST_CALLING
    assert all(len(each.facts) <= 12 for each in strangers.all())
    assert all(len(value) <= 64 for each in strangers.all() for value in each.facts.values())


def test_contacts_survive_a_restart_unconnected() -> None:
    contacts = Contacts()
    contacts.heard(ID, at(1), True)
    contacts.heard(ID, at(9), True)
    contacts.heard(ID, at(5), True)  # an older message that was read late

    again = Contacts(contacts.to_keep()).find(ID)

    assert again is not None
    assert (again.first_at, again.last_at, again.connected) == (at(1), at(9), False)
    assert not contacts.changed


async def test_faults_are_counted_by_device_only_where_it_is_known(register: DeviceRegister) -> None:
    await register.enter(RADIO, context(1, reason="a"))
    register.fault("jt808", "013912345678", "checksum")
    register.fault("jt808", "999", "checksum")

    assert register.faults.of(ID) == {"checksum": 1}
    assert register.faults.by_reason == {("jt808", "checksum"): 2}


def test_kinds_of_faults_are_bounded() -> None:
    faults = DoorFaults()
    for number in range(1000):
        faults.count("jt808", f"reason-{number}", None)
    assert len(faults.by_reason) <= 201
    assert sum(faults.by_reason.values()) == 1000


@given(st.text("0123456789", min_size=1, max_size=16))
def test_a_telephone_is_one_key_however_many_zeros_stand_before_it(phone: str) -> None:
    key = plain_key("jt808", phone)
    assert key == plain_key("jt808", f"00{phone}") == plain_key("jt808", key)
    assert len(key) >= 12
