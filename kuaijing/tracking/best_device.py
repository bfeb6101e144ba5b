"""Which of a unit's devices gives its position: the fresher and more exact one, and not a different one every few seconds.

A unit may have a terminal in the car, a radio and a phone, metres apart; a point that hops between them is worse than any of
them. So one device speaks for the unit. Another takes its place when it has fallen silent, or when the other has been clearly
better for several reports in a row. How good a device is: the metres by which the unit may be elsewhere, its usual accuracy and
what the unit drives in its usual interval. Two devices far apart contradict each other: both are marked, and the one that speaks
goes on speaking while it speaks at all. Knows no roads, and judges nothing: what comes here is believed.
"""

from dataclasses import dataclass
from typing import Final

from kuaijing.measures.instants import SECOND, Instant
from kuaijing.tracking.reports import NEVER, Fix, Reason, Refusal
from kuaijing.tracking.sender import Sender
from kuaijing.tracking.steps import Heard, metres_apart
from kuaijing.tracking.thresholds import Thresholds

_USUAL_ACCURACY_M: Final = 15.0
"""Of a device that states none."""
_USUAL_EVERY_S: Final = 15.0
_DRIVEN_MPS: Final = 5.0
_INTERVALS: Final = 2.5

SECOND_BEST: Final = Refusal(Reason.SECOND_BEST, "another device of the unit is better; kept for the history")


@dataclass(slots=True)
class Voice:
    """Who speaks for one unit, and what was said last."""

    speaker: Sender | None = None
    measured_at: Instant = NEVER
    """Of the unit's newest position, on our clock."""
    placed: Fix | None = None
    """That position on the road."""


def speaks_for_its_unit(heard: Heard, sender: Sender, voice: Voice, thresholds: Thresholds) -> Refusal | None:
    """Whether a believed report moves the unit. Never one that was measured before the unit's newest."""
    if voice.speaker is not sender:
        if voice.speaker is not None and not _takes_over(heard, sender, voice.speaker, thresholds):
            return SECOND_BEST
        if heard.measured_at <= voice.measured_at:
            return SECOND_BEST
        voice.speaker, sender.better = sender, 0
    elif heard.measured_at <= voice.measured_at:
        return SECOND_BEST
    if sender.conflict is not None and _has_gone(sender.conflict, heard, thresholds):
        sender.settle_conflict()
    voice.measured_at = heard.measured_at
    return None


def _takes_over(heard: Heard, sender: Sender, speaker: Sender, thresholds: Thresholds) -> bool:
    trail = speaker.live
    if trail is None:
        return True
    age_s = (heard.measured_at - trail.at) / SECOND
    if _is_far(heard, sender, speaker, age_s, thresholds):
        return age_s > max(thresholds.stale_moving_s, _silent_s(speaker, thresholds))
    if age_s > _silent_s(speaker, thresholds):
        return True
    ours_m = _error_m(sender, 0.0)
    theirs_m = _error_m(speaker, age_s)
    clearly = ours_m * thresholds.better_by <= theirs_m and ours_m + thresholds.better_m <= theirs_m
    sender.better = sender.better + 1 if clearly else 0
    return sender.better >= thresholds.better_reports


def _is_far(heard: Heard, sender: Sender, speaker: Sender, age_s: float, thresholds: Thresholds) -> bool:
    """Whether it contradicts the speaking device; several such in a row are a conflict, as many near ones end it."""
    trail = speaker.live
    if trail is None:
        return False
    top = thresholds.top_speed_mps.get(sender.unit_class, 60.0)
    far = metres_apart(trail.lon, trail.lat, heard.lon, heard.lat) > thresholds.conflict_m + min(abs(age_s), 60.0) * top
    sender.far = max(sender.far, 0) + 1 if far else min(sender.far, 0) - 1
    if sender.far >= thresholds.conflict_reports and sender.conflict is None:
        sender.conflict = speaker
        speaker.conflict = speaker.conflict or sender
    elif sender.far <= -thresholds.conflict_reports and sender.conflict is not None:
        sender.settle_conflict()
    return far


def _has_gone(other: Sender, heard: Heard, thresholds: Thresholds) -> bool:
    """The device that contradicted has not been heard for so long that it claims nothing any more."""
    return (heard.report.received_at - other.last_received) / SECOND > thresholds.lost_s


def _silent_s(speaker: Sender, thresholds: Thresholds) -> float:
    if speaker.every_s is None:
        return thresholds.stale_moving_s
    return max(thresholds.silent_s, _INTERVALS * speaker.every_s)


def _error_m(sender: Sender, age_s: float) -> float:
    """Metres by which the unit may be elsewhere than the device says."""
    accuracy = _USUAL_ACCURACY_M if sender.accuracy_m is None else sender.accuracy_m
    every_s = _USUAL_EVERY_S if sender.every_s is None else sender.every_s
    return accuracy + _DRIVEN_MPS * max(every_s, age_s)
