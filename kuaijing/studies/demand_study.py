"""The daily analysis of a city's incidents: how many, what, when, where, what has changed, and which forecast is worth having.

Places and kinds only; nothing is said of any person. What officers found themselves is counted apart. Every comparison carries its
interval, and near repeats are spoken of only for kinds whose data shows them.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from kuaijing.demand import (
    Change,
    DemandError,
    HotSpots,
    NearRepeat,
    Score,
    Season,
    change,
    find_season,
    getis_ord,
    near_repeat,
    peaks,
)
from kuaijing.demand.hours import hours_of_week
from kuaijing.measures.instants import SECOND
from kuaijing.measures.points import EARTH_RADIUS_M
from kuaijing.studies.city_grid import CityGrid
from kuaijing.studies.demand_lines import (
    ChangeLine,
    DemandStudy,
    HotSpotLine,
    KindLine,
    RepeatLine,
    ScoreLine,
    SeasonLine,
)
from kuaijing.studies.forecast_scores import forecast_scores
from kuaijing.studies.records import Records
from kuaijing.studies.refused import StudyRefused

_LEAST_FOR_REPEATS: Final = 100


def study_demand(
    records: Records,
    city: CityGrid,
    *,
    until: date | None = None,
    days: int = 28,
    include_officers: bool = False,
    group_of: Mapping[str, str] | None = None,
    only: Collection[str] = (),
    seed: int = 0,
) -> DemandStudy:
    """The analysis of the ``days`` before ``until`` (by default those that the history ends with).

    ``group_of`` names the kind's group (criminal, order …); figures are then told by group, hot spots by kind. ``only`` looks at those
    kinds alone.

    Raises ``StudyRefused`` where nothing can be said: no incident in the period, or all of them outside the city.
    """
    if only:
        records = records.rows(np.isin(records.kind, list(only)))
        if not len(records):
            raise StudyRefused(f"no record is of kind {', '.join(only)}; name kinds as the history has them")
    local = _local_days(records.called_at, city.zone)
    last = date.fromordinal(int(local.max()) + 1) if until is None else until
    if not 1 <= days <= 366:
        raise StudyRefused(f"days must be 1 to 366, got {days}")
    used = records.called | include_officers
    end = last.toordinal()
    inside = (local >= end - days) & (local < end)
    if not (inside & used).any():
        first_day, last_day = (date.fromordinal(int(day)) for day in (local.min(), local.max()))
        raise StudyRefused(
            f"no incident in the {days} days before {last}; the history goes from {first_day} to {last_day}"
        )
    cell = np.where(records.placed, city.grid.cells_of(records.lon, records.lat), -1)
    period = used & inside
    if not (cell[period] >= 0).any():
        raise StudyRefused(
            "no incident of the period lies in the city; is it this city's history, and was --crs right?"
        )
    found = _spots(cell[period], city)
    kinds = np.array([group_of.get(kind, kind) for kind in records.kind]) if group_of else records.kind
    scores, note = forecast_scores(records, cell, used, city, end, seed)
    repeats, looked = _repeats(records.rows(used & (local < end) & (local >= end - 365) & (cell >= 0)), seed)
    season = find_season(
        _daily(local[used & (local < end)], int(local[used].min()), end), date.fromordinal(int(local[used].min()))
    )
    return DemandStudy(
        made_for=last.isoformat(),
        days=days,
        history_from=date.fromordinal(int(local.min())).isoformat(),
        records=len(records),
        in_period=int(period.sum()),
        without_place=int((period & ~records.placed).sum()),
        outside=int((period & records.placed & (cell < 0)).sum()),
        by_officers=int((inside & ~records.called).sum()),
        kinds=_kinds(kinds, local, used, end, days),
        week=np.bincount(hours_of_week(records.called_at[period], city.zone), minlength=168).reshape(7, 24).tolist(),
        hot_spots=_hot_spot_lines(found, cell[period], records.kind[period], city),
        repeats=repeats,
        repeats_looked_at=looked,
        season=None if season is None else _season_line(season),
        scores=[_score_line(score) for score in scores],
        scores_note=note,
    )


def _local_days(called_at: NDArray[np.int64], zone: str) -> NDArray[np.int64]:
    """Ordinal of the local day of each instant."""
    hour = 3600 * SECOND
    distinct, back = np.unique(called_at // hour, return_inverse=True)
    where = ZoneInfo(zone)
    days = [datetime.fromtimestamp(int(each) * 3600, UTC).astimezone(where).toordinal() for each in distinct]
    return np.asarray(days, np.int64)[back.ravel()]


def _daily(local: NDArray[np.int64], start: int, end: int) -> NDArray[np.float64]:
    inside = (local >= start) & (local < end)
    return np.bincount(local[inside] - start, minlength=end - start).astype(np.float64)


def _kinds(
    kinds: NDArray[np.str_], local: NDArray[np.int64], used: NDArray[np.bool_], end: int, days: int
) -> list[KindLine]:
    begin, first = end - days, int(local[used].min())
    lines = []
    year = (date.fromordinal(end) - timedelta(days=364)).toordinal()  # 52 weeks: the same weekdays
    for kind in ["", *np.unique(kinds[used & (local >= begin) & (local < end)]).tolist()]:
        of = local[used & ((kinds == kind) | (kind == ""))]
        now = _daily(of, begin, end)
        before = _line(change(now, _daily(of, begin - days, begin))) if begin - days >= first else None
        a_year = _line(change(now, _daily(of, year - days, year))) if year - days >= first else None
        lines.append(KindLine(kind, int(now.sum()), before, a_year))
    return sorted(lines, key=lambda line: (line.kind != "", -line.now))


def _line(found: Change) -> ChangeLine:
    finite = np.isfinite(found.ratio)
    high = found.high if np.isfinite(found.high) else None
    return ChangeLine(int(found.before), found.ratio if finite else None, found.low, high, found.certain)


def _spots(cell: NDArray[np.int64], city: CityGrid) -> HotSpots | None:
    count = np.bincount(cell[cell >= 0], minlength=city.grid.cells).astype(np.float64)
    try:
        return getis_ord(count, city.grid, city.studied)
    except DemandError:  # fewer than ten cells with streets: too small a place to say that one stands out
        return None


def _hot_spot_lines(
    found: HotSpots | None, cell: NDArray[np.int64], kind: NDArray[np.str_], city: CityGrid
) -> list[HotSpotLine]:
    if found is None or not found.hot.any():
        return []
    grid = city.grid
    per_cell = np.bincount(cell[cell >= 0], minlength=grid.cells)
    mean = per_cell[city.studied].mean()
    lines = []
    for cells in peaks(found.hot, per_cell.astype(np.float64), grid):
        incidents = int(per_cell[cells].sum())
        if not incidents:
            continue
        busiest = int(cells[np.argmax(per_cell[cells])])
        lon, lat = grid.centres(np.array([busiest]))
        words, counts = np.unique(kind[np.isin(cell, cells)], return_counts=True)
        lines.append(
            HotSpotLine(
                city.road(busiest), float(lon[0]), float(lat[0]), [_box(city, int(one)) for one in cells], incidents,
                incidents / int((cell >= 0).sum()), float(incidents / len(cells) / mean),
                [str(word) for word in words[np.argsort(-counts, kind="stable")][:3]],
            )
        )  # fmt: skip
    return sorted(lines, key=lambda line: -line.incidents)


def _box(city: CityGrid, cell: int) -> list[float]:
    row, column = divmod(cell, city.grid.columns)
    west = city.grid.west + column * city.grid.lon_step
    south = city.grid.south + row * city.grid.lat_step
    return [round(value, 6) for value in (west, south, west + city.grid.lon_step, south + city.grid.lat_step)]


def _repeats(records: Records, seed: int) -> tuple[list[RepeatLine], int]:
    """Kinds of the last year that repeat themselves nearby. Many kinds are looked at, so that a surer test decides (Holm 1979)."""
    scale = np.radians(1.0) * EARTH_RADIUS_M
    tested: list[tuple[str, NearRepeat]] = []
    for kind in np.unique(records.kind).tolist():
        of = records.rows(records.kind == kind)
        if len(of) < _LEAST_FOR_REPEATS:
            continue
        x, y = of.lon * scale * np.cos(np.radians(of.lat.mean())), of.lat * scale
        try:
            found = near_repeat(x, y, of.called_at, permutations=99, seed=seed)
            if found.shown and found.p[0, 0] <= 0.02:  # worth a closer look
                found = near_repeat(x, y, of.called_at, permutations=1999, seed=seed)
        except DemandError:  # so many at one corner that pairs cannot be held: a corner, not a chain
            continue
        tested.append((kind, found))
    tested.sort(key=lambda each: each[1].p[0, 0])
    lines = []
    for rank, (kind, found) in enumerate(tested):
        if not found.shown or found.p[0, 0] > 0.05 / (len(tested) - rank):
            break
        lines.append(
            RepeatLine(kind, found.distance_m[0], found.days[0], float(found.ratio[0, 0]), float(found.p[0, 0]))
        )
    return sorted(lines, key=lambda line: -line.ratio), len(tested)


def _score_line(score: Score) -> ScoreLine:
    return ScoreLine(
        score.forecast,
        score.area_share,
        score.caught,
        score.incidents,
        score.pai,
        score.pai_low,
        score.pai_high,
        score.pei,
    )


def _season_line(season: Season) -> SeasonLine:
    return SeasonLine(list(season.months), season.per_year, season.per_year_low, season.per_year_high)
