"""Play-actors for the living demo, and the compiled simulator. Stable entry points are these names; docs/simulation.md has an example."""

from kuaijing.simulation.compiled.running import Trace, simulate
from kuaijing.simulation.compiled.scenario import Scenario, plain_scenario

__all__ = ["Scenario", "Trace", "plain_scenario", "simulate"]
