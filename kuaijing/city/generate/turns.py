"""Turn restrictions at some signalled junctions: no left turn, here and there straight on only."""

from collections import defaultdict

import numpy as np

from kuaijing.city.generate.divided import Divided
from kuaijing.city.generate.form import FloatArray, Form
from kuaijing.city.generate.kinds import DRIVABLE_MAX
from kuaijing.city.generate.roads import Road, Turn

_SHARE = 0.22


def choose_junctions(form: Form, xy: FloatArray, signals: list[int], rng: np.random.Generator) -> set[int]:
    """Signalled junctions in the busy part that get a restriction; roads must be cut there."""
    if not signals:
        return set()
    density = form.density(xy[signals, 0], xy[signals, 1])
    chosen = (rng.random(len(signals)) < _SHARE) & (density > 0.3)
    return {vertex for vertex, yes in zip(signals, chosen.tolist(), strict=True) if yes}


def restrict_turns(
    roads: list[Road], divided: Divided, junctions: set[int], xy: FloatArray, rng: np.random.Generator
) -> list[Turn]:
    """One restricted approach at each vertex that stands for a chosen junction, where a left turn is there to forbid."""
    places = {node for vertex in junctions for node in divided.made_from(vertex)}
    into: defaultdict[int, list[int]] = defaultdict(list)
    out_of: defaultdict[int, list[int]] = defaultdict(list)
    for row, road in enumerate(roads):
        if road.street > DRIVABLE_MAX:
            continue
        first, last = road.nodes[0], road.nodes[-1]
        for node, arriving in ((last, True), (first, False)):
            if node in places:
                (into if arriving else out_of)[node].append(row)
                if not road.oneway:
                    (out_of if arriving else into)[node].append(row)
    turns = []
    for node in sorted(into):
        options = []
        for start in into[node]:
            for end in out_of[node]:
                angle = _angle(roads[start], roads[end], node, xy)
                if start != end and 50 < angle < 130:
                    options.append((start, end))
        if options:
            start, end = options[int(rng.integers(len(options)))]
            ahead = [
                row for row in out_of[node] if row != start and abs(_angle(roads[start], roads[row], node, xy)) < 30
            ]
            if ahead and rng.random() < 0.15:
                turns.append(Turn(start, node, ahead[0], "only_straight_on"))
            else:
                turns.append(Turn(start, node, end, "no_left_turn"))
    return turns


def _angle(start: Road, end: Road, node: int, xy: FloatArray) -> float:
    """Degrees turned to the left (negative: to the right) from the end of one road into another."""
    before = start.nodes[-2] if start.nodes[-1] == node else start.nodes[1]
    after = end.nodes[1] if end.nodes[0] == node else end.nodes[-2]
    a, b = xy[node] - xy[before], xy[after] - xy[node]
    return float(np.degrees(np.arctan2(a[0] * b[1] - a[1] * b[0], a @ b)))
