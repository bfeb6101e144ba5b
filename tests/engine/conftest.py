"""An engine on memory with the small city's force, and a clock that tests set."""

from collections.abc import AsyncIterator

import pytest

from kuaijing.engine.engine import Engine
from kuaijing.measures.instants import Instant
from kuaijing.store.memory import MemoryStore
from tests.engine.city import START, ZONE, context, force


class Clock:
    """Says what it was set to."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> Instant:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
async def engine(clock: Clock, store: MemoryStore) -> AsyncIterator[Engine]:
    running = Engine(store, clock, ZONE)
    await running.start()
    await running.submit(force(), context())
    yield running
    await running.stop()
