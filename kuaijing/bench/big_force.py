"""The city that a loaded bench runs on: Qinglan unless another is given, its plan with a force as large as asked for."""

import itertools
import os
from dataclasses import replace
from pathlib import Path

from kuaijing.bench.output import BenchRefused
from kuaijing.bench.served import told
from kuaijing.city.ground import DamagedGround, Ground, open_ground
from kuaijing.domain.commands import PlannedUnit
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.measures.instants import Instant
from kuaijing.wire.plans import PlanRefused, read_plan, write_folder
from kuaijing.wire.plans.provisional import provisional

PLATFORM_FORCE = ("command_vehicle", "car", "car", "motorcycle", "motorcycle", "motorcycle", "motorcycle")
"""One platform's, as in the cities; repeated until the force is as large as asked for."""
LONG_AGO = Instant(1_700_000_000_000_000)


def bench_city(given: Path | None) -> Path:
    """The folder given, or Qinglan (seed 1, 52 km²), generated once into the user's cache."""
    if given is not None:
        if not given.is_dir():
            raise BenchRefused(f"there is no city folder {given}; leave --city out for a generated one")
        return given
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "kuaijing" / "bench" / "qinglan-1"
    if not (folder / "ground.json").is_file():
        folder.parent.mkdir(parents=True, exist_ok=True)
        told("city", "generate", "--seed", "1", "--area-km2", "52", "--out", str(folder))
    return folder


def opened(city: Path) -> Ground:
    """The ground, or a refusal."""
    try:
        return open_ground(city)
    except (DamagedGround, OSError) as error:
        raise BenchRefused(str(error)) from None


def plan_with(ground: Ground, units: int) -> PlanDocument:
    """The city's own plan, or a provisional one, with ``units`` units on duty in place of its force."""
    shipped = ground.folder / "plan"
    try:
        plan = read_plan(shipped, ground.bbox) if shipped.is_dir() else provisional(ground, valid_from=LONG_AGO)
    except PlanRefused as refused:
        raise BenchRefused(f"the plan in {shipped} is refused: {refused}") from None
    posts = itertools.cycle([(post, kind) for post in plan.platforms for kind in PLATFORM_FORCE])
    force = tuple(
        PlannedUnit(
            f"b{number:04d}",
            f"B{number:04d}",
            kind,
            post.id,
            post.beat,
            2,
            2,
            "王强",
            ("first_aid",) if number % 3 else ("first_aid", "negotiation"),
            True,
            post.point,
        )
        for number, (post, kind) in zip(range(units), posts, strict=False)
    )
    return replace(plan, version=f"{plan.version}-bench-{units}", valid_from=LONG_AGO, force=force)


def put_in_force(city: Path, data: Path, plan: PlanDocument, scratch: Path) -> None:
    """Through the door for plans, before the server starts."""
    write_folder(plan, scratch / "plan")
    told("plan", "import", str(scratch / "plan"), "--city", str(city), "--data", str(data))
