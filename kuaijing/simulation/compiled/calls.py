"""The calls of a run: drawn from expected rates, or a list of real ones; with every figure that chance decides.

Common random numbers: what is drawn belongs to the call, not to the plan: its moment, place, kind, handling time, and for each order to
it the reaction and the luck on the road. Runs of two plans on the same ``seed`` and ``replication`` get the same table, so their
difference is the plans'. Replications are independent streams (numpy ``SeedSequence``); ``Streams`` keeps the seeds on which figures are
tuned apart from those that are reported.
"""

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaijing.simulation.compiled.errors import MalformedScenario, NoCalls, SimulationError
from kuaijing.simulation.compiled.tables import DRAWS, HOUR_MS, WEEK_HOURS, CallTable

DAY_MS: Final = 24 * HOUR_MS
_REPORTED, _TUNING = 0, 1


@dataclass(frozen=True, slots=True)
class Streams:
    """Seeds of replications. Those for tuning and those reported never meet, whatever ``seed`` is."""

    seed: int
    tuning: bool = False

    def generator(self, replication: int) -> np.random.Generator:
        """The stream of one replication."""
        if self.seed < 0 or replication < 0:
            raise SimulationError(f"seed and replication must be 0 or more, got {self.seed} and {replication}")
        purpose = _TUNING if self.tuning else _REPORTED
        return np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(purpose, replication)))


@dataclass(frozen=True, slots=True, eq=False)
class CallModel:
    """What calls are like.

    ``kind_*`` have one row a kind of call. Handling times are log-normal with the mean and standard deviation given (standard deviation 0:
    always the mean; ``exponential`` instead of log-normal where asked).
    """

    expected: NDArray[np.float64]
    """(168, points): calls per hour; the points are the scenario's first places."""
    kind_share: NDArray[np.float64]
    """(kinds,): sums to 1."""
    kind_grade: NDArray[np.int64]
    kind_plan: NDArray[np.int64]
    """(kinds,): row of the scenario's response plans."""
    handling_s: NDArray[np.float64]
    """(kinds,): mean time on scene."""
    handling_sd_s: NDArray[np.float64]
    limit_set: NDArray[np.int64]
    """(168,)."""
    limit_ms: NDArray[np.int64]
    """(sets, places)."""
    tier: NDArray[np.int64]
    """(sets, places)."""
    kind_patience: NDArray[np.float64] | None = None
    """(kinds,): the limit of a kind as a multiple of its place's; by default 1."""
    set_off_s: float = 15.0
    """Reaction as it is: median."""
    set_off_sd_s: float = 8.0
    driver_spread: float = 0.10
    """Standard deviation of the logarithm of drive over estimate; 0: every drive is as estimated."""
    support_share: float = 0.5
    """Time on scene of supporting units, share of the handling."""
    exponential: bool = False
    second_share: float = 0.0
    """Share of calls after which the leading unit drives on."""
    second_place: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    """(points,): where to."""
    second_s: float = 0.0
    """Mean time there, exponential."""

    def scaled(self, factor: float) -> "CallModel":
        """The same city with so many times the calls."""
        return replace(self, expected=self.expected * factor)


