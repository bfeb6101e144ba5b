"""What an analyst asks of a city: quick questions and long jobs, each a function of a frozen picture, run in a worker process."""

from collections.abc import Callable
from datetime import date
from typing import Annotated

import msgspec
import numpy as np

from kuaijing.domain.plan_document import PlanDocument
from kuaijing.studies.beat_plan import BeatFigures, with_beats
from kuaijing.studies.beats import BeatCut, cut_beats, measured, moved
from kuaijing.studies.blocks import IntArray
from kuaijing.studies.city_study import CityStudy, Frozen, borders, opened, platforms_of
from kuaijing.studies.demand_lines import DemandStudy
from kuaijing.studies.demand_study import study_demand
from kuaijing.studies.drafts import BeatShare
from kuaijing.studies.refused import StudyRefused
from kuaijing.wire.plans import canonical, from_canonical

Progress = Callable[[str, float], None]


class DemandAsked(msgspec.Struct, frozen=True):
    """What of the demand is to be analysed."""

    until: str | None = None
    days: int = 28
    kinds: tuple[str, ...] = ()
    group: bool = False
    """Figures by group of kinds (the plan's parents) instead of by kind."""
    include_officers: bool = False


class BeatsAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A cut into beats."""

    k: Annotated[int, msgspec.Meta(ge=1, le=1000)]
    keep_platforms: bool = False
    seconds: Annotated[float, msgspec.Meta(ge=1, le=600)] = 20.0
    seed: Annotated[int, msgspec.Meta(ge=0, le=2**31)] = 0


class BlockMap(msgspec.Struct, frozen=True):
    """The blocks of a city, to be drawn: rings in degrees, borders by pair, and today's beats on them."""

    shapes: list[list[list[list[float]]]]
    """Polygon of each block: outer ring and holes."""
    at: list[list[float]]
    """A point within each."""
    per_day: list[float]
    """Incidents a day, expected; by the shares of street length where no history is known."""
    borders: list[tuple[int, int, list[list[list[float]]]]]
    today: list[int]
    """Beat of each block in the plan in force, by its place in the plan."""
    basis: str


class BeatsAnswer(msgspec.Struct, frozen=True):
    """Beats with their figures, and the plan that has them."""

    share: BeatShare
    figures: BeatFigures
    plan: bytes
    """Canonical bytes of the plan document."""
    demand: str
    """Digest of the rates that the figures rest on."""


def ask_demand(frozen: Frozen, asked: DemandAsked) -> DemandStudy:
    """The analysis of the incidents of a period."""
    city = opened(frozen)
    try:
        until = None if asked.until is None else date.fromisoformat(asked.until)
    except ValueError:
        raise StudyRefused(f"until {asked.until!r} is no day; write 2026-11-22") from None
    groups = {kind.code: kind.parent or kind.code for kind in city.plan.kinds} if asked.group else None
    return study_demand(
        city.records(), city.grid, until=until, days=asked.days, include_officers=asked.include_officers,
        group_of=groups, only=asked.kinds,
    )  # fmt: skip


def ask_blocks(frozen: Frozen) -> BlockMap:
    """The blocks as a map."""
    city = opened(frozen)
    blocks = city.blocks
    degrees = blocks.plane.degrees(blocks.xy)
    shapes = []
    for shape in blocks.shapes:
        drawn = blocks.plane.drawn(shape)
        rings = [drawn.exterior, *drawn.interiors] if drawn.geom_type == "Polygon" else [drawn.convex_hull.exterior]
        shapes.append([[[round(x, 6), round(y, 6)] for x, y in ring.coords] for ring in rings])
    today = np.full(blocks.count, -1) if city.today is None else city.today.labels
    return BlockMap(
        shapes, np.round(degrees, 6).tolist(), (city.demand.rate * 24).tolist(), borders(blocks),
        [int(label) for label in today], city.demand.basis,
    )  # fmt: skip


def ask_today(frozen: Frozen, plan: bytes | None = None) -> BeatsAnswer:
    """The beats of the plan in force, or of any other plan, as they are."""
    city = opened(frozen)
    held = city.plan if plan is None else from_canonical(plan)
    cut = city.cut_of(held)
    return _answer(city, cut, held, keep=True)


def move_block(frozen: Frozen, plan: bytes, share: BeatShare, block: int, beat: int) -> BeatsAnswer:
    """One block given to another beat of a draft. Raises ``StudyRefused`` where a beat would fall apart."""
    city = opened(frozen)
    held = from_canonical(plan)
    cut = measured(
        np.array(share.labels, np.int64), len(share.platforms), np.array(share.platforms), city.demand, city.travel
    )
    after = moved(cut, block, beat, city.blocks, city.demand, city.travel)
    changed = with_beats(held, after, city.blocks, city.demand, version=held.version, keep_platforms=True)
    return _answer(city, after, changed, keep=True)


def cut_into_beats(
    frozen: Frozen, asked: BeatsAsked, progress: Progress, borders: IntArray | None = None
) -> BeatsAnswer:
    """Beats and platforms decided together, from the plan that the draft was drawn from. ``borders`` as in ``cut_beats``."""
    progress("opening", 0.0)
    city = opened(frozen)
    progress("beats", 0.05)
    places = None
    if asked.keep_platforms:
        places = [(float(lon), float(lat)) for lon, lat in platforms_of(city.plan)]
        if len(places) != asked.k:
            raise StudyRefused(
                f"today's {len(places)} platforms are to stay, so there are {len(places)} beats, not {asked.k}; "
                "ask for that number, or let the platforms move"
            )
    cut = cut_beats(
        city.blocks, city.demand, city.travel, asked.k, borders=borders, platforms=places, seconds=asked.seconds,
        seed=asked.seed,
        progress=lambda step, share: progress(step, 0.05 + 0.85 * share),
    )  # fmt: skip
    progress("figures", 0.92)
    plan = with_beats(
        city.plan, cut, city.blocks, city.demand, version=city.plan.version, keep_platforms=asked.keep_platforms
    )
    return _answer(city, cut, plan, keep=asked.keep_platforms)


def _answer(city: CityStudy, cut: BeatCut, plan: PlanDocument, *, keep: bool) -> BeatsAnswer:
    share = BeatShare([int(label) for label in cut.labels], cut.platforms.tolist(), keep)
    return BeatsAnswer(share, city.figures(cut), canonical(plan), city.demand_digest)
