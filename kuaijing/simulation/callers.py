"""Who calls, when, from where, about what: calls drawn from a city's own history, or along its streets where it has none.

Names and telephones are invented and recognisably so (numbers of the unassigned 139-0000 block). Nothing here knows a door.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from kuaijing.measures.instants import Instant, after, to_datetime

_SURNAMES = "王李张刘陈杨黄赵周吴徐孙"
_OPENINGS = ("这里有人", "刚才看见", "我们楼下", "路口", "店门口", "小区门口")
_SPREAD_DEG = 30 / 111_000
_CALL_AGAIN = 0.08
"""Share of incidents that a second person reports within two minutes."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One call about to be made."""

    at: Instant
    lon: float
    lat: float
    kind: str
    where: str
    """The place in the caller's words; empty where the street has no name."""
    words: str
    caller: str
    phone: str
    handling_s: float
    again: bool
    """A further report of what somebody has called in already."""

    def made_at(self, at: Instant) -> "Happening":
        """The same call at another moment."""
        return replace(self, at=at)


@dataclass(frozen=True, slots=True)
class Pattern:
    """What calls are drawn from: one row a past incident (or a stretch of street), and a mean number for each hour of the week."""

    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    kind: Sequence[str]
    handling_s: npt.NDArray[np.float64]
    hour_of_week: npt.NDArray[np.int64] | None
    """Hour of week of each row, 0 is Monday 00:00 local; None: rows suit any hour."""
    per_hour: npt.NDArray[np.float64]
    """Mean calls in each hour of the week, shape ``(168,)``."""


class Callers:
    """Draws happenings from a pattern, seeded."""

    def __init__(
        self,
        pattern: Pattern,
        zone: ZoneInfo,
        kind_words: dict[str, str],
        seed: int,
        describe: Callable[[float, float], str] = lambda lon, lat: "",
    ) -> None:
        self._pattern, self._zone, self._kind_words, self._describe = pattern, zone, kind_words, describe
        self._chance = random.Random(f"callers:{seed}")
        self._pending: list[Happening] = []
        if pattern.hour_of_week is None:
            self._rows = [np.arange(len(pattern.lon))] * 168
        else:
            order = np.argsort(pattern.hour_of_week, kind="stable")
            bounds = np.searchsorted(pattern.hour_of_week[order], np.arange(169))
            self._rows = [order[bounds[h] : bounds[h + 1]] for h in range(168)]

    def between(self, start: Instant, end: Instant) -> list[Happening]:
        """Calls made in ``[start, end)``, oldest first. Successive windows are independent (a Poisson process)."""
        seconds = (end - start) / 1e6
        hour = self.hour_of_week(start)
        for _ in range(self._poisson(float(self._pattern.per_hour[hour]) * seconds / 3600)):
            self._pending += self._draw(after(start, self._chance.uniform(0, seconds)), hour)
        due = sorted((h for h in self._pending if h.at < end), key=lambda h: h.at)
        self._pending = [h for h in self._pending if h.at >= end]
        return due

    def hour_of_week(self, at: Instant) -> int:
        """0 is Monday 00:00 to 01:00 in the city's local time."""
        local = to_datetime(at).astimezone(self._zone)
        return local.weekday() * 24 + local.hour

    def _draw(self, at: Instant, hour: int) -> list[Happening]:
        rows = self._rows[hour]
        if len(rows) == 0:
            return []
        row = int(rows[self._chance.randrange(len(rows))])
        first = self._call(at, row, again=False)
        if self._chance.random() >= _CALL_AGAIN:
            return [first]
        return [first, self._call(after(at, self._chance.uniform(25, 110)), row, again=True)]

    def _call(self, at: Instant, row: int, *, again: bool) -> Happening:
        pattern, chance = self._pattern, self._chance
        kind = pattern.kind[row]
        lon = float(pattern.lon[row]) + chance.gauss(0, _SPREAD_DEG)
        lat = float(pattern.lat[row]) + chance.gauss(0, _SPREAD_DEG)
        return Happening(
            at=at,
            lon=lon,
            lat=lat,
            kind=kind,
            where=self._describe(lon, lat),
            words=f"{chance.choice(_OPENINGS)}{self._kind_words.get(kind, '')},请快来",
            caller=f"{chance.choice(_SURNAMES)}{chance.choice(('先生', '女士'))}",
            phone=f"1390000{chance.randrange(10_000):04d}",
            handling_s=float(pattern.handling_s[row]),
            again=again,
        )

    def _poisson(self, mean: float) -> int:
        count, clock = 0, self._chance.expovariate(1.0)
        while clock < mean:
            count += 1
            clock += self._chance.expovariate(1.0)
        return count


def hours_of_week(called_at_us: npt.NDArray[np.int64], zone: ZoneInfo, around: Instant) -> npt.NDArray[np.int64]:
    """Hour of week (0 Monday 00:00) of instants, at the zone's offset around ``around``: near enough for drawing play calls."""
    offset = to_datetime(around).astimezone(zone).utcoffset() or timedelta(0)
    hours = (called_at_us // 1_000_000 + int(offset.total_seconds())) // 3600
    return (hours + 3 * 24) % 168  # 1970-01-01 was a Thursday
