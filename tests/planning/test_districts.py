"""Districts: whole, even, every cell in one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from kuaijing.planning import Disconnected, OutOfRange, ShapeMismatch, districts


def lattice(side: int) -> tuple[np.ndarray, np.ndarray]:
    """Edges and centres (250 m apart) of a square lattice."""
    cell = np.arange(side * side).reshape(side, side)
    edges = np.concatenate(
        [np.stack([cell[:, :-1].ravel(), cell[:, 1:].ravel()], 1), np.stack([cell[:-1].ravel(), cell[1:].ravel()], 1)]
    )
    y, x = np.divmod(np.arange(side * side), side)
    return edges, np.stack([x, y], 1) * 250.0


def pieces(edges: np.ndarray, labels: np.ndarray) -> int:
    inside = edges[labels[edges[:, 0]] == labels[edges[:, 1]]]
    graph = coo_array((np.ones(len(inside)), (inside[:, 0], inside[:, 1])), shape=(len(labels),) * 2)
    return int(connected_components(graph, directed=False)[0])


def test_even_square_is_cut_into_four_even_districts() -> None:
    edges, xy = lattice(10)
    answer = districts(edges, np.ones(100), 4, xy=xy, seconds=1)

    assert answer.balance <= 1.04  # 26 cells against 25
    assert pieces(edges, answer.labels) == 4
    assert answer.cut_edges <= 30  # two straight cuts are 20


@given(st.integers(3, 8), st.integers(1, 6), st.integers(0, 100))
@settings(max_examples=40, deadline=None)
def test_districts_are_whole_and_counted_right(side: int, k: int, seed: int) -> None:
    edges, xy = lattice(side)
    workload = np.random.default_rng(seed).random(side * side) + 0.01
    answer = districts(edges, workload, k, xy=xy, seconds=0.05, seed=seed)
    sums = np.bincount(answer.labels, weights=workload, minlength=k)

    assert set(answer.labels.tolist()) == set(range(k))
    assert pieces(edges, answer.labels) == k
    assert answer.balance == pytest.approx(sums.max() / sums.mean())
    assert answer.cut_edges == (answer.labels[edges[:, 0]] != answer.labels[edges[:, 1]]).sum()


def test_hot_spots_are_balanced_with_short_borders() -> None:
    edges, xy = lattice(30)
    chance = np.random.default_rng(5)
    workload = np.ones(900)
    for _ in range(6):
        centre = chance.random(2) * 7500
        workload += 12 * np.exp(-((xy - centre) ** 2).sum(axis=1) / (2 * 500**2))
    answer = districts(edges, workload, 12, xy=xy, seconds=5)

    assert answer.balance <= 1.02
    assert answer.cut_edges <= 190
    assert pieces(edges, answer.labels) == 12


def test_each_separate_piece_gets_districts_of_its_own() -> None:
    answer = districts([[0, 1], [2, 3]], np.array([1.0, 1, 5, 5]), 3, xy=np.array([[0.0, 0], [1, 0], [9, 0], [10, 0]]))

    assert answer.labels[0] == answer.labels[1]
    assert answer.labels[2] != answer.labels[3]


def test_more_pieces_than_districts_is_refused() -> None:
    with pytest.raises(Disconnected, match="2 separate pieces, more than k = 1"):
        districts([[0, 1], [2, 3]], np.ones(4), 1, xy=np.zeros((4, 2)))


@pytest.mark.parametrize(
    ("edges", "workload", "k", "error", "words"),
    [
        ([[0, 1]], [0.0, 0.0], 1, OutOfRange, "workload is zero everywhere"),
        ([[0, 7]], [1.0, 1.0], 1, OutOfRange, "cells are numbered 0 to 1"),
        ([[0, 1]], [1.0], 1, ShapeMismatch, "workload"),
        ([[0, 1]], [1.0, 1.0], 3, OutOfRange, "got 3"),
    ],
)
def test_malformed_input_is_refused_by_name(edges, workload, k, error, words) -> None:
    with pytest.raises(error, match=words):
        districts(edges, workload, k, xy=np.zeros((2, 2)))
