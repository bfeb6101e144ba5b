"""Instances for ``kuaijing bench planning``, drawn from a seed: none is taken from anywhere, all can be drawn again.

``road_like`` follows the recipe of the OR-Library's p-median files (Beasley 1985): a connected random graph of n nodes and about n²/50
edges of whole length 1 to 100, costs by shortest path; n and p are those of the forty files.
"""

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import shortest_path

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_FIRST = [(100, 5), (100, 10), (100, 10), (100, 20), (100, 33)]
_TO_600 = [(n, p) for n in (200, 300, 400, 500, 600) for p in (5, 10, n // 10, n // 5, n // 3)]
_BEYOND = [(700, 5), (700, 10), (700, 70), (700, 140), (800, 5), (800, 10), (800, 80), (900, 5), (900, 10), (900, 90)]
FORTY: list[tuple[int, int]] = _FIRST + _TO_600 + _BEYOND
"""Nodes and sites of each instance."""


def road_like(n: int, seed: int) -> FloatArray:
    """Costs between all nodes, ``(n, n)``, whole numbers."""
    chance = np.random.default_rng(seed)
    pairs = {(i, i + 1): int(chance.integers(1, 101)) for i in range(n - 1)}
    while len(pairs) < n * n // 50:
        a, b = sorted(chance.integers(0, n, 2).tolist())
        if a != b:
            pairs[a, b] = int(chance.integers(1, 101))
    ends = np.array(list(pairs))
    graph = coo_array((np.array(list(pairs.values()), float), (ends[:, 0], ends[:, 1])), shape=(n, n))
    costs: FloatArray = shortest_path(graph, directed=False)
    return costs


def town(clients: int, sites: int, seed: int, *, clustered: bool) -> tuple[FloatArray, FloatArray]:
    """Costs (km) and weights of clients spread over 30 × 30 km, evenly or about eight centres; sites stand at clients."""
    chance = np.random.default_rng(seed)
    if clustered:
        centres = chance.random((8, 2)) * 30
        places = centres[chance.integers(0, 8, clients)] + chance.normal(0, 2.5, (clients, 2))
    else:
        places = chance.random((clients, 2)) * 30
    stands = places[chance.permutation(clients)[:sites]]
    cost = np.hypot(places[:, None, 0] - stands[None, :, 0], places[:, None, 1] - stands[None, :, 1])
    return cost, chance.integers(1, 101, clients).astype(np.float64)


def hot_spots(side: int, spots: int, seed: int) -> tuple[IntArray, FloatArray, FloatArray]:
    """Edges, workload and centres (m) of a square lattice of 250 m cells with hot spots."""
    chance = np.random.default_rng(seed)
    cell = np.arange(side * side).reshape(side, side)
    edges = np.concatenate(
        [np.stack([cell[:, :-1].ravel(), cell[:, 1:].ravel()], 1), np.stack([cell[:-1].ravel(), cell[1:].ravel()], 1)]
    )
    y, x = np.divmod(np.arange(side * side), side)
    xy = np.stack([x, y], 1) * 250.0
    workload = np.ones(side * side)
    for _ in range(spots):
        centre, width = chance.random(2) * side * 250, 250 * chance.uniform(1.2, 3)
        workload += chance.uniform(5, 15) * np.exp(-((xy - centre) ** 2).sum(axis=1) / (2 * width**2))
    return edges, chance.poisson(workload * 10) / 10.0, xy
