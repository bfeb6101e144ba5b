"""The guards at planning's door: shapes, ranges, NaN, unreachable clients."""

import math

import numpy as np
import numpy.typing as npt

from kuaijing.planning.errors import NotANumber, OutOfRange, ShapeMismatch, Unreachable

FloatArray = npt.NDArray[np.float64]
_NAMED = 8


def cost_matrix(cost: npt.ArrayLike, name: str = "cost") -> FloatArray:
    """A float64 matrix ``(clients, sites)``, entries >= 0, infinite where a site does not reach a client."""
    matrix = np.ascontiguousarray(cost, dtype=np.float64)
    if matrix.ndim != 2 or matrix.size == 0:
        raise ShapeMismatch(f"{name} must have shape (clients, sites) with at least one of each, got {matrix.shape}")
    bad = np.argwhere(np.isnan(matrix) | (matrix < 0))
    if len(bad):
        places = ", ".join(f"[{i}, {j}] = {matrix[i, j]}" for i, j in bad[:_NAMED])
        raise NotANumber(f"{name} holds {len(bad)} entries that are NaN or negative ({places}); give costs >= 0 or inf")
    lost = np.flatnonzero(~np.isfinite(matrix).any(axis=1))
    if len(lost):
        raise Unreachable(
            f"no site reaches client{'s' if len(lost) > 1 else ''} {_some(lost)}: add a site that does, or leave them out",
            tuple(int(i) for i in lost),
        )
    return matrix


def site_count(p: int, sites: int) -> int:
    """``p`` as an int with ``1 <= p <= sites``."""
    if isinstance(p, bool) or int(p) != p:
        raise OutOfRange(f"p must be a whole number, got {p!r}")
    if not 1 <= p <= sites:
        raise OutOfRange(f"p must be between 1 and the {sites} sites, got {p}")
    return int(p)


def time_budget(seconds: float) -> float:
    """``seconds`` >= 0; a budget of 0 gives the first answer found, marked as unproven."""
    if not (isinstance(seconds, int | float) and math.isfinite(seconds) and seconds >= 0):
        raise OutOfRange(f"seconds must be a finite number >= 0, got {seconds!r}")
    return float(seconds)


def radius_of(radius: float) -> float:
    """A cover radius: >= 0 and not NaN."""
    if not radius >= 0:
        raise OutOfRange(f"radius must be >= 0, got {radius!r}")
    return float(radius)


def weights_of(weight: npt.ArrayLike, count: int, name: str) -> FloatArray:
    """A float64 vector ``(count,)`` of finite figures >= 0."""
    vector = np.ascontiguousarray(weight, dtype=np.float64)
    if vector.shape != (count,):
        raise ShapeMismatch(f"{name} must have shape ({count},), got {vector.shape}")
    bad = np.flatnonzero(~np.isfinite(vector) | (vector < 0))
    if len(bad):
        raise NotANumber(f"{name} must be finite and >= 0; entries {_some(bad)} are not (first: {vector[bad[0]]})")
    return vector


def _some(indices: npt.NDArray[np.intp]) -> str:
    more = f" and {len(indices) - _NAMED} more" if len(indices) > _NAMED else ""
    return ", ".join(str(i) for i in indices[:_NAMED]) + more
