"""One city opened for studies: ground, blocks, expected incidents, the plan in force; made in a worker, never in the server.

``Frozen`` is the picture that a study rests on, small and picklable; ``opened`` gives the city of it and holds on to the last one, so
that a question after another costs only itself.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import shapely

from kuaijing.city.barriers import read_barriers
from kuaijing.city.ground import Ground, open_ground
from kuaijing.demand import DemandRates
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.engine.advice import CityStreets
from kuaijing.routing import Network
from kuaijing.studies.beat_plan import BeatFigures, figures_of, today_labels
from kuaijing.studies.beats import BeatCut, measured
from kuaijing.studies.block_demand import BlockDemand, BlockTravel, demand_of_blocks, mean_handling_s
from kuaijing.studies.blocks import Blocks, FloatArray, IntArray, cut_into_blocks
from kuaijing.studies.city_grid import CityGrid
from kuaijing.studies.histories import known_incidents
from kuaijing.studies.records import Records
from kuaijing.studies.refused import StudyRefused
from kuaijing.studies.shelf import Shelf
from kuaijing.wire.plans import from_canonical

BLOCKS: Final = 300
Rates = Callable[[Ground, CityStreets, Path], DemandRates | None]


@dataclass(frozen=True, slots=True)
class Frozen:
    """What a study rests on. Equal ones give equal answers."""

    city: Path
    data: Path
    plan: bytes
    """Canonical bytes of the plan in force (or of the one that a draft was drawn from)."""
    plan_digest: str
    holdings: str
    """Mark of the histories, layers and weights on the shelf."""
    rates: Rates
    """How the city's rates are found; a function by name."""


class CityStudy:
    """A city ready to be asked."""

    def __init__(self, frozen: Frozen) -> None:
        self.frozen = frozen
        self.ground = open_ground(frozen.city)
        self.plan: PlanDocument = from_canonical(frozen.plan)
        self.blocks: Blocks = _blocks(frozen.city, self.ground.hash)
        self.streets = CityStreets.of(self.ground)
        self.network = Network(self.ground)
        self.grid = CityGrid.of(self.ground, self.streets)
        self.rates = frozen.rates(self.ground, self.streets, frozen.data)
        records = self.records() if self.rates is not None else None
        self.demand: BlockDemand = demand_of_blocks(
            self.blocks, self.streets, self.rates, self.grid, handling_s=mean_handling_s(records)
        )
        self.travel = BlockTravel(self.network, self.streets, self.demand)
        self.today: BeatCut | None = self._today()

    def records(self) -> Records:
        """All incidents that are known."""
        return known_incidents(Shelf(self.frozen.data), self.ground.folder)

    @property
    def demand_digest(self) -> str:
        """Of the rates that figures rest on."""
        digest = hashlib.sha256(self.demand.basis.encode())
        digest.update(np.ascontiguousarray(self.demand.rate).tobytes())
        digest.update(repr(self.demand.handling_s).encode())
        return digest.hexdigest()

    def figures(self, cut: BeatCut) -> BeatFigures:
        """The figures of a cut beside today's beats."""
        return figures_of(cut, self.blocks, self.demand, self.plan, self.today)

    def cut_of(self, plan: PlanDocument) -> BeatCut:
        """The beats of any plan document, on these blocks."""
        if not plan.beats:
            raise StudyRefused(f"plan {plan.version} has no beats; cut some first")
        labels = today_labels(plan, self.blocks)
        return measured(labels, len(plan.beats), platforms_of(plan), self.demand, self.travel)

    def _today(self) -> BeatCut | None:
        return self.cut_of(self.plan) if self.plan.beats else None


def platforms_of(plan: PlanDocument) -> FloatArray:
    """Longitude and latitude of each beat's platform, (beats, 2)."""
    by_id = {platform.id: platform.point for platform in plan.platforms}
    missing = [beat.id for beat in plan.beats if beat.platform not in by_id]
    if missing:
        raise StudyRefused(f"beats {', '.join(missing)} of plan {plan.version} have no platform; give them one")
    return np.array([[by_id[beat.platform].lon, by_id[beat.platform].lat] for beat in plan.beats], np.float64)


@lru_cache(maxsize=2)
def opened(frozen: Frozen) -> CityStudy:
    """The city of that picture; the last two are kept."""
    return CityStudy(frozen)


@lru_cache(maxsize=2)
def _blocks(city: Path, ground_hash: str) -> Blocks:
    ground = open_ground(city)
    return cut_into_blocks(ground, read_barriers(city), at_least=BLOCKS)


def borders(blocks: Blocks) -> list[tuple[int, int, list[list[list[float]]]]]:
    """Each pair of blocks that touch, with the lines of their shared border in degrees."""
    pairs: IntArray = blocks.touching
    shared = shapely.intersection(blocks.shapes[pairs[:, 0]], blocks.shapes[pairs[:, 1]])
    found = []
    for (one, other), line in zip(pairs.tolist(), shared, strict=True):
        parts = [part for part in shapely.get_parts(line) if isinstance(part, shapely.LineString)]
        if not parts:
            continue
        merged = shapely.line_merge(shapely.multilinestrings(parts))
        drawn = [
            [[round(float(x), 6), round(float(y), 6)] for x, y in shapely.get_coordinates(blocks.plane.drawn(part))]
            for part in shapely.get_parts(merged)
        ]
        found.append((one, other, drawn))
    return found
