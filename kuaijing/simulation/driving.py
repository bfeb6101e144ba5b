"""A vehicle on its way: where it is, how fast and which way it faces, so many seconds after it set off.

Knows a line of points and a duration. Nothing here knows a road graph, an incident or a clock: the caller brings the route and asks.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kuaijing.measures.points import EARTH_RADIUS_M

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A simulated vehicle's true state at one moment."""

    lon: float
    lat: float
    speed_mps: float
    heading_deg: float | None
    arrived: bool


class Leg:
    """One drive along ``points`` (lon, lat degrees, shape ``(k, 2)``, k >= 1) taking ``seconds`` at an even speed."""

    def __init__(self, points: FloatArray, seconds: float) -> None:
        if points.ndim != 2 or points.shape[1] != 2 or len(points) == 0:
            raise ValueError(f"points must have shape (k, 2) with k >= 1, got {points.shape}")
        if seconds < 0:
            raise ValueError(f"seconds must be >= 0, got {seconds}")
        self._points = points
        self._seconds = seconds
        scale = np.array([math.cos(math.radians(float(points[0, 1]))), 1.0]) * math.radians(1) * EARTH_RADIUS_M
        self._steps = np.diff(points, axis=0) * scale
        self._along = np.concatenate([[0.0], np.cumsum(np.hypot(self._steps[:, 0], self._steps[:, 1]))])

    @property
    def metres(self) -> float:
        """Length of the line."""
        return float(self._along[-1])

    @property
    def seconds(self) -> float:
        """Duration of the drive."""
        return self._seconds

    def at(self, elapsed: float) -> Whereabouts:
        """State ``elapsed`` seconds after setting off; before 0 it stands at the start, past the end it stands there."""
        last = self._points[-1]
        if self._seconds <= 0 or self.metres == 0 or elapsed >= self._seconds:
            return Whereabouts(float(last[0]), float(last[1]), 0.0, self._heading(len(self._steps) - 1), True)
        driven = self.metres * max(0.0, elapsed) / self._seconds
        piece = min(int(np.searchsorted(self._along, driven, side="right")) - 1, len(self._steps) - 1)
        length = self._along[piece + 1] - self._along[piece]
        share = 0.0 if length == 0 else (driven - self._along[piece]) / length
        lon, lat = self._points[piece] + (self._points[piece + 1] - self._points[piece]) * share
        return Whereabouts(float(lon), float(lat), self.metres / self._seconds, self._heading(piece), False)

    def _heading(self, piece: int) -> float | None:
        if piece < 0:
            return None
        east, north = self._steps[piece]
        return float(math.degrees(math.atan2(east, north)) % 360)
