"""What the simulator refuses, by name."""


class SimulationError(ValueError):
    """A scenario or its calls make no sense; the message names the thing, the value and the remedy."""


class MalformedScenario(SimulationError):
    """Arrays that do not fit together, or values outside their range."""


class NoCalls(SimulationError):
    """There is nothing to simulate."""


class UnknownPolicy(SimulationError):
    """No policy of that name."""


class Cancelled(Exception):
    """The caller asked for an end before the sweep was done."""
