"""Interchange and the Lagrangian bound for covering as much weight as ``p`` sites can. Arrays in, arrays out, no clock.

A cover is held twice as rows of indices: the clients of each site and the sites of each client (CSR: ``start``, ``index``).

Sources: Church and ReVelle (1974), Papers of the Regional Science Association 32, 101-118; Galvão and ReVelle (1996), European
Journal of Operational Research 88(1), 114-123 (the relaxation and its subgradient).
"""

import numba
import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@numba.njit(cache=True, nogil=True)
def gains(site_start: IntArray, site_client: IntArray, weight: FloatArray, times: IntArray, sites: int) -> FloatArray:
    """What each site would add to clients covered by none."""
    gain = np.zeros(sites)
    for j in range(sites):
        for r in range(site_start[j], site_start[j + 1]):
            i = site_client[r]
            if times[i] == 0:
                gain[j] += weight[i]
    return gain


@numba.njit(cache=True, nogil=True)
def add(
    j: int,
    site_start: IntArray,
    site_client: IntArray,
    client_start: IntArray,
    client_site: IntArray,
    weight: FloatArray,
    times: IntArray,
    gain: FloatArray,
    loss: FloatArray,
    open_: BoolArray,
) -> None:
    """Open site ``j``, keeping ``gain`` (of shut sites) and ``loss`` (of open ones: weight that only it covers)."""
    open_[j] = True
    loss[j] = 0.0
    for r in range(site_start[j], site_start[j + 1]):
        i = site_client[r]
        w = weight[i]
        times[i] += 1
        if times[i] == 1:
            loss[j] += w
            for q in range(client_start[i], client_start[i + 1]):
                gain[client_site[q]] -= w
        elif times[i] == 2:
            for q in range(client_start[i], client_start[i + 1]):
                k = client_site[q]
                if open_[k] and k != j:
                    loss[k] -= w


@numba.njit(cache=True, nogil=True)
def remove(
    j: int,
    site_start: IntArray,
    site_client: IntArray,
    client_start: IntArray,
    client_site: IntArray,
    weight: FloatArray,
    times: IntArray,
    gain: FloatArray,
    loss: FloatArray,
    open_: BoolArray,
) -> None:
    """Shut site ``j``; the reverse of ``add``."""
    open_[j] = False
    for r in range(site_start[j], site_start[j + 1]):
        i = site_client[r]
        w = weight[i]
        times[i] -= 1
        if times[i] == 0:
            for q in range(client_start[i], client_start[i + 1]):
                gain[client_site[q]] += w
        elif times[i] == 1:
            for q in range(client_start[i], client_start[i + 1]):
                k = client_site[q]
                if open_[k]:
                    loss[k] += w
    loss[j] = 0.0


@numba.njit(cache=True, nogil=True)
def interchange(
    p: int,
    site_start: IntArray,
    site_client: IntArray,
    client_start: IntArray,
    client_site: IntArray,
    weight: FloatArray,
    open_: BoolArray,
    rounds: int,
) -> float:
    """Fill ``open_`` up to ``p`` sites greedily, then exchange an open site for the best other one while that helps.

    At most ``rounds`` rounds over the sites. Returns the weight covered.
    """
    sites = len(site_start) - 1
    clients = len(client_start) - 1
    times = np.zeros(clients, np.int64)
    given = open_.copy()
    open_[:] = False
    gain = gains(site_start, site_client, weight, times, sites)
    loss = np.zeros(sites)
    count = 0
    covered = 0.0
    for j in range(sites):
        if given[j]:
            covered += gain[j]
            add(j, site_start, site_client, client_start, client_site, weight, times, gain, loss, open_)
            count += 1
    while count < p:
        best = -1
        for j in range(sites):
            if not open_[j] and (best < 0 or gain[j] > gain[best]):
                best = j
        covered += gain[best]
        add(best, site_start, site_client, client_start, client_site, weight, times, gain, loss, open_)
        count += 1
    idle = 0
    turn = 0
    steps = 0
    while idle < sites and steps < rounds * sites:
        steps += 1
        idle += 1
        out = turn
        turn = turn + 1 if turn + 1 < sites else 0
        if not open_[out]:
            continue
        lost = loss[out]
        remove(out, site_start, site_client, client_start, client_site, weight, times, gain, loss, open_)
        into = out
        for j in range(sites):
            if not open_[j] and gain[j] > gain[into]:
                into = j
        if gain[into] > lost + 1e-9 * (1 + covered):
            covered += gain[into] - lost
            idle = 0
        else:
            into = out
        add(into, site_start, site_client, client_start, client_site, weight, times, gain, loss, open_)
    return covered


