"""Compiles every search before the first real question, through the same doors that real questions use.

Where the compiled code is kept: see ``compiled``. With a filled cache a new process loads in half a second what takes up to a
minute to compile.
"""

import math
from dataclasses import fields
from pathlib import Path

import numpy as np

from kuaijing.city.ground import Ground, RoadArrays
from kuaijing.routing.compiled import forget_older_versions
from kuaijing.routing.headings import bearing, turn_angle, turn_kind
from kuaijing.routing.isochrones import isochrone
from kuaijing.routing.network import Network, reach_times
from kuaijing.routing.routes import route
from kuaijing.routing.unit_times import times_from_units
from kuaijing.routing.weights import Closure


def warm() -> None:
    """Run each search once on a three-street town, compiling what the cache does not hold."""
    forget_older_versions()
    network = Network(_town())
    graph = network.graph("car")
    here, there = network.place_on(0, 0.25, "car"), network.place_on(3, 0.5, "car")
    lon, lat = np.array([here.lon, there.lon]), np.array([here.lat, there.lat])
    units = network.snap_many(lon, lat, "car", np.array([math.nan, 90.0]))
    network.snap(here.lon, here.lat, "car", heading_deg=10.0)
    network.snap_streets(here.lon, here.lat, "car")
    weights = graph.base.with_closures([Closure([5], 0.5)])
    times_from_units(graph, weights, there, units)
    times_from_units(graph, weights, there, units, first=1)
    reach = reach_times(network, {"car": weights}, {"car": units}, 300_000)
    reach.by_street(network.ground.arc_street, network.ground.street_count)
    isochrone(graph, weights, here, 300_000)
    route(graph, weights, here, there)
    graph.times_to(0, 300_000)
    turn_kind(turn_angle(bearing(0.0, 0.0, 0.001, 0.001), 90.0))  # what a route's turn list asks one by one


def _town() -> Ground:
    """A triangle of two-way streets, one turn forbidden."""
    lon, lat = np.array([0.0, 0.002, 0.001]), np.array([0.0, 0.0, 0.002])
    tail = np.array([0, 0, 1, 1, 2, 2], np.int32)
    head = np.array([1, 2, 0, 2, 0, 1], np.int32)
    shape = np.stack([tail, head], axis=1).ravel()
    roads = RoadArrays(
        node_lon=lon,
        node_lat=lat,
        arc_tail=tail,
        arc_head=head,
        arc_length_m=np.full(6, 220.0, np.float32),
        arc_class=np.full(6, 4, np.uint8),
        arc_name=np.zeros(6, np.int32),
        arc_access=np.full(6, 15, np.uint8),
        arc_maxspeed=np.full(6, np.nan, np.float32),
        arc_flags=np.zeros(6, np.uint8),
        arc_layer=np.zeros(6, np.int8),
        arc_street=np.array([0, 1, 0, 2, 1, 2], np.int32),
        arc_twin=np.array([2, 4, 0, 5, 1, 3], np.int32),
        arc_source=np.zeros(6, np.int64),
        shape_start=np.arange(0, 13, 2, dtype=np.int64),
        shape_lon=lon[shape],
        shape_lat=lat[shape],
        turn_from=np.array([0], np.int32),
        turn_to=np.array([3], np.int32),
        turn_access=np.array([7], np.uint8),
        signal_node=np.zeros(3, np.bool_),
    )
    return Ground(
        **{field.name: getattr(roads, field.name) for field in fields(RoadArrays)},
        folder=Path(),
        manifest={},
        name="warm",
        names=[""],
        hash="",
        bbox=(0.0, 0.0, 0.002, 0.002),
        timezone="UTC",
        fictional=True,
    )
