"""The device register: the book that the doors ask (``DeviceBook``), and the changes that people make in it.

Every answer to a door comes from memory. A change goes through the core (``ChangeRegister``: version seen, reason, audit in the log)
and stands in memory once it is committed, so that a device that moves to another unit speaks for it from its next message.
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from kuaijing.domain.commands import ChangeRegister, Context, ShowSecret
from kuaijing.domain.errors import UnknownUnit
from kuaijing.domain.registers import RegisterChanged, UnknownEntry
from kuaijing.engine.device_contacts import Contact, Contacts, DoorFaults, Strangers, UnknownDevice
from kuaijing.engine.device_records import (
    REGISTER,
    DeviceRecord,
    checked,
    decode_record,
    derived_code,
    encode_record,
)
from kuaijing.engine.devices import Device
from kuaijing.engine.engine import Engine
from kuaijing.engine.ports import RegisterVersion
from kuaijing.engine.recorded import Receipt
from kuaijing.measures.instants import Instant


@dataclass(frozen=True, slots=True)
class DeviceVersion:
    """One version of a device's entry, for its history; the code is not in it."""

    device: Device
    at: Instant
    actor: str
    reason: str
    change: str
    generation: int
    own_code: bool
    """Whether the operator gave a code of its own."""


@dataclass(frozen=True, slots=True)
class DeviceChange:
    """What a change names; ``None`` leaves a thing as it is, ``unit=""`` puts the device in a drawer."""

    unit: str | None = None
    name: str | None = None
    crs: str | None = None
    code: str | None = None
    """A code given by the operator; "" goes back to a derived one."""
    new_code: bool = False
    """Derive another code; the one before is worthless."""


@dataclass(frozen=True, slots=True)
class _Held:
    device: Device
    record: DeviceRecord