@numba.njit(cache=True, nogil=True)
def descend_bound(
    p: int,
    client_start: IntArray,
    client_site: IntArray,
    weight: FloatArray,
    price: FloatArray,
    best_price: FloatArray,
    lower: float,
    rounds: int,
    step: float,
    patience: int,
    sites: int,
) -> float:
    """Least upper bound found in ``rounds`` subgradient steps from ``price`` (in [0, weight] each); ``best_price`` is filled.

    Worth at given prices: the p greatest site sums of prices, plus what each client's weight exceeds its price.
    """
    clients = len(weight)
    worth = np.empty(sites)
    best = np.inf
    since = 0
    mean = np.zeros(clients)
    for _ in range(rounds):
        worth[:] = 0.0
        value = 0.0
        for i in range(clients):
            u = price[i]
            value += weight[i] - u
            if u > 0:
                for q in range(client_start[i], client_start[i + 1]):
                    worth[client_site[q]] += u
        cut = np.partition(worth, sites - p)[sites - p]
        taken = 0
        for j in range(sites):
            if worth[j] > cut:
                value += worth[j]
                taken += 1
        value += cut * (p - taken)
        ties = 0
        for j in range(sites):
            if worth[j] == cut:
                ties += 1
        tie_share = (p - taken) / ties
        if value < best - 1e-12 * abs(best) or best == np.inf:
            if value < best - 1e-4 * (best - lower) or best == np.inf:
                since = 0
            best = value
            best_price[:] = price
        since += 1
        if best <= lower * (1 + 1e-9):
            break
        if since >= patience:
            since = 0
            step *= 0.7
            price[:] = best_price
            mean[:] = 0.0
            if step < 1e-4:
                break
            continue
        norm = 0.0
        for i in range(clients):
            # slope of the worth in u_i: sites opened that cover i, minus 1 where y_i = 1 (always best at price <= weight)
            slope = -1.0
            for q in range(client_start[i], client_start[i + 1]):
                v = worth[client_site[q]]
                if v > cut:
                    slope += 1.0
                elif v == cut:
                    slope += tie_share
            if (price[i] >= weight[i] and slope < 0) or (price[i] <= 0 and slope > 0):
                slope = 0.0
            mean[i] = slope + 0.3 * mean[i]
            norm += mean[i] * mean[i]
        if norm == 0.0:
            break
        length = step * (value - lower) / norm
        for i in range(clients):
            u = price[i] - length * mean[i]
            price[i] = min(max(u, 0.0), weight[i])
    return best


@numba.njit(cache=True, nogil=True)
def anneal(
    site_start: IntArray,
    site_client: IntArray,
    client_start: IntArray,
    client_site: IntArray,
    weight: FloatArray,
    open_: BoolArray,
    proposals: int,
    hot: float,
    cold: float,
    seed: int,
) -> tuple[BoolArray, float]:
    """Swap an open site for a shut one, worse swaps with a chance that falls from ``hot`` to ``cold`` (weight units); the best met.

    Four swaps in five are to a site that shares a client, since a cover is mended nearby. Kirkpatrick, Gelatt and Vecchi (1983),
    Science 220, 671-680.
    """
    np.random.seed(seed)
    sites, clients = len(open_), len(weight)
    now = open_.copy()
    inside = np.flatnonzero(now)
    times = np.zeros(clients, np.int64)
    covered = 0.0
    for j in inside:
        for r in range(site_start[j], site_start[j + 1]):
            times[site_client[r]] += 1
    for i in range(clients):
        if times[i] > 0:
            covered += weight[i]
    best, best_open = covered, now.copy()
    if len(inside) == 0 or len(inside) == sites:
        return best_open, best
    fall = (cold / hot) ** (1.0 / max(1, proposals))
    heat = hot
    for _ in range(proposals):
        heat *= fall
        a = np.random.randint(len(inside))
        j = inside[a]
        own = site_start[j + 1] - site_start[j]
        if own > 0 and np.random.random() < 0.8:
            i = site_client[site_start[j] + np.random.randint(own)]
            k = client_site[client_start[i] + np.random.randint(client_start[i + 1] - client_start[i])]
        else:
            k = np.random.randint(sites)
        if now[k]:
            continue
        change = 0.0
        for r in range(site_start[j], site_start[j + 1]):
            i = site_client[r]
            times[i] -= 1
            if times[i] == 0:
                change -= weight[i]
        for r in range(site_start[k], site_start[k + 1]):
            i = site_client[r]
            if times[i] == 0:
                change += weight[i]
        if change >= 0.0 or np.random.random() < np.exp(change / heat):
            for r in range(site_start[k], site_start[k + 1]):
                times[site_client[r]] += 1
            inside[a], now[j], now[k] = k, False, True
            covered += change
            if covered > best + 1e-9:
                best = covered
                best_open[:] = now
        else:
            for r in range(site_start[j], site_start[j + 1]):
                times[site_client[r]] += 1
    return best_open, best
