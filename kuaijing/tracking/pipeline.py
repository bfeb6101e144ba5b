"""The position pipeline: a batch of reports in, one judgement each out, in the order of the batch.

Every report goes through the ordered ``steps`` with what is remembered of its device; what is believed and in order goes to the
unit's best device (``best_device``); what moves a unit is put on the road a class at a time. It moves nothing itself: the live
table takes the fixes. Positions are not in the event log, so a restart begins with nothing known, and the first report of each
device is believed.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from kuaijing.measures.coordinates import System, to_wgs84
from kuaijing.measures.instants import SECOND, Instant
from kuaijing.routing.network import Network
from kuaijing.tracking.best_device import Voice, speaks_for_its_unit
from kuaijing.tracking.crs_suspicion import CrsWatch
from kuaijing.tracking.facts import DeviceFacts
from kuaijing.tracking.placing import Moved, Placing
from kuaijing.tracking.reports import KEPT, Fix, Reason, Refusal, Report
from kuaijing.tracking.sender import Sender, SenderKey, StoredMoments, Trail, new_sender, sender_key
from kuaijing.tracking.steps import (
    M_PER_DEG,
    STEPS,
    SYSTEMS,
    Heard,
    Rules,
    is_at_rest,
    sane_heading,
    sane_speed,
)
from kuaijing.tracking.thresholds import DEFAULT_THRESHOLDS, Thresholds

SENDERS_OF_A_UNIT: Final = 32
"""More than a unit has devices; a door that invents sources does not fill the memory."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of one report: a fix that moves the unit, a fix and the name for which it moves nothing, or a refusal."""

    report: Report
    fix: Fix | None
    refusal: Refusal | None

    @property
    def moves(self) -> bool:
        """Whether the fix is the unit's newest."""
        return self.refusal is None

    @property
    def kept(self) -> bool:
        """Believed, but for the history only."""
        return self.refusal is not None and self.fix is not None


