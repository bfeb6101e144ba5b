"""A lower bound for the p-median by Lagrangian relaxation of "each client has one site", and what it fixes.

With a price u_i a client, the relaxed problem opens the p sites of the least reduced cost rho_j = sum_i min(0, c_ij - u_i) and is worth
sum(u) + those p. Prices rise where a client is served by none and fall where it is served by several (subgradient).

Source: Cornuéjols, Fisher and Nemhauser (1977), Management Science 23(8), 789-810; step rule of Held, Wolfe and Crowder (1974),
Mathematical Programming 6, 62-88; deflected direction as in Camerini, Fratta and Maffioli (1975).
"""

import numba
import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@numba.njit(cache=True, nogil=True)
def reduced_costs(
    order: npt.NDArray[np.int32], ordered: FloatArray, price: FloatArray, shut: BoolArray, rho: FloatArray
) -> None:
    """``rho`` of every site at ``price``; ``order``/``ordered`` are each client's sites by cost and those costs."""
    rho[:] = 0.0
    for i in range(order.shape[0]):
        u = price[i]
        for r in range(order.shape[1]):
            c = ordered[i, r]
            if c >= u:
                break
            rho[order[i, r]] += c - u
    for j in range(len(rho)):
        if shut[j]:
            rho[j] = np.inf


@numba.njit(cache=True, nogil=True)
def ascend(
    order: npt.NDArray[np.int32],
    ordered: FloatArray,
    p: int,
    upper: float,
    price: FloatArray,
    best_price: FloatArray,
    shut: BoolArray,
    must: BoolArray,
    rounds: int,
    step: float,
    patience: int,
    enough: float,
) -> tuple[float, float]:
    """Up to ``rounds`` subgradient steps from ``price``; ``best_price`` gets the best prices.

    Returns the best bound and the step size that was reached. Stops when the bound passes ``enough`` or the step dies.
    """
    clients, sites = order.shape
    rho = np.empty(sites)
    served = np.empty(clients)
    direction = np.zeros(clients)
    opened = np.zeros(sites, np.bool_)
    best = -np.inf
    since = 0
    for _ in range(rounds):
        reduced_costs(order, ordered, price, shut, rho)
        opened[:] = False
        value = 0.0
        left = p
        for j in range(sites):
            if must[j]:
                opened[j] = True
                value += rho[j]
                left -= 1
        if left > 0:
            keyed = rho.copy()
            for j in range(sites):
                if must[j]:
                    keyed[j] = np.inf
            cut = np.partition(keyed, left - 1)[left - 1]
            taken = 0
            for j in range(sites):
                if keyed[j] < cut:
                    opened[j] = True
                    value += keyed[j]
                    taken += 1
            for j in range(sites):
                if taken == left:
                    break
                if keyed[j] == cut and not opened[j] and np.isfinite(cut):
                    opened[j] = True
                    value += cut
                    taken += 1
        for i in range(clients):
            value += price[i]
        if value > best + 1e-9 * abs(best) or best == -np.inf:
            if value > best + 1e-5 * abs(upper - best) or best == -np.inf:
                since = 0
            best = value
            best_price[:] = price
            if best >= enough:
                break
        since += 1
        if since >= patience:
            since = 0
            step *= 0.6
            price[:] = best_price
            direction[:] = 0.0
            if step < 5e-4:
                break
            continue
        norm = 0.0
        for i in range(clients):
            u = price[i]
            count = 0
            for r in range(sites):
                if ordered[i, r] >= u:
                    break
                if opened[order[i, r]]:
                    count += 1
            served[i] = 1.0 - count
            direction[i] = served[i] + 0.4 * direction[i]
            norm += direction[i] * direction[i]
        if norm == 0.0:
            break
        length = step * (upper - value) / norm
        for i in range(clients):
            price[i] = price[i] + length * direction[i]
            if price[i] < ordered[i, 0]:
                price[i] = ordered[i, 0]
    return best, step
