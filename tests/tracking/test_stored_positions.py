"""What a device sends twice counts once; what it had stored goes to the history and moves nothing."""

from kuaijing.routing.network import Network
from kuaijing.tracking import Fix, Judgement, Pipeline
from tests.grid_ground import grid_ground
from tests.tracking.reporting_units import at, judged, report

NETWORK = Network(grid_ground(11, 11, 200.0))
CAR = {"U1": "car"}
DAY_S = 86_400


def names(judgements: list[Judgement]) -> list[str]:
    return ["moves" if each.refusal is None else each.refusal.reason.value for each in judgements]


def test_same_fix_ten_times_moves_once() -> None:
    pipe = Pipeline(NETWORK)
    outcomes = judged(pipe, report(0), *(report(5, 20, 0, received_at=at(5 + i)) for i in range(10)))

    assert [isinstance(outcome, Fix) for outcome in outcomes[:2]] == [True, True]
    assert outcomes[2:] == ["duplicate"] * 9
    assert pipe.counts == {"accepted": 2, "duplicate": 9}


def test_same_jump_ten_times_is_one_jump_and_convinces_nobody() -> None:
    outcomes = judged(Pipeline(NETWORK), report(0), *(report(1, 1900, 1900, received_at=at(1 + i)) for i in range(10)))

    assert outcomes[1:] == ["jump", *["duplicate"] * 9]


def test_older_fix_repeated_is_a_duplicate_and_not_history_again() -> None:
    pipe = Pipeline(NETWORK)
    judgements = pipe.judge([report(s, s * 4, 0) for s in (0, 5, 10)] + [report(5, 20, 0, received_at=at(11))] * 2, CAR)

    assert names(judgements) == ["moves", "moves", "moves", "duplicate", "duplicate"]


def test_day_of_backfill_goes_to_the_history_while_live_goes_on() -> None:
    pipe = Pipeline(NETWORK)
    yesterday = [
        report(s, s % 1000, 0, measured_at=at(s - DAY_S), received_at=at(10 + s / 1000), backfill=True)
        for s in range(0, 36_000, 30)
    ]
    live = {10 + i: report(10 + i, 100 + 5 * i, 0) for i in range(0, 40, 5)}
    judgements = pipe.judge([report(0, 90, 0)], CAR)
    for second in range(10, 50):
        now = [live[second]] if second in live else []
        judgements += pipe.judge(now + yesterday[30 * (second - 10) : 30 * (second - 9)], CAR)

    stored = [each for each in judgements if each.report.backfill]
    assert len(stored) == 1200
    assert set(names(stored)) == {"backfill"}
    assert [each.fix.measured_at for each in stored if each.fix] == [each.measured_at for each in yesterday]
    assert names([each for each in judgements if not each.report.backfill]) == ["moves"] * 9
    (facts,) = pipe.facts().values()
    assert facts.last_measured == at(45)
    assert (facts.accepted, facts.kept, facts.refused) == (9, {"backfill": 1200}, {})
    assert facts.offset_s == 0  # a queue says nothing of the clock


def test_backfill_sent_twice_is_known_again() -> None:
    pipe = Pipeline(NETWORK)
    queue = [report(500, s, 0, measured_at=at(s), backfill=True) for s in range(100, 400, 10)]

    assert names(pipe.judge(queue, CAR)) == ["backfill"] * 30
    assert names(pipe.judge(queue, CAR)) == ["duplicate"] * 30


def test_backfill_is_judged_like_anything_else() -> None:
    pipe = Pipeline(NETWORK)
    queue = [
        report(500, 0, 0, measured_at=at(100), backfill=True),
        report(500, 2000, 2000, measured_at=at(101), backfill=True),
        report(500, 0, 0, measured_at=at(900), backfill=True),
        report(500, 0, 0, measured_at=at(-8 * DAY_S), backfill=True),
        report(500, 0, 0, measured_at=at(102), backfill=True, crs=None),
        report(500, 10, 0, measured_at=at(102), backfill=True),
    ]

    assert names(pipe.judge(queue, CAR)) == ["backfill", "jump", "future", "ancient", "no_crs", "backfill"]


def test_backfill_newer_than_the_live_position_does_not_move_it() -> None:
    pipe = Pipeline(NETWORK)
    judgements = pipe.judge([report(0), report(100, 50, 0, measured_at=at(60), backfill=True), report(101, 60, 0)], CAR)

    assert names(judgements) == ["moves", "backfill", "moves"]


def test_unannounced_queue_of_a_device_whose_clock_is_right_is_kept_for_the_history() -> None:
    pipe = Pipeline(NETWORK)
    live = [report(s, 400, 0) for s in range(-10_000, -9_900, 5)]
    queued = [report(i / 10, 400, 0, measured_at=at(-9_900 + 60 * i)) for i in range(1, 150)]
    outcomes = names(pipe.judge(live, CAR) + pipe.judge(queued, CAR))

    assert outcomes[:20] == ["moves"] * 20
    assert set(outcomes[20:]) == {"backfill", "moves"}  # over an hour old: history; younger: the unit moves
    assert outcomes[20] == "backfill"
