"""The cheapest assignment of few roles to many units (Hungarian method, shortest augmenting paths).

Source: Jonker & Volgenant (1987), Computing 38, 325-340, in the form that needs no reduction phase: O(roles² units), which for
the handful of roles of one incident is microseconds. Compiled, so that a simulator calls it in its loop.
"""

import numpy as np
from numpy.typing import NDArray

from kuaijing.routing.compiled import compiled


@compiled
def assign(cost: NDArray[np.float64]) -> NDArray[np.int64]:
    """Column of each row, int64 (rows,), all different, with the least sum of ``cost`` (rows, columns), columns >= rows.

    Costs are finite; what must not be is priced high by the caller. The same table always gives the same answer.
    """
    rows, columns = cost.shape
    row_price, column_price = np.zeros(rows + 1), np.zeros(columns + 1)
    row_of = np.full(columns + 1, rows, np.int64)  # row ``rows`` stands for "none"
    before = np.zeros(columns + 1, np.int64)
    for row in range(rows):
        at = columns  # a column of its own, from which the path begins
        row_of[at] = row
        slack = np.full(columns, np.inf)
        done = np.zeros(columns + 1, np.bool_)
        while row_of[at] != rows:
            done[at] = True
            current, least, following = row_of[at], np.inf, -1
            for column in range(columns):
                if done[column]:
                    continue
                reduced = cost[current, column] - row_price[current] - column_price[column]
                if reduced < slack[column]:
                    slack[column], before[column] = reduced, at
                if slack[column] < least:
                    least, following = slack[column], column
            for column in range(columns + 1):
                if done[column]:
                    row_price[row_of[column]] += least
                    column_price[column] -= least
                elif column < columns:
                    slack[column] -= least
            at = following
        while at != columns:
            row_of[at] = row_of[before[at]]
            at = before[at]
    chosen = np.empty(rows, np.int64)
    for column in range(columns):
        if row_of[column] != rows:
            chosen[row_of[column]] = column
    return chosen
