"""What does not change while the server runs: which city, on which ground, shown as what."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class CityFacts:
    """The city of this process."""

    id: str
    name: str
    fictional: bool
    mode: str
    """``live``, ``demo`` or ``training``."""
    ground: str
    """Hash of the ground."""
    bbox: tuple[float, float, float, float]
    timezone: str

    @property
    def zone(self) -> ZoneInfo:
        """The city's zone."""
        return ZoneInfo(self.timezone)
