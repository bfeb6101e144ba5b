"""The closures and slow zones that a plan foresees, laid on the roads by the engine's own code (``engine.advice.roads``)."""

from collections.abc import Sequence

from kuaijing.domain.closures import Closure
from kuaijing.domain.plan_document import PlanDocument, PlannedClosure
from kuaijing.engine.advice import LiveRoads
from kuaijing.measures.instants import Instant
from kuaijing.routing import Network, Weights

_EPOCH = Instant(0)


def closures_of(plan: PlanDocument, at: Instant | None) -> tuple[PlannedClosure, ...]:
    """Those that hold at ``at``; without an instant those that hold always, since a simulated week is of no date."""
    if at is None:
        return tuple(each for each in plan.closures if each.from_at is None and each.until is None)
    return tuple(
        each
        for each in plan.closures
        if (each.from_at is None or each.from_at <= at) and (each.until is None or at < each.until)
    )


def weights_with(
    network: Network, closures: Sequence[PlannedClosure], classes: Sequence[str]
) -> dict[str, Weights] | None:
    """Weights of each class that has roads; ``None`` where nothing is closed."""
    if not closures:
        return None
    roads = LiveRoads(network)
    placed = [
        Closure(
            f"{each.id}/{n}", each.name, each.factor, each.shape, tuple((p[0], p[1]) for p in part), None, None, _EPOCH
        )
        for each in closures
        for n, part in enumerate(each.parts)
    ]
    roads.apply(placed, _EPOCH)
    return {name: roads.weights(name) for name in classes if roads.find_graph(name) is not None}
