"""Readings of any protocol become reports: the one way from a decoder to the judgement.

Decoders give m/s and UTC. Here the register says whose reading it is, in which coordinate system it stands (the pipeline converts)
and for which unit it speaks; ``source`` is the protocol, ``received_at`` our clock. A device that nobody approved is listed and
believed in nothing; one that did not prove itself, was withdrawn or lies in a drawer moves nothing. An SOS goes to ``help``.
Knows no bytes and no connections.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kuaijing.engine.devices import Device
from kuaijing.feeds.doors import Doors
from kuaijing.feeds.help import Distress, point_in_wgs84
from kuaijing.feeds.readings import BadReading, DeviceReading
from kuaijing.measures.instants import Instant
from kuaijing.tracking import Report

NOT_PROVEN: Final = frozenset({"unknown_device", "unauthenticated", "wrong_code", "too_many_tries"})
"""Reasons for which the sender is nobody to us."""

Proof = Callable[[Device, DeviceReading], str | None]
"""Why a reading is not taken as that device's; ``None`` where it is."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why one reading moved nothing: a reason by name, and words."""

    reason: str
    detail: str


def trusted(_device: Device, _reading: DeviceReading) -> str | None:
    """The sender answers for its devices: a gateway that signed in, a broker that checks its clients."""
    return None


class Normaliser:
    """Takes what decoders read. Belongs to the loop's thread."""

    def __init__(self, doors: Doors, distress: Distress) -> None:
        self.doors, self._distress = doors, distress

    def take(
        self,
        protocol: str,
        readings: Sequence[DeviceReading],
        proof: Proof,
        *,
        connected: bool = False,
        contact: bool = True,
    ) -> list[Refused | None]:
        """Judge a message's readings in order: ``None`` for each that moved its unit, else why it did not.

        Parameters
        ----------
        protocol
            Of the register: ``traccar``, ``owntracks`` ...
        proof
            Whether the sender may speak for a device.
        connected
            Whether the connection goes on after this message.
        contact
            Whether the device itself was heard, not somebody's memory of it.
        """
        now = self.doors.now()
        refused: list[Refused | None] = [None] * len(readings)
        reports: list[tuple[int, Report]] = []
        heard: dict[str, Device] = {}
        for index, reading in enumerate(readings):
            found = self._device(protocol, reading, proof, now)
            if isinstance(found, Refused):
                refused[index] = found
                continue
            heard[found.id] = found
            self._listen(found, reading, now)
            report = _report(found, reading, now)
            if isinstance(report, Refused):
                refused[index] = report
            else:
                reports.append((index, report))
        for device in heard.values() if contact else ():
            self.doors.book.contact(device, now, connected)
        if reports:
            judged = self.doors.take([report for _, report in reports])
            for (index, _), judgement in zip(reports, judged, strict=True):
                if judgement.refusal is not None:
                    refused[index] = Refused(judgement.refusal.reason.value, judgement.refusal.detail)
        return refused

    def unreadable(self, protocol: str, bad: BadReading) -> None:
        """A message of that device could not be read; one that names no known device is nobody's fault to keep."""
        if bad.key is not None and self.doors.book.find(protocol, bad.key) is not None:
            self.doors.book.fault(protocol, bad.key, "unreadable")

    def gone(self, protocol: str, key: str) -> None:
        """A device's connection has ended."""
        device = self.doors.book.find(protocol, key)
        if device is not None:
            self.doors.book.contact(device, self.doors.now(), False)

    def _device(self, protocol: str, reading: DeviceReading, proof: Proof, now: Instant) -> Device | Refused:
        book = self.doors.book
        device = book.find(protocol, reading.key)
        if device is None:
            book.unknown(protocol, reading.key, now, _facts(reading))
            return Refused(
                "unknown_device", f"device {reading.key!r} is not in the register; it is listed for approval"
            )
        reason = proof(device, reading)
        if reason is None and not device.active:
            reason = "withdrawn"
        if reason is not None:
            book.fault(protocol, reading.key, reason)
            return Refused(reason, _WORDS[reason].format(key=reading.key))
        return device

    def _listen(self, device: Device, reading: DeviceReading, now: Instant) -> None:
        point = None
        if reading.lon is not None and reading.lat is not None:
            point = point_in_wgs84(reading.lon, reading.lat, device.crs)
        self._distress.heard(device, reading.sos, reading.measured_at or now, point, backfill=reading.backfill)


def _report(device: Device, reading: DeviceReading, now: Instant) -> Report | Refused:
    if device.unit is None:
        return Refused("no_unit", f"device {reading.key!r} speaks for no unit; give it one in the register")
    if reading.lon is None or reading.lat is None:
        return Refused("no_place", f"device {reading.key!r} was heard without a place")
    return Report(
        unit=device.unit,
        lon=reading.lon,
        lat=reading.lat,
        measured_at=now if reading.measured_at is None else reading.measured_at,
        received_at=now,
        crs=device.crs,
        speed_mps=reading.speed_mps,
        heading_deg=reading.heading_deg,
        accuracy_m=reading.accuracy_m,
        source=device.protocol,
        device=device.id,
        backfill=reading.backfill,
    )


def _facts(reading: DeviceReading) -> Mapping[str, str]:
    """What an unknown device said of itself; its coordinates help whoever must find out what it is."""
    facts = dict(reading.said)
    if reading.lon is not None and reading.lat is not None:
        facts["lon"], facts["lat"] = f"{reading.lon:.5f}", f"{reading.lat:.5f}"
    return facts


_WORDS: Final = {
    "unauthenticated": "device {key!r} gave no code; give its code as Basic password, bearer, or ?code=",
    "wrong_code": "device {key!r} gave a code that is not its own; the register has it",
    "too_many_tries": "device {key!r} gave wrong codes too often; wait a minute",
    "withdrawn": "device {key!r} was withdrawn from the register",
}
