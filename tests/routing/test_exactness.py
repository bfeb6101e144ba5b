"""Every time equals scipy's Dijkstra on the same edge-expanded graph, to the millisecond."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from kuaijing.city.classes import UNIT_CLASSES
from kuaijing.city.importing import import_city
from kuaijing.routing import Network, load
from kuaijing.routing.graph import DrivenGraph
from tests.routing.real_grounds import SOURCES, real_ground
from tests.routing.worlds import grid
from tests.shared_data import shared_data


def scipy_times(graph: DrivenGraph, nodes: list[int], limit: float = np.inf) -> np.ndarray:
    tail, head, ms = graph.arcs()
    backwards = csr_matrix((ms.astype(float), (head, tail)), shape=(graph.node_count, graph.node_count))
    assert backwards.nnz == len(tail)  # nothing summed, nothing dropped
    return dijkstra(backwards, indices=nodes, limit=limit)


TARGETS = {
    "monaco": 150,
    "shanghai_core": 150,
    "shenzhen_longgang": 100,
    "jinan": 50,
    "xian": 80,
    "manhattan": 10,
    "porto": 4,
}


@pytest.mark.parametrize("city", SOURCES)
@pytest.mark.parametrize("unit_class", UNIT_CLASSES)
def test_times_equal_scipy_on_every_real_network(city: str, unit_class: str) -> None:
    graph = Network(real_ground(city)).graph(unit_class)
    nodes = np.random.default_rng(7).integers(0, graph.node_count, TARGETS[city]).tolist()

    for node, wanted in zip(nodes, scipy_times(graph, nodes), strict=True):
        assert np.array_equal(graph.times_to(node), wanted)
        assert np.array_equal(graph.times_to(node, 300_000), np.where(wanted <= 300_000, wanted, np.inf))


def test_every_node_of_a_whole_city_equals_scipy() -> None:
    graph = Network(real_ground("shanghai_core")).graph("car")
    every = list(range(graph.node_count))

    assert all(
        np.array_equal(graph.times_to(node), row) for node, row in zip(every, scipy_times(graph, every), strict=True)
    )


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 100_000), limit=st.integers(1, 200_000), forbidden=st.sampled_from([0.0, 0.05, 0.5]))
def test_times_equal_scipy_on_any_town(seed: int, limit: int, forbidden: float) -> None:
    graph = Network(grid(9, seed, forbidden_share=forbidden, one_way_share=0.4)).graph("car")
    node = seed % graph.node_count
    wanted = scipy_times(graph, [node])[0]

    assert np.array_equal(graph.times_to(node, limit), np.where(wanted <= limit, wanted, np.inf))


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 100_000))
def test_no_detour_is_shorter_than_the_way(seed: int) -> None:
    graph = Network(grid(8, seed)).graph("car")
    rng = np.random.default_rng(seed)
    via, goal = (int(node) for node in rng.integers(0, graph.node_count, 2))
    to_goal, to_via = graph.times_to(goal), graph.times_to(via)

    assert (to_goal <= to_via + to_goal[via]).all()


def test_a_city_folder_loads_as_it_was_imported(tmp_path) -> None:  # type: ignore[no-untyped-def]
    import_city(shared_data("roads/monaco.osm.pbf"), tmp_path / "monaco")
    graph = load(tmp_path / "monaco", "car")

    assert graph.node_count == Network(real_ground("monaco")).graph("car").node_count
    assert np.array_equal(graph.times_to(5), scipy_times(graph, [5])[0])
