"""What the position history does by itself, put on record: days that were past keeping are gone."""

import asyncio
import logging
from collections.abc import Callable

from kuaijing.domain.commands import Context, RecordTracesDropped
from kuaijing.domain.errors import DomainError
from kuaijing.engine.engine import Engine
from kuaijing.measures.instants import Instant
from kuaijing.store.history import Dropped, PositionHistory

_log = logging.getLogger(__name__)
_ACTOR = "history"


def put_on_record(history: PositionHistory, engine: Engine, now: Callable[[], Instant]) -> None:
    """From now on each drop is a fact of the log. To be called in the engine's loop, before the history starts."""
    loop = asyncio.get_running_loop()
    under_way: set[asyncio.Task[None]] = set()

    async def record(dropped: Dropped) -> None:
        command = RecordTracesDropped(dropped.before, dropped.segments, dropped.points)
        context = Context(_ACTOR, _ACTOR, now(), f"dropped:{dropped.before}:{dropped.segments}:{dropped.points}")
        try:
            await engine.submit(command, context)
        except DomainError as refused:
            _log.error("positions before %d were dropped, and the log could not be told: %s", dropped.before, refused)

    def begin(dropped: Dropped) -> None:
        task = loop.create_task(record(dropped))
        under_way.add(task)
        task.add_done_callback(under_way.discard)

    def tell(dropped: Dropped) -> None:
        loop.call_soon_threadsafe(begin, dropped)

    history.on_dropped = tell