class Pipeline:
    """Judges the reports of one city."""

    def __init__(self, network: Network, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> None:
        self.thresholds = thresholds
        self.counts: Counter[str] = Counter()
        """``accepted`` and every reason, since the start; together as many as reports were judged."""
        self._rules = Rules(thresholds, _wider(network.ground.bbox, thresholds.ground_margin_m), StoredMoments())
        self._placing = Placing(network, thresholds)
        self._crs = CrsWatch(network, thresholds)
        self._senders: dict[SenderKey, Sender] = {}
        self._of_unit: dict[str, dict[SenderKey, Sender]] = {}
        self._voices: dict[str, Voice] = {}

    def judge(self, reports: Sequence[Report], classes: Mapping[str, str]) -> list[Judgement]:
        """Judge a batch; ``classes`` holds the class of every unit of the force."""
        judged: list[Judgement | None] = [None] * len(reports)
        moving: list[Moved] = []
        elsewhere = _in_wgs84(reports)
        for row, report in enumerate(reports):
            lon, lat = elsewhere.get(row) or (report.lon, report.lat)
            outcome = self._judge_one(Heard(row, report, lon, lat, report.measured_at), classes.get(report.unit))
            if isinstance(outcome, Moved):
                moving.append(outcome)
            else:
                judged[row] = outcome
        for moved, fix in zip(moving, self._placing.place(moving), strict=True):
            judged[moved.heard.row] = Judgement(moved.heard.report, fix, None)
        return cast(list[Judgement], judged)

    def forget(self, unit: str) -> None:
        """The unit left the force."""
        self._voices.pop(unit, None)
        for key, sender in self._of_unit.pop(unit, {}).items():
            sender.settle_conflict()
            del self._senders[key]

    def facts(self) -> Mapping[str, DeviceFacts]:
        """Every device that has reported since the start, by its id, else by ``source/unit``."""
        return {sender.name: self._facts_of(sender) for sender in self._senders.values()}

    def clock_offset_s(self, unit: str, source: str = "terminal", device: str = "") -> float:
        """Seconds by which the device's clock is behind ours (negative: ahead)."""
        sender = self._senders.get(device or (unit, source))
        return 0.0 if sender is None else sender.clock.offset / SECOND

    # --- one report -----------------------------------------------------------------------------------------------------

    def _judge_one(self, heard: Heard, unit_class: str | None) -> Moved | Judgement:
        report = heard.report
        if unit_class is None:
            return self._of_nobody(report)
        sender = self._sender_of(report, unit_class)
        sender.last_received = report.received_at
        for step in STEPS:
            refusal = step(heard, sender, self._rules)
            if refusal is not None:
                return self._counted(sender, Judgement(report, None, refusal))
        if heard.kept is not None:
            _remember_stored(heard, sender)
            return self._counted(sender, Judgement(report, _kept_fix(heard, self.thresholds), heard.kept))
        at_rest = self._believe(heard, sender)
        voice = self._voices.get(report.unit)
        if voice is None:
            voice = self._voices[report.unit] = Voice()
        second = speaks_for_its_unit(heard, sender, voice, self.thresholds)
        if second is not None:
            return self._counted(sender, Judgement(report, _kept_fix(heard, self.thresholds), second))
        sender.accepted += 1
        self.counts["accepted"] += 1
        return Moved(heard, voice, unit_class, at_rest)

    def _believe(self, heard: Heard, sender: Sender) -> bool:
        """The device was there, newer than ever before; whether it is at rest."""
        report, trail = heard.report, sender.live
        at_rest = is_at_rest(heard, trail, self.thresholds)
        if trail is None:
            sender.live = Trail(heard.lon, heard.lat, heard.measured_at)
        else:
            heard.measured_at = max(heard.measured_at, Instant(trail.at + 1))
            trail.move(heard.lon, heard.lat, heard.measured_at)
        sender.note_quality(heard.measured_at, report.accuracy_m)
        sender.newest_device_time, sender.last_measured = report.measured_at, heard.measured_at
        if not at_rest:
            self._crs.note(sender.crs, sender.unit_class, report, sane_heading(report), heard.measured_at)
        return at_rest

    def _of_nobody(self, report: Report) -> Judgement:
        judgement = Judgement(
            report, None, Refusal(Reason.UNKNOWN_UNIT, f"no unit {report.unit[:64]!r} is in the force")
        )
        if not report.device:
            self.counts[Reason.UNKNOWN_UNIT.value] += 1
            return judgement
        sender = self._sender_of(report, "")
        sender.last_received = report.received_at
        return self._counted(sender, judgement)

    def _counted(self, sender: Sender, judgement: Judgement) -> Judgement:
        if judgement.refusal is not None:
            reason = judgement.refusal.reason.value
            self.counts[reason] += 1
            sender.others[reason] += 1
        return judgement

    # --- devices --------------------------------------------------------------------------------------------------------

    def _sender_of(self, report: Report, unit_class: str) -> Sender:
        key = sender_key(report)
        sender = self._senders.get(key)
        if sender is None:
            sender = self._senders[key] = new_sender(report, unit_class, self.thresholds)
            self._enlist(key, sender)
        elif sender.unit != report.unit or sender.unit_class != unit_class:
            self._discharge(key, sender)
            sender.begin_anew(report.unit, unit_class)
            self._enlist(key, sender)
        return sender

    def _enlist(self, key: SenderKey, sender: Sender) -> None:
        of_unit = self._of_unit.setdefault(sender.unit, {})
        of_unit[key] = sender
        if len(of_unit) > SENDERS_OF_A_UNIT:
            oldest = min((other for other in of_unit if other != key), key=lambda other: of_unit[other].last_received)
            gone = of_unit[oldest]
            self._discharge(oldest, gone)
            gone.settle_conflict()
            del self._senders[oldest]

    def _discharge(self, key: SenderKey, sender: Sender) -> None:
        """It is the unit's device no more; another may speak at once."""
        self._of_unit.get(sender.unit, {}).pop(key, None)
        voice = self._voices.get(sender.unit)
        if voice is not None and voice.speaker is sender:
            voice.speaker = None

    def _facts_of(self, sender: Sender) -> DeviceFacts:
        voice = self._voices.get(sender.unit)
        return DeviceFacts(
            device=sender.device,
            unit=sender.unit,
            source=sender.source,
            accepted=sender.accepted,
            kept={reason: count for reason, count in sender.others.items() if reason in KEPT},
            refused={reason: count for reason, count in sender.others.items() if reason not in KEPT},
            offset_s=sender.clock.offset / SECOND,
            last_measured=sender.last_measured,
            last_received=sender.last_received,
            speaks=voice is not None and voice.speaker is sender,
            crs_suspected=sender.crs.suspected,
            conflict=None if sender.conflict is None else sender.conflict.name,
        )


def _remember_stored(heard: Heard, sender: Sender) -> None:
    if heard.kept is None or heard.kept.reason is not Reason.BACKFILL:
        return
    if sender.stored is None:
        sender.stored = Trail(heard.lon, heard.lat, heard.measured_at)
    else:
        sender.stored.move(heard.lon, heard.lat, heard.measured_at)


def _kept_fix(heard: Heard, thresholds: Thresholds) -> Fix:
    report = heard.report
    return Fix(
        report.unit, heard.lon, heard.lat, heard.measured_at, report.received_at, sane_speed(report), sane_heading(report),
        report.accuracy_m, report.source, is_at_rest(heard, None, thresholds), device=report.device,
    )  # fmt: skip


def _in_wgs84(reports: Sequence[Report]) -> dict[int, tuple[float, float]]:
    """WGS-84 places of the rows of another known system, a whole system at a time."""
    moved: dict[int, tuple[float, float]] = {}
    rows_of: dict[str, list[int]] = {}
    for row, report in enumerate(reports):
        if report.crs != "wgs84" and report.crs in SYSTEMS and abs(report.lon) <= 180 and abs(report.lat) <= 90:
            rows_of.setdefault(report.crs, []).append(row)
    for system, rows in rows_of.items():
        lon, lat = to_wgs84(
            [reports[row].lon for row in rows], [reports[row].lat for row in rows], cast(System, system)
        )
        moved |= zip(rows, zip(lon.tolist(), lat.tolist(), strict=True), strict=True)
    return moved


def _wider(bbox: Sequence[float], margin_m: float) -> tuple[float, float, float, float]:
    west, south, east, north = bbox
    margin = margin_m / M_PER_DEG
    wider = margin / max(0.05, math.cos(math.radians((south + north) / 2)))
    return west - wider, south - margin, east + wider, north + margin
