"""Stay home: every unit has a post of its own and goes back to it after each job. The yardstick of every other policy.

Source of the yardstick: static posts as in Church & ReVelle (1974), Papers of the Regional Science Association 32, 101-118, and Daskin
(1983), Transportation Science 17(1), 48-70; where the posts are is the plan's affair.
"""

from kuaijing.simulation.compiled.machine import machine_code


@machine_code
def place_of(units, unit):  # type: ignore[no-untyped-def]
    """Where a unit that has become free goes."""
    return units[unit].home
