"""Where a unit stood: runs of fixes that stay within a few metres for a while."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from kuaijing.measures.instants import SECOND, Instant
from kuaijing.store.history.reading import M_PER_DEG
from kuaijing.store.history.tracks import Track

WITHIN_M: Final = 30.0
LEAST_S: Final = 120.0
SILENCE_S: Final = 300.0
"""After a longer silence nobody knows whether it stood."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop: mean place, first and last fix there."""

    from_at: Instant
    until: Instant
    lon: float
    lat: float


def stops_of(track: Track, within_m: float = WITHIN_M, least_s: float = LEAST_S) -> list[Stop]:
    """Stops of at least ``least_s`` within ``within_m`` of the first fix of each, oldest first."""
    if not len(track):
        return []
    narrow = float(np.cos(np.radians(track.lat[0])))
    east, north = (track.lon * narrow * M_PER_DEG).tolist(), (track.lat * M_PER_DEG).tolist()
    at = track.measured.tolist()
    silence, least = SILENCE_S * SECOND, least_s * SECOND
    found: list[Stop] = []
    begin, count = 0, len(at)
    while begin < count:
        end = begin + 1
        while (
            end < count
            and abs(east[end] - east[begin]) <= within_m
            and abs(north[end] - north[begin]) <= within_m
            and at[end] - at[end - 1] <= silence
        ):
            end += 1
        if at[end - 1] - at[begin] >= least:
            place = float(track.lon[begin:end].mean()), float(track.lat[begin:end].mean())
            found.append(Stop(Instant(at[begin]), Instant(at[end - 1]), *place))
            begin = end
        else:
            begin += 1
    return found


def pieces_of(track: Track, silence_s: float = SILENCE_S) -> list[slice]:
    """The track in pieces without a longer silence: what may be drawn as one line."""
    breaks = np.flatnonzero(np.diff(track.measured) > silence_s * SECOND) + 1
    ends = [0, *breaks.tolist(), len(track)]
    return [slice(begin, end) for begin, end in pairwise(ends) if end > begin]
