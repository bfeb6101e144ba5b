"""How simulated crews answer an area call: most within half a minute, those at a scene later, some never.

Shares and delays are round figures of a believable shift, not measurements. A crew's answer hangs on seed, call and unit alone, not
on who else was called or when anybody looked, so that a shift played again is the same shift. Knows no door.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field

from kuaijing.domain.words import UnitStatus
from kuaijing.measures.instants import Instant, after, from_datetime
from kuaijing.wire.area_calls import AreaCallView, RollView

_SHARE = {UnitStatus.ON_SCENE: 0.6, UnitStatus.EN_ROUTE: 0.75, UnitStatus.ORDERED: 0.8}
_SHARE_OF_OTHERS = 0.92
_OWN_WORDS_SHARE = 0.25
_OWN_WORDS = ("收到，就近前往", "收到，正在附近巡逻", "收到，两分钟到", "收到，注意观察")
_BUSY_WORDS = ("收到，现场处置中", "收到，暂时走不开")


@dataclass(frozen=True, slots=True)
class AreaDeed:
    """What a terminal sends: that it shows the message, or (``text`` given, perhaps empty) what the crew answers."""

    call: str
    unit: str
    text: str | None
    at: Instant


@dataclass(slots=True)
class Answering:
    """The crews' answers to the area calls that run. ``by_hand``: the unit whose answers a visitor gives."""

    seed: int
    by_hand: str | None = None
    _planned: dict[tuple[str, str], list[AreaDeed]] = field(default_factory=dict)

    def due(self, calls: Iterable[AreaCallView], statuses: dict[str, str], now: Instant) -> list[AreaDeed]:
        """Deeds due up to ``now``, in the order of their time; each is given once."""
        running = [call for call in calls if call.ended_at is None]
        for call in running:
            for row in call.roll:
                if row.unit != self.by_hand and (call.id, row.unit) not in self._planned:
                    self._planned[call.id, row.unit] = self._plan(call, row, statuses.get(row.unit, ""))
        ids = {call.id for call in running}
        self._planned = {key: deeds for key, deeds in self._planned.items() if key[0] in ids}
        found: list[AreaDeed] = []
        for key, deeds in self._planned.items():
            found += [deed for deed in deeds if deed.at <= now]
            self._planned[key] = [deed for deed in deeds if deed.at > now]
        return sorted(found, key=lambda deed: (deed.at, deed.unit))

    def _plan(self, call: AreaCallView, row: RollView, status: str) -> list[AreaDeed]:
        if status in (UnitStatus.OFF_DUTY, UnitStatus.OUT_OF_SERVICE):
            return []
        chance = random.Random(f"answer:{self.seed}:{call.id}:{row.unit}")
        called = from_datetime(call.called_at)
        shown = after(called, chance.uniform(0.4, 2.0))
        busy = status == UnitStatus.ON_SCENE
        answers = chance.random() < _SHARE.get(UnitStatus(status) if status else UnitStatus.AVAILABLE, _SHARE_OF_OTHERS)
        own = chance.random() < (0.5 if busy else _OWN_WORDS_SHARE)
        text = chance.choice(_BUSY_WORDS if busy else _OWN_WORDS) if own else ""
        waits_s = 3 + min(150.0, chance.expovariate(1 / (45 if busy else 12))) + (4 if own else 0)
        deeds = [] if row.delivered_at is not None else [AreaDeed(call.id, row.unit, None, shown)]
        if answers and not row.answers:
            deeds.append(AreaDeed(call.id, row.unit, text, after(shown, waits_s)))
        return deeds