class DeviceRegister:
    """See the module; fulfils ``engine.devices.DeviceBook``."""

    def __init__(self, engine: Engine, secret: bytes, contacts: Contacts | None = None) -> None:
        self.contacts = contacts or Contacts()
        self.strangers = Strangers()
        self.faults = DoorFaults()
        self._engine, self._secret = engine, secret
        self._by_name: dict[tuple[str, str], _Held] = {}
        self._by_id: dict[str, _Held] = {}

    def load(self) -> None:
        """Take in what the store holds; once the engine has started."""
        for row in self._engine.store.registers.list_newest(REGISTER):
            self._hold(decode_record(row.document), row.version, row.change != "retire")

    # --- what the doors ask (DeviceBook) --------------------------------------------------------------------------------

    def find(self, protocol: str, key: str) -> Device | None:
        """The device of that name."""
        held = self._by_name.get((protocol, key))
        return None if held is None else held.device

    def code_of(self, device: Device) -> str:
        """The code that it is given, or was set up with."""
        record = self._get(device.id).record
        return record.code or derived_code(self._secret, record.id, record.generation)

    def is_code(self, device: Device, code: str) -> bool:
        """Whether the code is its own, in constant time."""
        return hmac.compare_digest(self.code_of(device).encode(), code.encode("utf-8", "surrogateescape"))

    def contact(self, device: Device, at: Instant, connected: bool) -> None:
        """It was heard."""
        self.contacts.heard(device.id, at, connected)

    def unknown(self, protocol: str, key: str, at: Instant, facts: Mapping[str, str]) -> None:
        """A stranger called."""
        self.strangers.heard(protocol, key, at, facts)

    def fault(self, protocol: str, key: str, reason: str) -> None:
        """Something was refused before judgement."""
        held = self._by_name.get((protocol, key))
        self.faults.count(protocol, reason, None if held is None else held.device.id)

    # --- looking --------------------------------------------------------------------------------------------------------

    def find_by_id(self, device: str) -> Device | None:
        """The device of that identifier."""
        held = self._by_id.get(device)
        return None if held is None else held.device

    def get(self, device: str) -> Device:
        """The same, or ``UnknownEntry``."""
        return self._get(device).device

    def list_devices(self) -> list[Device]:
        """Every device, withdrawn ones too, by identifier."""
        return [self._by_id[each].device for each in sorted(self._by_id)]

    def find_contact(self, device: str) -> Contact | None:
        """When it was heard."""
        return self.contacts.find(device)

    def list_unknown(self) -> list[UnknownDevice]:
        """Strangers that wait for approval."""
        return self.strangers.all()

    def history(self, device: str) -> list[DeviceVersion]:
        """Every version of its entry, oldest first."""
        self._get(device)
        return [_version(row) for row in self._engine.store.registers.history(REGISTER, device)]

    # --- changing -------------------------------------------------------------------------------------------------------

    async def enter(self, record: DeviceRecord, context: Context) -> Receipt:
        """A new device, or a stranger approved."""
        record = checked(record)
        self._check_unit(record.unit)
        receipt = await self._submit(record, 0, "enter", context)
        self.strangers.forget(record.protocol, record.key)
        return receipt

    async def change(self, device: str, seen: int, wanted: DeviceChange, context: Context) -> Receipt:
        """Another unit, name, coordinate system or code."""
        record = checked(_changed(self._get(device).record, wanted))
        if wanted.unit:
            self._check_unit(record.unit)
        return await self._submit(record, seen, "change", context)

    async def retire(self, device: str, seen: int, context: Context) -> Receipt:
        """It is believed in nothing from now on."""
        return await self._submit(self._get(device).record, seen, "retire", context)

    async def restore(self, device: str, seen: int, context: Context) -> Receipt:
        """It is believed again."""
        return await self._submit(self._get(device).record, seen, "restore", context)

    async def show_code(self, device: str, context: Context) -> str:
        """The code for an administrator's eyes; the look is in the log, with its reason."""
        held = self._get(device)
        await self._engine.submit(ShowSecret(REGISTER, held.device.id), context)
        return self.code_of(held.device)

    async def _submit(self, record: DeviceRecord, seen: int, change: str, context: Context) -> Receipt:
        command = ChangeRegister(REGISTER, record.id, seen, change, encode_record(record))
        receipt = await self._engine.submit(command, context)
        if receipt.repeated:  # what it did was taken in then, and others may have changed it since
            return receipt
        for entry in receipt.events:
            if isinstance(entry.event, RegisterChanged):
                self._hold(record, entry.event.version, change != "retire")
        return receipt

    def _check_unit(self, unit: str | None) -> None:
        units = self._engine.picture.state.units
        if unit is not None and units and unit not in units:
            raise UnknownUnit(unit)

    def _get(self, device: str) -> _Held:
        held = self._by_id.get(device)
        if held is None:
            raise UnknownEntry(REGISTER, device)
        return held

    def _hold(self, record: DeviceRecord, version: int, active: bool) -> None:
        known = self._by_id.get(record.id)
        if known is None or known.device.version < version:
            held = _Held(record.as_device(version, active), record)
            self._by_id[record.id] = self._by_name[record.protocol, record.key] = held


def _changed(record: DeviceRecord, wanted: DeviceChange) -> DeviceRecord:
    steps: list[tuple[object, Callable[[DeviceRecord], DeviceRecord]]] = [
        (wanted.unit, lambda was: replace(was, unit=wanted.unit or None)),
        (wanted.name, lambda was: replace(was, name=wanted.name or "")),
        (wanted.crs, lambda was: replace(was, crs=wanted.crs or was.crs)),
        (wanted.code, lambda was: replace(was, code=wanted.code or None)),
    ]
    for given, step in steps:
        if given is not None:
            record = step(record)
    if wanted.new_code:
        record = replace(record, generation=record.generation + 1, code=None)
    return record


def _version(row: RegisterVersion) -> DeviceVersion:
    record = decode_record(row.document)
    device = record.as_device(row.version, row.change != "retire")
    return DeviceVersion(device, row.at, row.actor, row.reason, row.change, record.generation, record.code is not None)
