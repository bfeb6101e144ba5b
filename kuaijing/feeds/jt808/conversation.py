"""What a terminal's messages mean: registration, authentication, locations, logout, SOS; and what it is answered.

The register is asked for every location, so that a device that moves to another unit, or is withdrawn, does so at once. A location
is acknowledged after it was judged, whatever came of it: a terminal that is refused a fix would send it for ever.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from kuaijing.engine.devices import Device
from kuaijing.feeds.doors import Doors
from kuaijing.feeds.help import Distress, point_in_wgs84
from kuaijing.feeds.jt808.admission import PROTOCOL, Admission
from kuaijing.feeds.jt808.bodies import batch_items, read_body
from kuaijing.feeds.jt808.collecting import Collector
from kuaijing.feeds.jt808.framing import BadFrame, Frame, device_key
from kuaijing.feeds.jt808.location import Reading, read_reading
from kuaijing.feeds.jt808.messages import (
    CONFIRM_ALARM,
    FAILED,
    REGISTERED,
    TAKEN,
    UNSUPPORTED,
    confirm_alarm,
    registered,
)
from kuaijing.feeds.jt808.session import Session
from kuaijing.measures.instants import Instant
from kuaijing.measures.points import Point
from kuaijing.tracking import Report

_CONTACT_EVERY_S: Final = 1.0
_GENERAL_REPLY, _HEARTBEAT, _LOGOUT, _REGISTER, _AUTHENTICATE = 0x0001, 0x0002, 0x0003, 0x0100, 0x0102
_LOCATION, _ASKED_LOCATION, _BATCH = 0x0200, 0x0201, 0x0704
_BACKFILL: Final = 1


class Conversation:
    """Answers frames. Belongs to the loop's thread."""

    def __init__(
        self,
        doors: Doors,
        distress: Distress,
        collector: Collector,
        counts: Counter[str],
        authenticated: Callable[[Session], None],
        moved: Callable[[Session], None],
    ) -> None:
        self.admission = Admission(doors.book, doors.now)
        self._doors, self._distress, self._collector, self._counts = doors, distress, collector, counts
        self._authenticated, self._moved = authenticated, moved
        self._answers: dict[int, Callable[[Session, Frame, Device], None]] = {
            _GENERAL_REPLY: self._general_reply,
            _HEARTBEAT: self._heartbeat,
            _LOGOUT: self._logout,
            _LOCATION: self._location,
            _ASKED_LOCATION: self._asked_location,
            _BATCH: self._batch,
        }

    def heard(self, session: Session, frame: Frame) -> None:
        """One whole frame. Raises ``BadFrame`` where its body cannot be read."""
        if session.device is None:
            self._stranger(session, frame)
            return
        if frame.phone != session.phone:
            self._fault(session.device.key, "other_phone")
            session.reply(frame, FAILED)
            return
        if frame.encryption:
            self._fault(session.device.key, "encrypted")
            session.reply(frame, UNSUPPORTED)
            return
        if frame.msg_id in (_REGISTER, _AUTHENTICATE):
            self._introduce(session, frame)
            return
        device = self.admission.still(session.device, session.code)
        if device is None:
            self._fault(session.device.key, "withdrawn")
            session.reply(frame, FAILED)
            session.close_after_reply()
            return
        before, session.device = session.device, device
        if device.unit != before.unit:
            self._moved(session)
        if session.heard_at - session.contacted >= _CONTACT_EVERY_S:
            session.contacted = session.heard_at
            self._doors.book.contact(device, self._doors.now(), True)
        answer = self._answers.get(frame.msg_id)
        if answer is not None:
            answer(session, frame, device)
        else:
            self._counts["unsupported"] += 1
            session.reply(frame, UNSUPPORTED)

    # --- before it is known ---------------------------------------------------------------------------------------------

    def _stranger(self, session: Session, frame: Frame) -> None:
        session.phone, session.is_2019 = frame.phone, frame.is_2019
        session.version = 1 if frame.protocol_version is None else frame.protocol_version
        if frame.msg_id in (_REGISTER, _AUTHENTICATE) and not frame.encryption and frame.package is None:
            self._introduce(session, frame)
            return
        self._fault(device_key(frame.phone), "unauthenticated")
        session.reply(frame, FAILED)

    def _introduce(self, session: Session, frame: Frame) -> None:
        body = read_body(frame)
        key = device_key(frame.phone)
        if frame.msg_id == _REGISTER:
            session.edition = str(body["edition"])
            result, code = self.admission.register(key, _facts(body))
            self._counts["registered" if result == TAKEN else "register_refused"] += 1
            session.send(REGISTERED, registered(frame.serial, result, code))
            return
        code = str(body["auth_code"])
        device = self.admission.authenticate(key, code, session.address, _facts(body))
        if device is None:
            self._counts["authenticate_refused"] += 1
            session.reply(frame, FAILED)
            if session.device is not None:
                session.close_after_reply()
            return
        self._counts["authenticated"] += 1
        session.device, session.code = device, code
        session.edition = "2019" if session.is_2019 else session.edition
        session.contacted = session.heard_at
        self._doors.book.contact(device, self._doors.now(), True)
        session.reply(frame, TAKEN)
        self._authenticated(session)

    # --- once it is -----------------------------------------------------------------------------------------------------

    def _general_reply(self, session: Session, frame: Frame, device: Device) -> None:
        body = read_body(frame)
        session.answered(body["ack_serial"], body["result"])

    def _heartbeat(self, session: Session, frame: Frame, device: Device) -> None:
        session.reply(frame, TAKEN)

    def _logout(self, session: Session, frame: Frame, device: Device) -> None:
        self._counts["logged_out"] += 1
        session.reply(frame, TAKEN)
        session.close_after_reply()

    def _location(self, session: Session, frame: Frame, device: Device) -> None:
        now = self._doors.now()
        report = self._read(session, frame, device, frame.body, now, backfill=False)
        self._counts["locations"] += 1
        if report is None:
            session.reply(frame, TAKEN)
        else:
            self._collector.add(session, frame.serial, frame.msg_id, (report,))

    def _asked_location(self, session: Session, frame: Frame, device: Device) -> None:
        self._location(session, frame._replace(body=frame.body[2:]), device)

    def _batch(self, session: Session, frame: Frame, device: Device) -> None:
        count, kind, items = batch_items(frame)
        if count != len(items):
            self._fault(device.key, "length")
        now = self._doors.now()
        reports: list[Report] = []
        for item in items:
            try:
                report = self._read(session, frame, device, item, now, backfill=kind == _BACKFILL)
            except BadFrame as bad:
                self._fault(device.key, bad.name)
                continue
            if report is not None:
                reports.append(report)
        self._counts["locations"] += len(items)
        if reports:
            self._collector.add(session, frame.serial, frame.msg_id, reports)
        else:
            session.reply(frame, TAKEN)

    def _read(
        self, session: Session, frame: Frame, device: Device, body: bytes, now: Instant, *, backfill: bool
    ) -> Report | None:
        """One location; ``None`` where it is no report. Looks after the alarm in either case."""
        reading = read_reading(body)
        point = _point(reading, device)
        if self._distress.heard(device, reading.sos, reading.measured_at or now, point, backfill=backfill):
            self._answer_alarm(session, frame)
        reason = _unusable(reading, device)
        if reason is not None:
            self._fault(device.key, reason)
            return None
        return _report(reading, device, now, backfill)

    def _answer_alarm(self, session: Session, frame: Frame) -> None:
        """The general reply clears the alarm bit; from 2013 on a terminal may wait for the confirmation too."""
        self._counts["sos"] += 1
        if session.edition != "2011":
            session.send(CONFIRM_ALARM, confirm_alarm(frame.serial))

    def _fault(self, key: str, reason: str) -> None:
        self._counts[reason] += 1
        if self._doors.book.find(PROTOCOL, key) is not None:  # a stranger's number says nothing of any device
            self._doors.book.fault(PROTOCOL, key, reason)


def _unusable(reading: Reading, device: Device) -> str | None:
    """Why a location is no report, before it is judged."""
    if device.unit is None:
        return "without_unit"
    if not reading.positioned:
        return "not_positioned"
    return "no_time" if reading.measured_at is None else None


def _report(reading: Reading, device: Device, now: Instant, backfill: bool) -> Report:
    return Report(
        device.unit or "", reading.lon, reading.lat, reading.measured_at or now, now, device.crs, reading.speed_mps,
        reading.heading_deg, None, PROTOCOL, device.id, backfill,
    )  # fmt: skip


def _point(reading: Reading, device: Device) -> Point | None:
    return point_in_wgs84(reading.lon, reading.lat, device.crs) if reading.sos and reading.positioned else None


def _facts(body: dict[str, Any]) -> dict[str, str]:
    """What a device that is not known says of itself; never its code."""
    names = ("edition", "maker", "model", "terminal_id", "plate", "imei", "software")
    return {name: str(body[name])[:64] for name in names if body.get(name)}
