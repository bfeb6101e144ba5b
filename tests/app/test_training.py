"""Training begins with the plan of the service, in a log of its own, and leaves the service's log alone."""

import asyncio
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kuaijing.app.cli import main
from kuaijing.app.clock import CityClock
from kuaijing.app.refused import Refused
from kuaijing.app.settings import Settings, read_settings
from kuaijing.app.wiring import City, assemble
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.measures.instants import from_datetime
from kuaijing.wire.plans.provisional import provisional
from tests.grid_ground import grid_ground

NOON = from_datetime(datetime(2026, 11, 21, 4, 0, tzinfo=UTC))
GROUND = grid_ground(7, 7, 250.0)


def _city(data: Path, *, training: bool) -> City:
    mode = "training" if training else "live"
    return assemble(GROUND, data, settings=Settings(), clock=CityClock(start=NOON), mode=mode)  # type: ignore[arg-type]


def test_training_begins_with_the_plan_of_the_service_while_that_runs(tmp_path: Path) -> None:
    async def shift() -> tuple[PlanDocument | None, int, list[str], bool]:
        service = _city(tmp_path, training=False)
        async with service.working():
            await service.put_in_force(provisional(GROUND, platforms=2), "chief")
            recorded = service.engine.picture.recorded
            training = _city(tmp_path, training=True)
            async with training.running():
                actors = [entry.actor for entry in training.engine.read(0)]
                units = len(training.engine.picture.state.units)
                found = training.plans.current()
            return found, units, actors, service.store.log.tail().seq == recorded

    plan, units, actors, untouched = asyncio.run(shift())
    assert plan == provisional(GROUND, platforms=2)
    assert units == len(plan.force)
    assert set(actors) == {"training"}
    assert untouched


def test_a_plan_put_in_force_for_training_stays(tmp_path: Path) -> None:
    async def shift() -> PlanDocument | None:
        service = _city(tmp_path, training=False)
        async with service.working():
            await service.put_in_force(provisional(GROUND, platforms=2), "chief")
        training = _city(tmp_path, training=True)
        async with training.working():  # as `kuaijing plan import --training` does
            await training.put_in_force(provisional(GROUND, platforms=3), "chief")
        training = _city(tmp_path, training=True)
        async with training.running():
            return training.plans.current()

    assert asyncio.run(shift()) == provisional(GROUND, platforms=3)


def test_training_without_a_service_has_no_plan_and_makes_no_log_of_it(tmp_path: Path) -> None:
    async def shift() -> PlanDocument | None:
        training = _city(tmp_path, training=True)
        async with training.running():
            return training.plans.current()

    assert asyncio.run(shift()) is None
    assert not (tmp_path / "kuaijing.sqlite").exists()


def test_an_account_for_a_unit_that_the_plan_lacks_is_refused_with_its_like(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = provisional(GROUND, platforms=2)

    async def shift() -> None:
        service = _city(tmp_path, training=False)
        async with service.working():
            await service.put_in_force(plan, "chief")

    asyncio.run(shift())
    words = ["user", "add", "wei", "--role", "officer", "--data", str(tmp_path), "--password-stdin", "--unit"]
    assert main([*words, plan.force[0].unit + "x"]) == 2
    assert plan.force[0].unit in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", io.StringIO("a long one\n"))
    assert main([*words, plan.force[0].unit]) == 0


@pytest.mark.parametrize("door", ["jt808.port=6808", "mqtt.host=broker.local"])
def test_training_opens_no_door_to_vehicles_in_service(tmp_path: Path, door: str) -> None:
    settings = read_settings([door], {})
    with pytest.raises(Refused, match=f"training was given {door}"):
        assemble(GROUND, tmp_path, settings=settings, clock=CityClock(start=NOON), mode="training")
    assert not (tmp_path / "training").exists()
