"""What a line or an area drawn on the map closes: the streets followed or filled, never those merely crossed."""

import pytest
import shapely

from kuaijing.routing import Network
from kuaijing.routing.drawn import BadDrawing
from tests.routing.worlds import Street, arc, lat_of, lon_of, network, world

# A main road w-x-e crossed at x by n-x-s, a parallel lane 40 m north, and a long road of 2 km far south.
PLACES = {
    "w": (-200, 0), "x": (0, 0), "e": (200, 0), "n": (0, 200), "s": (0, -200),
    "p": (-200, 40), "q": (200, 40), "u": (-1000, -500), "v": (1000, -500),
}  # fmt: skip
STREETS = [Street("w-x"), Street("x-e"), Street("n-x"), Street("x-s"), Street("p-q"), Street("u>v")]


def line(*places: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(lon_of(x), lat_of(y)) for x, y in places])


def area(*places: tuple[float, float]) -> shapely.Polygon:
    return shapely.Polygon([(lon_of(x), lat_of(y)) for x, y in places])


def meant(roads: Network, drawn: shapely.Geometry) -> list[str]:
    ground, names = roads.ground, list(PLACES)
    return sorted(f"{names[ground.arc_tail[a]]}{names[ground.arc_head[a]]}" for a in roads.arcs_near(drawn))


def test_line_along_a_road_means_both_directions_and_no_crossing_street() -> None:
    roads = network(world(PLACES, STREETS))

    assert meant(roads, line((-200, 6), (200, -6))) == ["ex", "wx", "xe", "xw"]
    assert meant(roads, line((-190, 5), (-20, 5))) == ["wx", "xw"]
    assert meant(roads, line((0, 190), (0, 20))) == ["nx", "xn"]


def test_line_that_turns_a_corner_means_both_streets() -> None:
    roads = network(world(PLACES, STREETS))

    assert meant(roads, line((-200, 0), (0, 0), (0, 200))) == ["nx", "wx", "xn", "xw"]


def test_lines_round_the_earth_mean_nothing_at_once() -> None:
    roads = network(world(PLACES, STREETS))
    zigzag = [(180.0 if i % 2 else -180.0, -90 + 0.36 * i) for i in range(500)]

    assert meant(roads, shapely.LineString(zigzag)) == []  # cut into short pieces it would fill the memory
    assert meant(roads, shapely.LineString([(0, -90), (0, 90)])) == []
    assert meant(roads, shapely.LineString([(0, 90), (10, 90)])) == []


def test_stroke_over_a_short_part_of_a_long_street_means_that_street() -> None:
    roads = network(world(PLACES, STREETS))

    assert meant(roads, line((100, -497), (140, -503))) == ["uv"]
    assert meant(roads, line((100, -480), (120, -520))) == []  # across it
    assert meant(roads, line((100, -470), (140, -470))) == []  # 30 m away


def test_area_means_what_cannot_be_driven_within_it() -> None:
    roads = network(world(PLACES, STREETS))

    assert meant(roads, area((-40, -40), (40, -40), (40, 20), (-40, 20))) == ["ex", "sx", "wx", "xe", "xs", "xw"]
    assert meant(roads, area((-20, -20), (20, -20), (20, 20), (-20, 20))) == []  # touches each by 20 m only
    assert meant(roads, area((0, -600), (30, -600), (30, -400), (0, -400))) == ["uv"]  # 30 m across a long road


def test_several_shapes_mean_what_each_means() -> None:
    roads = network(world(PLACES, STREETS))
    both = shapely.GeometryCollection([line((-190, 5), (-20, 5)), area((0, -600), (30, -600), (30, -400), (0, -400))])

    assert meant(roads, both) == ["uv", "wx", "xw"]
    assert roads.arcs_near(both).tolist() == sorted(roads.arcs_near(both).tolist())
    assert arc(roads.ground, 0, 1) in roads.arcs_near(both)


@pytest.mark.parametrize(
    ("drawn", "fault"),
    [
        (shapely.Point(117.0, 36.6), "is a Point; draw a line or an area"),
        (shapely.LineString(), "empty"),
        (shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), "Self-intersection"),
    ],
)
def test_bad_drawings_are_refused_by_name(drawn: shapely.Geometry, fault: str) -> None:
    with pytest.raises(BadDrawing, match=fault):
        network(world(PLACES, STREETS)).arcs_near(drawn)


def test_shape_far_from_every_street_means_nothing() -> None:
    assert network(world(PLACES, STREETS)).arcs_near(shapely.LineString([(10.0, 10.0), (10.1, 10.0)])).tolist() == []
