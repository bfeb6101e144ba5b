"""How busy each unit is and who answers where, exactly, when every call takes the first free unit of its zone's list.

The state is the set of busy units: ``2**units`` balance equations, solved by Gauss-Seidel sweeps in alternating order. How many units
are busy follows Erlang's loss formula whatever the lists say, so each sweep is scaled to it level by level, which is what makes
few sweeps enough.

Source: Larson (1974), Computers & Operations Research 1(1), 67-95; aggregation step as in Takahashi (1975).
"""

from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

from kuaijing.planning.checks import weights_of
from kuaijing.planning.errors import OutOfRange, ShapeMismatch

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

MOST_UNITS = 22
"""Beyond this the equations no longer fit in memory; use the simulator."""
_ACCURACY = 1e-9
_SWEEPS = 2000


@dataclass(frozen=True, slots=True)
class HypercubeResult:
    """``utilisation`` ``(units,)``: share of time busy; ``dispatch`` ``(zones, units)``: share of the zone's calls that each unit
    answers; ``lost``: share of calls that find every unit busy."""

    utilisation: FloatArray
    dispatch: FloatArray
    lost: float


def hypercube(rate: npt.ArrayLike, preference: npt.ArrayLike, service_rate: float) -> HypercubeResult:
    """The exact hypercube queueing model without a queue.

    Parameters
    ----------
    rate
        Calls per hour of each zone, ``(zones,)``, >= 0 (Poisson).
    preference
        Units in order of choice for each zone, int ``(zones, units)``; each row names each unit once. At most ``MOST_UNITS`` units.
    service_rate
        Calls per hour that a unit completes when always busy, > 0; the same for all, exponential.

    Raises
    ------
    ShapeMismatch, NotANumber, OutOfRange
        The input is malformed.

    Notes
    -----
    A zone's dispatch shares and ``lost`` sum to 1.
    """
    lists = np.asarray(preference)
    if lists.ndim != 2 or lists.size == 0 or not np.issubdtype(lists.dtype, np.integer):
        raise ShapeMismatch(
            f"preference must be whole numbers of shape (zones, units), got {lists.dtype} {lists.shape}"
        )
    zones, units = lists.shape
    rates = weights_of(rate, zones, "rate")
    bad = np.flatnonzero((np.sort(lists, axis=1) != np.arange(units)).any(axis=1))
    if len(bad):
        raise OutOfRange(
            f"preference of zone {bad[0]} is {lists[bad[0]].tolist()}; each unit 0 to {units - 1} must stand there once"
        )
    if units > MOST_UNITS:
        raise OutOfRange(
            f"{units} units make 2**{units} equations; at most {MOST_UNITS} are solved exactly, simulate instead"
        )
    if not (np.isfinite(service_rate) and service_rate > 0):
        raise OutOfRange(f"service_rate must be finite and > 0 calls per hour, got {service_rate}")
    orders, which = np.unique(lists, axis=0, return_inverse=True)
    which = which.ravel()
    merged = np.bincount(which, weights=rates, minlength=len(orders))
    levels = _erlang(float(rates.sum()) / float(service_rate), units)
    chance = _solve(merged / service_rate, np.ascontiguousarray(orders, dtype=np.int64), levels)
    busy = _busy_share(chance, units)
    shares = _first_free(chance, np.ascontiguousarray(orders, dtype=np.int64))
    return HypercubeResult(busy, shares[which], float(levels[-1]))


def _erlang(offered: float, units: int) -> FloatArray:
    """Chance of 0 to ``units`` busy in a loss system (computed in logarithms, so that no load overflows)."""
    if offered == 0:
        return np.concatenate([[1.0], np.zeros(units)])
    logs = np.concatenate([[0.0], np.cumsum(np.log(offered) - np.log(np.arange(1, units + 1)))])
    terms = np.exp(logs - logs.max())
    shares: FloatArray = terms / terms.sum()
    return shares


def _solve(offered: FloatArray, orders: IntArray, levels: FloatArray) -> FloatArray:
    """Chance of each state, ``(2**units,)``; rates in units of the service rate."""
    units = orders.shape[1]
    up = _up_rates(offered, orders)
    size = np.array([bin(level).count("1") for level in range(1 << min(units, 11))])
    bits = _bits(units, size)
    chance = levels[bits] / np.bincount(bits)[bits]
    if offered.sum() == 0:
        return chance
    for sweep in range(_SWEEPS):
        change = _sweep(chance, up, bits, float(offered.sum()), sweep % 2 == 1)
        total = np.bincount(bits, weights=chance, minlength=units + 1)
        scale = np.divide(levels, total, out=np.zeros_like(levels), where=total > 0)
        chance *= scale[bits]
        if change < _ACCURACY:
            break
    return chance


def _bits(units: int, size: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Number of busy units of every state."""
    state = np.arange(1 << units)
    return np.asarray(size[state & (len(size) - 1)] + (size[state >> 11] if units > 11 else 0), dtype=np.int64)


@numba.njit(cache=True, nogil=True)
def _up_rates(offered: FloatArray, orders: IntArray) -> FloatArray:
    """Rate at which unit u is taken in state b, ``(states, units)``."""
    units = orders.shape[1]
    up = np.zeros((1 << units, units))
    for b in range((1 << units) - 1):
        for z in range(len(offered)):
            for r in range(units):
                u = orders[z, r]
                if not (b >> u) & 1:
                    up[b, u] += offered[z]
                    break
    return up


@numba.njit(cache=True, nogil=True)
def _sweep(chance: FloatArray, up: FloatArray, bits: IntArray, offered: float, backward: bool) -> float:
    """One Gauss-Seidel sweep over all states; returns the summed change of chance."""
    states, units = up.shape
    change = 0.0
    for s in range(states):
        b = states - 1 - s if backward else s
        flow = 0.0
        for u in range(units):
            other = b ^ (1 << u)
            if (b >> u) & 1:
                flow += chance[other] * up[other, u]
            else:
                flow += chance[other]
        out = bits[b] + (offered if b != states - 1 else 0.0)
        value = flow / out
        change += abs(value - chance[b])
        chance[b] = value
    return change


@numba.njit(cache=True, nogil=True)
def _busy_share(chance: FloatArray, units: int) -> FloatArray:
    share = np.zeros(units)
    for b in range(len(chance)):
        for u in range(units):
            if (b >> u) & 1:
                share[u] += chance[b]
    return share


@numba.njit(cache=True, nogil=True)
def _first_free(chance: FloatArray, orders: IntArray) -> FloatArray:
    """Share of each list's calls that find unit u first free, ``(lists, units)``."""
    units = orders.shape[1]
    share = np.zeros(orders.shape)
    for b in range(len(chance) - 1):
        for z in range(len(orders)):
            for r in range(units):
                u = orders[z, r]
                if not (b >> u) & 1:
                    share[z, u] += chance[b]
                    break
    return share
