"""What comparing plans gives: figures with their intervals, differences on the same calls, and who gains and loses where."""

import msgspec


class FigureLine(msgspec.Struct, frozen=True):
    """A figure with its 95 % interval; ``None`` where it cannot be told. ``met`` of ``of``: the counts behind a share."""

    value: float | None
    low: float | None
    high: float | None
    met: int | None = None
    of: int | None = None


class TierLine(msgspec.Struct, frozen=True):
    """One tier of a plan: share within its limit by both clocks."""

    tier: str
    name: str
    name_en: str
    limit_s: float
    response: FigureLine
    """From the first order."""
    citizen: FigureLine
    """From the call."""


class CostLine(msgspec.Struct, frozen=True):
    """What a plan takes: vehicles and people, as its force list has them on duty."""

    units: dict[str, int]
    """By class."""
    platforms: int
    unit_hours_a_day: float
    police_hours_a_day: float
    auxiliary_hours_a_day: float


class HourLine(msgspec.Struct, frozen=True):
    """One hour of the day, over all days."""

    hour: int
    calls: int
    within: float | None
    """Share within the limit by the response clock."""
    mean_s: float | None
    visible_minutes: float
    """Visible-unit minutes in this hour."""


class PlanLine(msgspec.Struct, frozen=True):
    """One plan under the calls."""

    name: str
    version: str
    tiers: list[TierLine]
    within: FigureLine
    within_citizen: FigureLine
    mean_s: FigureLine
    median_s: FigureLine
    p90_s: FigureLine
    citizen_mean_s: FigureLine
    late_a_day: FigureLine
    """Calls beyond the limit by the citizen's clock."""
    queued: FigureLine
    """Share of calls that waited for a unit."""
    utilisation: FigureLine
    visible_minutes_an_hour: FigureLine
    """Unit minutes on the street an hour: free and out."""
    visible_by_block: list[float]
    """The same by block, minutes an hour."""
    visible_per_street_km: float
    """The same by kilometre of street."""
    moves_a_day: FigureLine
    arrivals: list[int]
    """Calls by the response clock, in bins of ``Comparison.bin_s``; the last bin holds all later ones and those never served."""
    arrivals_citizen: list[int]
    hours: list[HourLine]
    cost: CostLine


class DifferenceLine(msgspec.Struct, frozen=True):
    """A later plan minus the first, call by call on the same calls."""

    figure: str
    """``within``, ``within_citizen``, ``tier:<id>``, ``mean_s``, ``median_s``, ``p90_s``, ``late_a_day``, ``utilisation``, ``visible``."""
    value: float | None
    low: float | None
    high: float | None
    certain: bool
    """The interval leaves out 0."""


class BlockLine(msgspec.Struct, frozen=True):
    """One block with enough calls to say something."""

    block: int
    lon: float
    lat: float
    calls: int
    within: list[float]
    """Under each plan."""
    gain: list[float]
    """Of each plan over the first: points of share; 0 for the first."""
    low: list[float]
    high: list[float]


class Comparison(msgspec.Struct, frozen=True):
    """Plans beside each other on the same calls."""

    plans: list[PlanLine]
    differences: list[list[DifferenceLine]]
    """Of each further plan against the first."""
    blocks: list[BlockLine]
    blocks_without_enough: int
    """Blocks with calls, but too few to say."""
    bin_s: float
    days: float
    replications: int
    seed: int
    calls: int
    """In all replications."""
    calls_a_day: float
    demand: str
    """Digest of the rates; "" where real calls were rerun."""
    notes: list[str]
    """What is to be known when reading, Chinese with English."""
    against: str = ""
    """Name and revision of the other draft that it is held against; "" for the plan that the draft was drawn from."""
