"""What the analysis of demand says, line by line: plain records, written as JSON for screens, tables and reports."""

import msgspec


class ChangeLine(msgspec.Struct, frozen=True):
    """A ratio of daily rates with its 95 % interval; ``None`` where it cannot be said (from nothing)."""

    before: int
    ratio: float | None
    low: float
    high: float | None
    certain: bool


class KindLine(msgspec.Struct, frozen=True):
    """One kind in the period, beside the period before and the same days a year before."""

    kind: str
    now: int
    against_before: ChangeLine | None
    against_year: ChangeLine | None
    """Both ``None`` where the history does not reach back: nothing known is not nothing."""


class HotSpotLine(msgspec.Struct, frozen=True):
    """One hot spot: neighbouring hot cells, named by the longest street of the busiest."""

    road: str
    lon: float
    lat: float
    cells: list[list[float]]
    """West, south, east, north of each cell, degrees."""
    incidents: int
    share: float
    """Of all incidents of the period with a place."""
    times_mean: float
    """Incidents per cell by the mean of all cells with streets."""
    top_kinds: list[str]


class RepeatLine(msgspec.Struct, frozen=True):
    """A kind whose incidents are followed by others nearby soon after."""

    kind: str
    within_m: float
    within_days: float
    ratio: float
    p: float


class SeasonLine(msgspec.Struct, frozen=True):
    """Season and trend; see ``demand.season``."""

    months: list[float]
    per_year: float
    per_year_low: float
    per_year_high: float


class ScoreLine(msgspec.Struct, frozen=True):
    """One forecast at one share of area; see ``demand.judging``."""

    forecast: str
    area_share: float
    caught: int
    incidents: int
    pai: float
    pai_low: float
    pai_high: float
    pei: float


class DemandStudy(msgspec.Struct, frozen=True):
    """The whole analysis. Periods are local days, the last one not included."""

    made_for: str
    """Day after the last one counted."""
    days: int
    history_from: str
    records: int
    in_period: int
    without_place: int
    outside: int
    by_officers: int
    """Of the period, found by officers; not in the figures below."""
    kinds: list[KindLine]
    week: list[list[int]]
    """Incidents of the period by weekday (Monday first) and local hour."""
    hot_spots: list[HotSpotLine]
    repeats: list[RepeatLine]
    repeats_looked_at: int
    """Kinds that had enough incidents to look."""
    season: SeasonLine | None
    scores: list[ScoreLine]
    scores_note: str
    """Why there are no scores, where there are none."""