def draw_calls(model: CallModel, streams: Streams, replication: int, days: float, *, start_ms: int = 0) -> CallTable:
    """Calls of ``days`` days from ``start_ms`` (after Monday 00:00): Poisson by hour and place.

    Raises
    ------
    NoCalls
        The rates are 0, or nothing fell into the span.
    """
    if not 0 < days < np.inf:
        raise NoCalls(f"days must be above 0 and finite, got {days}")
    _refuse_model(model)
    chance = streams.generator(replication)
    hours = np.arange(start_ms // HOUR_MS, start_ms // HOUR_MS + int(np.ceil(days * 24)))
    mean = model.expected.sum(axis=1)[hours % WEEK_HOURS]
    counts = chance.poisson(mean)
    total = int(counts.sum())
    if total == 0:
        raise NoCalls(
            f"the rates give {mean.sum():.3g} calls in {days} days and none was drawn; give rates or more days"
        )
    hour = np.repeat(hours, counts)
    at = np.sort(hour * HOUR_MS + chance.integers(0, HOUR_MS, total))
    hour_of_week = (at // HOUR_MS) % WEEK_HOURS
    place = _places(model.expected, hour_of_week, chance.random(total))
    kind = np.minimum(
        np.searchsorted(np.cumsum(model.kind_share), chance.random(total), side="right"), len(model.kind_share) - 1
    )
    return _dressed(model, chance, at, place, kind, None)


def given_calls(
    model: CallModel,
    streams: Streams,
    replication: int,
    at_ms: NDArray[np.int64],
    place: NDArray[np.int64],
    kind: NDArray[np.int64],
    handling_s: NDArray[np.float64] | None = None,
) -> CallTable:
    """Real calls (rows by time): moment, place and kind as they were; handling as it was where known, else drawn by kind.

    Raises
    ------
    NoCalls, MalformedScenario
    """
    if len(at_ms) == 0:
        raise NoCalls("the list of calls is empty")
    if not len(at_ms) == len(place) == len(kind) == len(at_ms if handling_s is None else handling_s):
        rows = [len(at_ms), len(place), len(kind), *([] if handling_s is None else [len(handling_s)])]
        raise MalformedScenario(
            f"at_ms, place, kind and handling_s have {', '.join(map(str, rows))} rows; wanted as many each"
        )
    _refuse_rows(at_ms, place, kind, handling_s, model)
    order = np.argsort(at_ms, kind="stable")
    handling = None if handling_s is None else np.asarray(handling_s, np.float64)[order]
    return _dressed(model, streams.generator(replication), at_ms[order], place[order], kind[order], handling)


def _refuse_model(model: CallModel) -> None:
    faults = []
    for name in ("expected", "kind_share", "handling_s", "handling_sd_s"):
        column = getattr(model, name)
        wrong = ~(np.isfinite(column) & (column >= 0))
        if wrong.any():
            at = tuple(np.argwhere(wrong)[0].tolist())
            faults.append(f"{name} has {column[at]} at {at}; wanted finite figures of 0 or more")
    if model.expected.shape[0] != WEEK_HOURS:
        faults.append(f"expected is {model.expected.shape}, wanted ({WEEK_HOURS}, points)")
    if faults:
        raise MalformedScenario("; ".join(faults))


def _refuse_rows(
    at_ms: NDArray[np.int64],
    place: NDArray[np.int64],
    kind: NDArray[np.int64],
    handling_s: NDArray[np.float64] | None,
    model: CallModel,
) -> None:
    """Raise ``MalformedScenario`` naming the first row of each column that makes no sense."""
    checks = [
        ("at_ms", at_ms, at_ms < 0, "0 or later"),
        ("place", place, (place < 0) | (place >= model.limit_ms.shape[1]), f"0 to {model.limit_ms.shape[1] - 1}"),
        ("kind", kind, (kind < 0) | (kind >= len(model.kind_share)), f"0 to {len(model.kind_share) - 1}"),
    ]
    if handling_s is not None:
        wrong = (handling_s < 0) | np.isinf(handling_s)
        checks.append(("handling_s", handling_s, wrong, "0 or more, or NaN where it is not known"))  # type: ignore[arg-type]
    faults = [
        f"{name} of row {int(wrong.argmax())} is {column[int(wrong.argmax())]}, wanted {wanted}"
        for name, column, wrong, wanted in checks
        if wrong.any()
    ]
    if faults:
        raise MalformedScenario("; ".join(faults))


@dataclass(frozen=True, slots=True, eq=False)
class RealCalls:
    """Calls as they were, a row each: what is drawn anew each replication is reaction, luck on the road, and handling where unknown."""

    at_ms: NDArray[np.int64]
    """After the Monday 00:00 local of the first call's week."""
    place: NDArray[np.int64]
    kind: NDArray[np.int64]
    """Row of the model's kinds."""
    handling_s: NDArray[np.float64]
    """NaN: unknown."""

    def table(self, model: CallModel, streams: Streams, replication: int) -> CallTable:
        """The calls of one replication."""
        return given_calls(model, streams, replication, self.at_ms, self.place, self.kind, self.handling_s)


def _limits(
    model: CallModel, sets: NDArray[np.int64], place: NDArray[np.int64], kind: NDArray[np.int64]
) -> NDArray[np.int64]:
    limit = model.limit_ms[sets, place]
    if model.kind_patience is not None:
        limit = np.rint(limit * model.kind_patience[kind]).astype(np.int64)
    return np.asarray(limit, dtype=np.int64)


def _places(expected: NDArray[np.float64], hour: NDArray[np.int64], chance: NDArray[np.float64]) -> NDArray[np.int64]:
    place = np.empty(len(hour), np.int64)
    for each in np.unique(hour):
        rows = np.flatnonzero(hour == each)
        heaped = np.cumsum(expected[each])
        place[rows] = np.searchsorted(heaped, chance[rows] * heaped[-1], side="right")
    return np.asarray(np.minimum(place, expected.shape[1] - 1), dtype=np.int64)


def _dressed(
    model: CallModel,
    chance: np.random.Generator,
    at: NDArray[np.int64],
    place: NDArray[np.int64],
    kind: NDArray[np.int64],
    handling_s: NDArray[np.float64] | None,
) -> CallTable:
    total = len(at)
    mean, spread = model.handling_s[kind], model.handling_sd_s[kind]
    if model.exponential:
        drawn = chance.exponential(1.0, total) * mean
    else:
        sigma = np.sqrt(np.log1p((spread / np.maximum(mean, 1e-9)) ** 2))
        drawn = mean * np.exp(sigma * chance.standard_normal(total) - sigma**2 / 2)
    if handling_s is not None:
        drawn = np.where(np.isfinite(handling_s), handling_s, drawn)
    lead = np.rint(drawn * 1000).astype(np.int64)
    reaction_sigma = np.sqrt(np.log1p((model.set_off_sd_s / max(model.set_off_s, 1e-9)) ** 2))
    set_off = model.set_off_s * np.exp(reaction_sigma * chance.standard_normal((total, DRAWS)))
    factor = np.exp(model.driver_spread * chance.standard_normal((total, DRAWS)))
    goes_on, stays = chance.random(total) < model.second_share, chance.exponential(1.0, total) * model.second_s
    sets = model.limit_set[(at // HOUR_MS) % WEEK_HOURS]
    second = model.second_place[place] if len(model.second_place) else np.full(total, -1, np.int64)
    return CallTable(
        at_ms=at.astype(np.int64),
        place=place.astype(np.int64),
        grade=model.kind_grade[kind],
        plan=model.kind_plan[kind],
        limit_ms=_limits(model, sets, place, kind),
        tier=model.tier[sets, place],
        lead_ms=lead,
        support_ms=np.rint(drawn * model.support_share * 1000).astype(np.int64),
        second_place=np.where(goes_on, second, -1),
        second_ms=np.rint(stays * 1000).astype(np.int64),
        set_off_ms=np.rint(set_off * 1000).astype(np.int64),
        drive_factor=factor,
    )
