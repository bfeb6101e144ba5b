"""Where units go between jobs: one rule a file, with its paper. Compiled; ``simulation.compiled.between`` calls them.

``STAND`` and ``PATROL`` are behaviours rather than policies: a unit stays where its job ended, or goes on with its patrol.
"""

from typing import Final

from kuaijing.simulation.compiled.tables import COMPLIANCE, DMEXCLP, HOME, PATROL, REACH, STAND

POLICIES: Final[dict[str, int]] = {
    "stay_home": HOME,
    "stand": STAND,
    "patrol": PATROL,
    "dmexclp": DMEXCLP,
    "compliance": COMPLIANCE,
    "reach": REACH,
}
"""By the name that the command line takes."""
