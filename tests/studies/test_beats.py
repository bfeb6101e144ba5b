"""Beats: in one piece, even in work, not across the river where that can be helped; a person's hand is held to the same."""

import contextlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from kuaijing.studies.beat_plan import beat_shapes, figures_of
from kuaijing.studies.beats import BeatCut, cut_beats, match_today, measured, moved
from kuaijing.studies.refused import StudyRefused
from tests.studies.grid_city import GridCity, two_banks


@pytest.fixture(scope="module")
def city() -> GridCity:
    return two_banks()


@pytest.fixture(scope="module")
def cut(city: GridCity) -> BeatCut:
    return cut_beats(city.blocks, city.demand, city.travel, 4, seconds=4)


def parts(city: GridCity, labels: np.ndarray, beat: int) -> int:
    pairs = np.concatenate([city.blocks.touching, city.blocks.bridges])
    inside = pairs[(labels[pairs] == beat).all(axis=1)]
    graph = sparse.coo_array((np.ones(len(inside)), tuple(inside.T)), shape=(len(labels),) * 2)
    return len(np.unique(connected_components(graph)[1][labels == beat]))


def test_beats_are_whole_even_and_keep_to_their_bank(city: GridCity, cut: BeatCut) -> None:
    north = city.blocks.xy[:, 1] > 0

    assert [parts(city, cut.labels, beat) for beat in range(4)] == [1, 1, 1, 1]
    assert cut.balance < 1.12  # 42 blocks only: a block is a tenth of a beat
    assert all(len(np.unique(north[cut.labels == beat])) == 1 for beat in range(4))
    assert figures_of(cut, city.blocks, city.demand).crossings == 0


def test_the_platform_of_a_beat_lies_near_its_work(city: GridCity, cut: BeatCut) -> None:
    own = city.blocks.of_points(cut.platforms[:, 0], cut.platforms[:, 1])

    assert cut.labels[own].tolist() == [0, 1, 2, 3]
    assert (cut.drive_s < 180).all()


def test_platforms_that_are_given_stay_and_their_beats_lie_around_them(city: GridCity) -> None:
    lon, lat = city.blocks.plane.degrees(city.blocks.xy).T
    corners = [int(np.argmin(lon + lat)), int(np.argmax(lon + lat))]
    given_places = [(float(lon[corner]), float(lat[corner])) for corner in corners]

    cut = cut_beats(city.blocks, city.demand, city.travel, 2, platforms=given_places, seconds=1)

    assert cut.platforms.tolist() == [list(place) for place in given_places]
    assert cut.labels[corners].tolist() == [0, 1]


def test_given_borders_are_not_crossed(city: GridCity) -> None:
    east = (city.blocks.xy[:, 0] > 0).astype(np.int64)

    cut = cut_beats(city.blocks, city.demand, city.travel, 4, borders=east, seconds=1)

    assert all(len(np.unique(east[cut.labels == beat])) == 1 for beat in range(4))
    with pytest.raises(StudyRefused, match="leave 2 parts"):
        cut_beats(city.blocks, city.demand, city.travel, 1, borders=east, seconds=1)


def test_shapes_cover_what_the_blocks_and_the_water_cover(city: GridCity, cut: BeatCut) -> None:
    shapes = beat_shapes(cut, city.blocks)

    assert sum(shape.area for shape in shapes) == pytest.approx(
        sum(shape.area for shape in (*city.blocks.shapes, *city.blocks.water))
    )


def test_a_block_moved_by_hand_changes_the_figures_and_back_again_restores_them(city: GridCity, cut: BeatCut) -> None:
    one, other = next(pair for pair in city.blocks.edges.tolist() if cut.labels[pair[0]] != cut.labels[pair[1]])

    after = moved(cut, one, int(cut.labels[other]), city.blocks, city.demand, city.travel)
    back = moved(after, one, int(cut.labels[one]), city.blocks, city.demand, city.travel)

    assert after.work.sum() != pytest.approx(cut.work.sum(), rel=1e-9)
    np.testing.assert_allclose(back.work, cut.work)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_no_hand_can_tear_a_beat_apart(data: st.DataObject) -> None:
    city, cut = _hand()
    block = data.draw(st.integers(0, city.blocks.count - 1))
    beat = data.draw(st.integers(0, cut.k - 1))

    with contextlib.suppress(StudyRefused):  # refused, or whole
        cut = moved(cut, block, beat, city.blocks, city.demand, city.travel)
    assert all(parts(city, cut.labels, each) == 1 for each in range(cut.k))


_KEPT: list[tuple[GridCity, BeatCut]] = []


def _hand() -> tuple[GridCity, BeatCut]:
    if not _KEPT:
        city = two_banks(6, 3)
        _KEPT.append((city, cut_beats(city.blocks, city.demand, city.travel, 3, seconds=1)))
    return _KEPT[0]


def test_new_beats_go_on_those_of_today_that_they_share_most_work_with() -> None:
    goes_on, share = match_today(
        np.array([0, 0, 1, 1, 2]), 3, np.array([1, 1, 1, 0, 0]), np.array([1.0, 1.0, 1.0, 1.0, 1.0])
    )

    assert goes_on.tolist() == [1, 0, -1]
    assert share == pytest.approx(2 / 5)  # the third and the fifth block change hands


def test_impossible_cuts_are_refused_by_name(city: GridCity) -> None:
    with pytest.raises(StudyRefused, match="got 0"):
        cut_beats(city.blocks, city.demand, city.travel, 0)
    with pytest.raises(StudyRefused, match="1 platforms for 2 beats"):
        cut_beats(city.blocks, city.demand, city.travel, 2, platforms=[(112.0, 27.0)])


def test_measuring_by_hand_is_measuring_by_search(city: GridCity, cut: BeatCut) -> None:
    again = measured(cut.labels, cut.k, cut.platforms, city.demand, city.travel)

    np.testing.assert_allclose(again.work, cut.work)
