"""What every feed is given by the wiring: the device register, the judgement, the core and the clock. Nothing else."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from kuaijing.domain.commands import Command, Context
from kuaijing.engine.devices import DeviceBook
from kuaijing.engine.personal import PersonalWords
from kuaijing.engine.recorded import Receipt
from kuaijing.measures.instants import Instant
from kuaijing.tracking import Judgement, Report


@dataclass(frozen=True, slots=True)
class Doors:
    """The parts of a city that a feed may use."""

    book: DeviceBook
    take: Callable[[Sequence[Report]], list[Judgement]]
    """Judge reports of one moment, in order; at once, in the loop's thread."""
    submit: Callable[[Command, Context, PersonalWords | None], Awaitable[Receipt]]
    """After the commit."""
    now: Callable[[], Instant]
