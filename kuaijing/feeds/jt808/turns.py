"""How much is handled before the rest of the program has its turn: consoles, commands, timers.

A loop hands over all that ten thousand sockets hold before it looks at anything else, so more than can be handled would hold up everybody
for as long as it lasts. Here each turn of the loop handles so many frames; whose bytes come after that waits, unread, in order.
"""

import asyncio
from collections import deque
from typing import Protocol


class Waiting(Protocol):
    """Whose bytes wait."""

    def go_on(self) -> None:
        """Handle them."""


class Turns:
    """The share of one turn. Belongs to the loop's thread."""

    __slots__ = ("_begun", "_most", "_waiting", "left")

    def __init__(self, most: int) -> None:
        self._most = self.left = max(1, most)
        """Frames that may still be handled in this turn."""
        self._waiting: deque[Waiting] = deque()
        self._begun = False

    def may(self) -> bool:
        """Whether there is any share left."""
        if not self._begun:
            self._begun = True
            asyncio.get_running_loop().call_soon(self._next)
        return self.left > 0

    def wait(self, who: Waiting) -> None:
        """It comes in one of the next turns."""
        self._waiting.append(who)

    def _next(self) -> None:
        self.left = self._most
        while self._waiting and self.left > 0:
            self._waiting.popleft().go_on()
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._next)
        else:
            self._begun = False
