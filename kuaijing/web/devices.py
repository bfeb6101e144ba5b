"""Devices: the register as it stands with what was heard and judged of each, strangers to approve, changes with their history.

Dispatchers look; administrators change, each time with a reason and resting on the version that they saw.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from kuaijing.domain.commands import Context
from kuaijing.engine.device_contacts import Contact, UnknownDevice
from kuaijing.engine.device_records import DeviceRecord
from kuaijing.engine.device_register import DeviceChange, DeviceVersion
from kuaijing.engine.devices import Device
from kuaijing.engine.recorded import Receipt
from kuaijing.measures.instants import Instant, seconds_between, to_datetime
from kuaijing.tracking import DeviceFacts
from kuaijing.web.doors import Asked, command, look
from kuaijing.web.identity.roles import ADMINISTRATING, UserRole
from kuaijing.web.routes import Route
from kuaijing.web.services import Services
from kuaijing.wire.answers import CommandAnswer
from kuaijing.wire.devices import (
    CodeView,
    ContactView,
    DeviceBody,
    DeviceChangeBody,
    DeviceEndBody,
    DeviceState,
    DevicesView,
    DeviceVersionView,
    DeviceView,
    JudgedView,
    LookBody,
    UnknownDeviceView,
)

_LOOKING = frozenset({UserRole.DISPATCHER, UserRole.ADMINISTRATOR})


def routes(services: Services) -> list[Route]:
    """The doors of this file."""
    return [*_looks(services), *_changes(services)]


def _looks(services: Services) -> list[Route]:
    async def listing(_: Asked[Any]) -> DevicesView:
        return devices_view(services)

    async def unknown(_: Asked[Any]) -> list[UnknownDeviceView]:
        return [_unknown_view(each) for each in services.devices.list_unknown()]

    async def one(asked: Asked[Any]) -> DeviceView:
        device = services.devices.get(_id(asked))
        return _view(services, device, services.device_facts().get(device.id), services.clock.now())

    async def history(asked: Asked[Any]) -> list[DeviceVersionView]:
        return [_version_view(each) for each in services.devices.history(_id(asked))]

    return [
        (look("/api/devices", "Devices: who reports, who is silent", DevicesView, roles=_LOOKING), listing),
        (
            look("/api/devices/unknown", "Devices that nobody approved", list[UnknownDeviceView], roles=_LOOKING),
            unknown,
        ),
        (look("/api/devices/{device}", "One device", DeviceView, roles=_LOOKING), one),
        (
            look(
                "/api/devices/{device}/history", "Who changed it, when and why", list[DeviceVersionView], roles=_LOOKING
            ),
            history,
        ),
    ]


def _changes(services: Services) -> list[Route]:
    def context(asked: Asked[Any]) -> Context:
        return asked.context(services.clock.now(), reason=asked.given.reason)

    async def enter(asked: Asked[DeviceBody]) -> CommandAnswer:
        body = asked.given
        record = DeviceRecord(body.protocol, body.key, body.unit, body.name, body.crs, code=body.code or None)
        return _answer(await services.devices.enter(record, context(asked)))

    async def change(asked: Asked[DeviceChangeBody]) -> CommandAnswer:
        body = asked.given
        wanted = DeviceChange(body.unit, body.name, body.crs, body.code, body.new_code)
        return _answer(await services.devices.change(_id(asked), body.version, wanted, context(asked)))

    async def retire(asked: Asked[DeviceEndBody]) -> CommandAnswer:
        return _answer(await services.devices.retire(_id(asked), asked.given.version, context(asked)))

    async def restore(asked: Asked[DeviceEndBody]) -> CommandAnswer:
        return _answer(await services.devices.restore(_id(asked), asked.given.version, context(asked)))

    async def code(asked: Asked[LookBody]) -> CodeView:
        return CodeView(_id(asked), await services.devices.show_code(_id(asked), context(asked)))

    only: dict[str, Any] = {"roles": ADMINISTRATING}
    return [
        (command("/api/devices", "Enter or approve a device", DeviceBody, CommandAnswer, status=201, **only), enter),
        (command("/api/devices/{device}", "Change a device", DeviceChangeBody, CommandAnswer, **only), change),
        (command("/api/devices/{device}/retire", "Believe it no more", DeviceEndBody, CommandAnswer, **only), retire),
        (command("/api/devices/{device}/restore", "Believe it again", DeviceEndBody, CommandAnswer, **only), restore),
        (command("/api/devices/{device}/code", "See its code; the look is logged", LookBody, CodeView, **only), code),
    ]


def devices_view(services: Services) -> DevicesView:
    """The whole register as it stands."""
    now, facts = services.clock.now(), services.device_facts()
    devices = [_view(services, each, facts.get(each.id), now) for each in services.devices.list_devices()]
    return DevicesView(to_datetime(now), services.silence.silent_s, devices, len(services.devices.list_unknown()))


def state_of(
    device: Device, contact: Contact | None, last: Instant | None, now: Instant, silent_s: float
) -> DeviceState:
    """In one word; ``last`` is when it was heard last, by whatever way."""
    if not device.active:
        return "retired"
    if last is None:
        return "never"
    if seconds_between(last, now) <= silent_s:
        return "reporting"
    return "connected" if contact is not None and contact.connected else "silent"


def last_heard(contact: Contact | None, facts: DeviceFacts | None) -> Instant | None:
    """By connection or by report, whichever is later."""
    times = [*([] if contact is None else [contact.last_at]), *([] if facts is None else [facts.last_received])]
    return max(times, default=None)


def _view(services: Services, device: Device, facts: DeviceFacts | None, now: Instant) -> DeviceView:
    contact = services.devices.find_contact(device.id)
    last = last_heard(contact, facts)
    state = state_of(device, contact, last, now, services.silence.silent_s)
    is_silent = last is not None and state in ("silent", "connected")
    return DeviceView(
        id=device.id,
        protocol=device.protocol,
        key=device.key,
        unit=device.unit,
        name=device.name,
        crs=device.crs,
        active=device.active,
        version=device.version,
        state=state,
        silent_since=_time(last) if is_silent else None,
        contact=None if contact is None else _contact_view(contact),
        judged=None if facts is None else _judged_view(facts),
        faults=_sorted(services.devices.faults.of(device.id)),
    )


def _contact_view(contact: Contact) -> ContactView:
    first, last, since = (to_datetime(each) for each in (contact.first_at, contact.last_at, contact.since))
    return ContactView(first, last, contact.connected, since)


def _judged_view(facts: DeviceFacts) -> JudgedView:
    return JudgedView(
        accepted=facts.accepted,
        kept=_sorted(facts.kept),
        refused=_sorted(facts.refused),
        offset_s=round(facts.offset_s, 1),
        last_measured=_time(facts.last_measured),
        last_received=to_datetime(facts.last_received),
        speaks=facts.speaks,
        crs_suspected=facts.crs_suspected,
        conflict=facts.conflict,
    )


def _unknown_view(found: UnknownDevice) -> UnknownDeviceView:
    first, last = to_datetime(found.first_at), to_datetime(found.last_at)
    return UnknownDeviceView(found.protocol, found.key, first, last, found.count, dict(found.facts))


def _version_view(found: DeviceVersion) -> DeviceVersionView:
    device = found.device
    return DeviceVersionView(
        version=device.version,
        at=to_datetime(found.at),
        actor=found.actor,
        reason=found.reason,
        change=found.change,
        unit=device.unit,
        name=device.name,
        crs=device.crs,
        active=device.active,
        generation=found.generation,
        own_code=found.own_code,
    )


def _id(asked: Asked[Any]) -> str:
    """The identifier in the path; a ``/`` within it comes as ``%2F``, which the router has left alone."""
    return unquote(asked.path["device"])


def _answer(receipt: Receipt) -> CommandAnswer:
    return CommandAnswer(receipt.version, receipt.ids, receipt.repeated)


def _time(at: Instant | None) -> Any:
    return None if at is None else to_datetime(at)


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
