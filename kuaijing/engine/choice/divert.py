"""Which units on their way elsewhere may be offered, and how many units an escalation wants.

A diversion trades one citizen's wait for another's, so it is never free: the unit must not have arrived, what it drives to must
be of a lesser grade, and in the joint choice it competes with a penalty. Where no minute matters it is only listed.
Arrays in, arrays out.
"""

import numpy as np
from numpy.typing import NDArray

DIVERSION_PENALTY_S = 60.0
"""A diversion must arrive this much sooner than a free unit to be chosen before it."""

NO_POSITION_PENALTY_S = 100_000.0
"""A unit that never reported a position is chosen only where nobody else can fill the role: more than any arrival."""

URGENT_GRADES = 2
"""Grades 1 to this are those where a minute matters."""

REINFORCEMENTS = {1: 3, 2: 2, 3: 1, 4: 1}
"""Units that an escalation to the grade wants at once, beyond those already sent."""


def minute_matters(grade: int) -> bool:
    """Whether arrival decides for the grade."""
    return grade <= URGENT_GRADES


def may_divert(responding: NDArray[np.bool_], their_grade: NDArray[np.int64], grade: int) -> NDArray[np.bool_]:
    """Units that drive to something lesser, bool (units,); ``responding``: ordered or on the way, not arrived."""
    return np.asarray(responding & (their_grade > grade))


def reinforcements_wanted(grade: int) -> int:
    """How many more units an escalation to the grade wants."""
    return REINFORCEMENTS.get(grade, 1)
