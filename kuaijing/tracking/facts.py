"""What the judgement knows of one device: for the devices screen and the metrics. A picture at one moment; nobody writes in it."""

from collections.abc import Mapping
from dataclasses import dataclass

from kuaijing.measures.instants import Instant


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """One device as its reports show it since the server started."""

    device: str
    """``protocol:key`` of the register; "" where the unit itself is the sender."""
    unit: str
    """The unit that it reported for last."""
    source: str
    accepted: int
    """Reports that moved the unit."""
    kept: Mapping[str, int]
    """Reports kept for the history that moved nothing, by name: ``out_of_order``, ``backfill``, ``second_best``."""
    refused: Mapping[str, int]
    """Reports that were not believed, by the name of the reason."""
    offset_s: float
    """To be added to the device's clock to have ours; negative where it is ahead."""
    last_measured: Instant | None
    """Of its newest believed position, on our clock."""
    last_received: Instant
    """Of its newest report, believed or not."""
    speaks: bool
    """Its positions are the ones that move the unit."""
    crs_suspected: str | None
    """The coordinate system that its positions seem to be in, where that is not the declared one."""
    conflict: str | None
    """Another device that claims the same unit from far away: its id, else its source."""

    @property
    def reports(self) -> int:
        """All that it sent."""
        return self.accepted + sum(self.kept.values()) + sum(self.refused.values())
