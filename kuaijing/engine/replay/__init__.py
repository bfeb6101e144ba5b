"""What happened, shown again: the log folded by the same rules to any moment of a period, and what stands out in it.

See ``reel`` (a period of the log, wound), ``marks`` (what a slider shows), ``advised`` (what stood on screen at an order), ``traces``
(where units were). Nothing here writes, and nothing here makes pictures: that is the web's, with the code of the live room.
"""

from kuaijing.engine.replay.advised import Advised, OrderedUnit, advised_orders
from kuaijing.engine.replay.marks import Mark, MarkKind
from kuaijing.engine.replay.period import NothingRecorded, Period, period_of_incident, period_of_unit, stated_period
from kuaijing.engine.replay.reel import Begin, Moment, Reel, begin_of
from kuaijing.engine.replay.traces import NO_TRACES, TracePoints, Traces

__all__ = [
    "NO_TRACES",
    "Advised",
    "Begin",
    "Mark",
    "MarkKind",
    "Moment",
    "NothingRecorded",
    "OrderedUnit",
    "Period",
    "Reel",
    "TracePoints",
    "Traces",
    "advised_orders",
    "begin_of",
    "period_of_incident",
    "period_of_unit",
    "stated_period",
]
