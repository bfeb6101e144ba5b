"""One city drawn from a seed: land, great streets, blocks, alleys, names. Nothing is written here."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from kuaijing.city.generate.alleys import Lots, cut_lots
from kuaijing.city.generate.arterials import Skeleton, draw_skeleton
from kuaijing.city.generate.blocks import Blocks, cut_blocks
from kuaijing.city.generate.divided import divide, split_roads
from kuaijing.city.generate.form import FloatArray, Form, make_form
from kuaijing.city.generate.kinds import Street
from kuaijing.city.generate.mesh import Edge, Mesh, Ring, mesh_of
from kuaijing.city.generate.naming import StreetNames
from kuaijing.city.generate.roads import Road, Turn, choose_one_ways, lay_bridges, make_roads, signal_vertices
from kuaijing.city.generate.strokes import Stroke, find_strokes
from kuaijing.city.generate.turns import choose_junctions, restrict_turns
from kuaijing.city.generate.uses import choose_uses, residents
from kuaijing.city.generate.words import WORDS, Words

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Drawing:
    """The drawn city. ``streams`` gives each later step its own random stream, so that one cannot disturb another."""

    form: Form
    skeleton: Skeleton
    mesh: Mesh
    blocks: Blocks
    river_faces: list[Ring]
    use: NDArray[np.int64]
    people: FloatArray
    lots: Lots
    spans: set[Edge]
    roads: list[Road]
    signals: list[int]
    turns: list[Turn]
    words: Words
    streams: list[np.random.Generator]

    def block_polygons(self) -> NDArray[np.object_]:
        """Blocks as polygons in local metres, sharing every vertex with their neighbours."""
        rings = [self.mesh.points(self.mesh.expand(ring)) for ring in self.blocks.rings]
        return np.array([shapely.Polygon(ring) for ring in rings], dtype=object)


def draw_city(seed: int, area_km2: float, progress: Progress = lambda step: None) -> Drawing:
    """Draw the city of ``seed`` on ``area_km2``."""
    streams = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(16)]
    progress("land and great streets")
    form = make_form(seed, area_km2, streams[0])
    skeleton = draw_skeleton(form, streams[1])
    mesh, rings = mesh_of(skeleton.pieces)
    progress("blocks and alleys")
    blocks, river_faces = cut_blocks(form, mesh, rings, skeleton.old_town, skeleton.river, streams[2])
    use = choose_uses(form, blocks, skeleton.river, streams[3])
    lots = cut_lots(mesh, blocks, use, streams[4])
    spans = lay_bridges(mesh, skeleton.bridges)
    progress("names")
    strokes = find_strokes(mesh)
    words = Words(streams[5])
    names = StreetNames(form, skeleton, mesh.coordinates(), words, streams[6]).name_all(strokes)
    roads, signals, turns = _roads(form, skeleton, mesh, strokes, names, spans, words, streams[7])
    return Drawing(
        form,
        skeleton,
        mesh,
        blocks,
        river_faces,
        use,
        residents(blocks, use),
        lots,
        spans,
        roads,
        signals,
        turns,
        words,
        streams,
    )


def _roads(
    form: Form,
    skeleton: Skeleton,
    mesh: Mesh,
    strokes: list[Stroke],
    names: list[list[str]],
    spans: set[Edge],
    words: Words,
    rng: np.random.Generator,
) -> tuple[list[Road], list[int], list[Turn]]:
    """Roads as they are driven, vertices with signals, restricted turns."""
    bridge_names = [f"{root}大桥" for root in WORDS["bridge"]]
    bridge_names += [f"{words.root()}大桥" for _ in range(len(skeleton.bridges))]
    xy = mesh.coordinates()
    great = sorted(edge for edge, street in mesh.street.items() if street <= Street.AVENUE)
    middle = (xy[[a for a, _ in great]] + xy[[b for _, b in great]]) / 2
    built_up = form.density(middle[:, 0], middle[:, 1]) > 0.24
    divided = divide(mesh, strokes, {edge for edge, yes in zip(great, built_up.tolist(), strict=True) if yes})
    junctions = signal_vertices(mesh)
    breaks = choose_junctions(form, xy, junctions, rng)
    roads = make_roads(mesh, strokes, names, spans, bridge_names, divided.run_of, breaks)
    choose_one_ways(mesh, roads, rng)
    roads = split_roads(mesh, roads, divided, rng)
    signals = [node for vertex in junctions for node in divided.made_from(vertex)]
    return roads, signals, restrict_turns(roads, divided, breaks, mesh.coordinates(), rng)
