"""A shift for tests of the replay: an engine on memory that is given commands at set times, remembering what it stood at after each."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from kuaijing.domain.commands import Command, Context
from kuaijing.domain.errors import DomainError
from kuaijing.domain.state import State
from kuaijing.engine.engine import Engine
from kuaijing.engine.recorded import Receipt
from kuaijing.engine.replay import Period, Reel, begin_of
from kuaijing.measures.instants import Instant
from kuaijing.store.memory import MemoryStore
from tests.engine.city import START, ZONE, at, force

DAY_S = 86_400.0


@dataclass
class Shift:
    """An engine, its clock, and the state after every commit."""

    store: MemoryStore = field(default_factory=MemoryStore)
    now: Instant = START
    zone: ZoneInfo = ZONE
    states: dict[int, State] = field(default_factory=dict)
    times: dict[int, Instant] = field(default_factory=dict)

    async def begin(self, snapshot_every: int = 2000) -> "Shift":
        """Start, or start again after ``end``."""
        self.engine = Engine(self.store, lambda: self.now, self.zone, snapshot_every=snapshot_every)
        await self.engine.start()
        self._note()
        if self.engine.picture.version == 0:
            await self.do(force(), 0)
        return self

    async def end(self) -> None:
        """Stop."""
        await self.engine.stop()

    async def do(self, command: Command, seconds: float, *, reason: str = "because") -> Receipt | None:
        """A command at so many seconds after the start; ``None`` where it was refused."""
        self.now = max(self.now, at(seconds))
        try:
            receipt = await self.engine.submit(command, Context("wang", "console", self.now, None, reason))
        except DomainError:
            receipt = None
        self._note()
        return receipt

    def reel(self, begin: Instant, until: Instant, every: int = 1000) -> Reel:
        """That period, wound."""
        last = self.engine.picture.version
        reel = Reel(self.store, Period(begin, until), begin_of(self.store, begin, last), last, every=every)
        reel.wind()
        return reel

    def _note(self) -> None:
        picture = self.engine.picture
        self.states.setdefault(picture.version, picture.state)
        self.times.setdefault(picture.version, self.now)
