"""The figures that advice rests on, in one place: how units react, how far is looked, when a minute matters. Configuration."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from kuaijing.engine.choice.arrival import DEFAULT_REACTION, Reaction, Spread
from kuaijing.engine.choice.together import Aims


@dataclass(frozen=True, slots=True)
class AdviceModel:
    """Assumptions of the arrival estimate and bounds of the search."""

    spread: Spread = field(default_factory=Spread)
    reaction: Mapping[str, Reaction] = field(default_factory=lambda: MappingProxyType(DEFAULT_REACTION))
    aims: Aims = field(default_factory=Aims)
    """Seconds that count as a tie, that a low grade may wait for cover's sake, and losses that count as equal."""
    horizon_s: float = 600.0
    """Units farther than this are listed as beyond it, unless nobody is nearer."""
    walk_mps: float = 1.4
    """Walking from the road's edge to a place off the road."""
    arrival_m: float = 50.0
    """Within this of the place a unit has arrived; only what lies beyond is walked."""
    routed: int = 6
    """Road metres are looked up for the units proposed and for this many of the nearest others."""

    def __post_init__(self) -> None:
        """Refuse aims that nothing can be weighed by."""
        if not self.aims.loss_step > 0:
            raise ValueError(
                f"aims.loss_step is {self.aims.loss_step}, wanted above 0: losses nearer than it count as equal; "
                "to tell every loss apart give a very small one such as 1e-9"
            )

    def reaction_of(self, unit_class: str) -> Reaction:
        """Reaction of a class; a class without figures reacts like a car."""
        return self.reaction.get(unit_class) or DEFAULT_REACTION.get(unit_class) or DEFAULT_REACTION["car"]
