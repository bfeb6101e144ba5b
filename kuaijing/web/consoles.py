"""Who listens to the live picture, and how frames reach them without one waiting for another.

Frames are text, encoded once for each audience by whoever makes them. Every console has a bounded queue; one that cannot keep up
loses its queue and gets a fresh snapshot when it next takes something, so that it skips ahead instead of falling behind. Knows
nothing of what the frames say.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Final

QUEUE_FRAMES: Final = 64
QUEUE_CHARACTERS: Final = 8 * 1024 * 1024


class Console:
    """One live connection."""

    def __init__(self, audience: str) -> None:
        self.audience = audience
        self.overflows = 0
        self.rests_since: int | None = None
        """While nobody looks at it: where what it does not take began, as its feeder counts; ``None`` while it is looked at."""
        self._queue: deque[str] = deque()
        self._waiting = 0
        self._fresh = True
        self._there = asyncio.Event()
        self._there.set()

    @property
    def is_behind(self) -> bool:
        """Whether it lost its queue and takes a snapshot next."""
        return self._fresh

    def resync(self) -> None:
        """What is queued is void; a snapshot comes next."""
        self._queue.clear()
        self._waiting = 0
        self._fresh = True
        self._there.set()

    def put(self, frame: str) -> None:
        """Queue a frame, unless a snapshot is due anyway, which will hold what it says."""
        if self._fresh:
            return
        if len(self._queue) >= QUEUE_FRAMES or self._waiting + len(frame) > QUEUE_CHARACTERS:
            self.overflows += 1
            self.resync()
            return
        self._queue.append(frame)
        self._waiting += len(frame)
        self._there.set()

    async def take(self, snapshot: Callable[[str], str]) -> str:
        """The next frame to send; ``snapshot`` is asked at that moment where one is due."""
        while True:
            if self._fresh:
                self._fresh = False
                return snapshot(self.audience)
            if self._queue:
                frame = self._queue.popleft()
                self._waiting -= len(frame)
                return frame
            self._there.clear()
            await self._there.wait()


class Consoles:
    """All live connections."""

    def __init__(self) -> None:
        self._consoles: set[Console] = set()

    def __len__(self) -> int:
        return len(self._consoles)

    def __iter__(self) -> Iterator[Console]:
        return iter(self._consoles)

    @property
    def audiences(self) -> set[str]:
        """Audiences that anyone listens for: others need no frame."""
        return {console.audience for console in self._consoles}

    def join(self, audience: str) -> Console:
        """A new console; its first frame will be a snapshot."""
        console = Console(audience)
        self._consoles.add(console)
        return console

    def leave(self, console: Console) -> None:
        """The console is gone."""
        self._consoles.discard(console)

    def send(self, frames: Mapping[str, str]) -> None:
        """Queue for each console the frame of its audience."""
        for console in self._consoles:
            frame = frames.get(console.audience)
            if frame is not None:
                console.put(frame)

    def send_looked_at(self, frame: str) -> None:
        """Queue a frame that is the same for everybody, for the consoles that somebody looks at."""
        for console in self._consoles:
            if console.rests_since is None:
                console.put(frame)

    def send_resting(self, frame: str) -> None:
        """The same for the consoles that nobody looks at."""
        for console in self._consoles:
            if console.rests_since is not None:
                console.put(frame)

    def resync_all(self) -> None:
        """A snapshot for everybody."""
        for console in self._consoles:
            console.resync()
