"""A grid city with a river through it and one bridge, cut into blocks, with an even demand."""

from dataclasses import dataclass

import numpy as np
import shapely

from kuaijing.city.barriers import Barriers
from kuaijing.city.classes import BRIDGE
from kuaijing.city.ground import Ground
from kuaijing.engine.advice import CityStreets
from kuaijing.routing import Network
from kuaijing.studies.block_demand import BlockDemand, BlockTravel, demand_of_blocks
from kuaijing.studies.blocks import Blocks, cut_into_blocks
from kuaijing.studies.city_grid import CityGrid
from tests.grid_ground import ground_of

STEP = 250.0


@dataclass(frozen=True)
class GridCity:
    ground: Ground
    blocks: Blocks
    streets: CityStreets
    network: Network
    demand: BlockDemand
    travel: BlockTravel


def two_banks(columns: int = 8, rows: int = 4, *, barriers: bool = True) -> GridCity:
    """``rows`` rows of streets on each bank, 250 m apart, a river 250 m wide between, one bridge in its middle column."""
    nodes = [(x * STEP, y * STEP) for y in range(2 * rows) for x in range(columns)]
    across = [(y * columns + x, y * columns + x + 1) for y in range(2 * rows) for x in range(columns - 1)]
    up = [
        (y * columns + x, (y + 1) * columns + x)
        for y in range(2 * rows - 1)
        for x in range(columns)
        if y != rows - 1 or x == columns // 2
    ]
    arcs = [pair for one, other in across + up for pair in ((one, other), (other, one))]
    bridge = ((rows - 1) * columns + columns // 2, rows * columns + columns // 2)
    flags = [BRIDGE if pair in (bridge, bridge[::-1]) else 0 for pair in arcs]
    ground = ground_of(nodes, arcs, flags=flags)
    low, high = np.asarray(ground.node_lat)[(rows - 1) * columns], np.asarray(ground.node_lat)[rows * columns]
    west, _, east, _ = ground.bbox
    gap = (high - low) * 0.1
    water = shapely.box(west - 0.01, low + gap, east + 0.01, high - gap)
    blocks = cut_into_blocks(ground, Barriers(True, (water,)) if barriers else Barriers(False), at_least=columns * rows)
    streets, network = CityStreets.of(ground), Network(ground)
    demand = demand_of_blocks(blocks, streets, None, CityGrid.of(ground, streets))
    return GridCity(ground, blocks, streets, network, demand, BlockTravel(network, streets, demand))
