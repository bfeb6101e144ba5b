"""What judgement knows of one device: how much of it was believed, why not, how far its clock is off, whether its map is wrong.

Made by the pipeline, shown on the devices screen and on ``/metrics``. In memory since the start; nothing here is in the log.
"""

from collections import Counter
from dataclasses import dataclass

from kuaijing.measures.instants import Instant


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """One device as its reports were judged."""

    device: str
    """``protocol:key``; where the unit itself sends, ``unit:`` and the unit."""
    unit: str
    accepted: int
    refused: Counter[str]
    """By reason."""
    offset_s: float
    """Seconds to add to the device's time to have ours; 0 within what a network's delay could be."""
    last_measured: Instant | None
    """Ours, of its newest accepted fix."""
    last_received: Instant | None
    """When its newest report came in, believed or not."""
    crs_suspected: str | None
    """The coordinate system that its positions fit better than the one that they are declared in."""
