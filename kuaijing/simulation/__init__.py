"""Play-actors for the living demo, and the compiled simulator. Stable entry points are these names; docs/simulation.md has an example."""

from kuaijing.simulation.compiled.calls import CallModel, RealCalls, Streams, draw_calls, given_calls
from kuaijing.simulation.compiled.errors import Cancelled, MalformedScenario, NoCalls, SimulationError, UnknownPolicy
from kuaijing.simulation.compiled.running import Trace, simulate
from kuaijing.simulation.compiled.scenario import Scenario, plain_scenario
from kuaijing.simulation.compiled.seen import visible_minutes
from kuaijing.simulation.compiled.summary import Summary, figures_of, summarise
from kuaijing.simulation.compiled.tables import CallTable

__all__ = [
    "CallModel",
    "CallTable",
    "Cancelled",
    "MalformedScenario",
    "NoCalls",
    "RealCalls",
    "Scenario",
    "SimulationError",
    "Streams",
    "Summary",
    "Trace",
    "UnknownPolicy",
    "draw_calls",
    "figures_of",
    "given_calls",
    "plain_scenario",
    "simulate",
    "summarise",
    "visible_minutes",
]
