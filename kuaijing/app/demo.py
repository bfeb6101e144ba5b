"""``kuaijing demo``: a living shift on one's own machine. Makes what is missing, starts one process, prints where and how to sign in.

Without ``--city`` the fictional city 清岚市 Qinglan is generated once into DATA. A city without a plan gets a provisional one. The
play-actors (crews, callers, a patient desk) come in by the same doors as real ones, with an account of their own.
"""

import argparse
import asyncio
import json
import logging
import os
import secrets
import sys
import time
from collections.abc import Coroutine
from contextlib import closing
from datetime import datetime
from datetime import time as clock_time
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from kuaijing.app.clock import CityClock
from kuaijing.app.refused import Refused
from kuaijing.app.settings import read_settings
from kuaijing.domain.errors import DomainError
from kuaijing.measures.instants import Instant, from_datetime

if TYPE_CHECKING:
    from kuaijing.app.play_terminals import PlayTerminals
    from kuaijing.app.wiring import City
    from kuaijing.domain.plan_document import PlanDocument

USER: Final = "demo"
ANALYST: Final = "analyst"
"""Who drafts and proposes plans; what he proposes, ``demo`` accepts."""
PASSWORD: Final = "kuaijing-demo"
ACTORS: Final = "actors"
AREA_KM2: Final = 52.0
_CLOCK_FILE: Final = "demo-clock.json"
_CURTAIN_ZONE: Final = ZoneInfo("Asia/Shanghai")
_CURTAIN: Final = clock_time(19, 30, tzinfo=_CURTAIN_ZONE)
"""When a first demo begins, by Chinese time; a city elsewhere begins at another of its hours."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the subcommand."""
    parser.add_argument("--city", type=Path, metavar="DIR", help="a city folder of one's own; else Qinglan, 52 km²")
    parser.add_argument("--data", type=Path, default=Path("demo"), metavar="DIR", help="data folder (default: demo)")
    parser.add_argument("--port", type=int, default=os.environ.get("PORT", "8135"), help="default 8135, or PORT=")
    parser.add_argument(
        "--speed", type=float, default=os.environ.get("SPEED", "4"), help="1 to 60 times (default 4, or SPEED=)"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the city and of the play-actors (default 1)")
    parser.add_argument("--no-actors", action="store_true", help="an empty stage: nobody plays")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting")


def run(arguments: argparse.Namespace) -> int:
    """Show the shift until interrupted."""
    if not 1 <= arguments.speed <= 60:
        raise Refused(f"--speed {arguments.speed:g} is not from 1 to 60")
    if arguments.seed < 0:
        raise Refused(f"--seed {arguments.seed} is negative; give a whole number from 0")
    from kuaijing.app.serving import bound, serve
    from kuaijing.app.wiring import open_city

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    with closing(bound("127.0.0.1", arguments.port)) as listening:  # before a city is generated for nothing
        folder = arguments.city or _qinglan(arguments.data, arguments.seed)
        if not folder.is_dir():
            raise Refused(f"there is no city folder {folder}; make one with `kuaijing city import SOURCE --out DIR`")
        clock = CityClock(arguments.speed, _last_told(arguments.data))
        settings = read_settings(arguments.set, os.environ)
        city = open_city(folder, arguments.data / "data", settings=settings, clock=clock, mode="demo")
        password = _make_accounts(city)

        def ready(address: str) -> None:
            print(
                f"\n快警 Kuaijing · {city.facts.name}{' (虚构 fictional)' if city.facts.fictional else ''}", flush=True
            )
            print(f"  {address}/      用户 user: {USER}   密码 password: {PASSWORD}", flush=True)
            print(f"  {address}/plan  研判员 analyst: {ANALYST}   密码 password: {PASSWORD}", flush=True)
            print(f"  日志 log: {arguments.data / 'data'}", flush=True)
            print(f"  {arguments.speed:g} 倍速 times real time; Ctrl-C 停止 stops", flush=True)

        async def beside(city: "City", address: str, stop: asyncio.Event) -> None:
            await _beside(city, address, stop, password, arguments)

        try:
            serve(city, listening, beside=beside, ready=ready)
        finally:
            _note_told(arguments.data, clock)
    return 0


async def _beside(
    city: "City", address: str, stop: asyncio.Event, password: str, arguments: argparse.Namespace
) -> None:
    plan = city.plans.current()
    if plan is None:
        plan = await asyncio.to_thread(_plan_for, city)
        await city.put_in_force(plan, "demo")
    playing: Coroutine[None, None, object] = stop.wait()
    terminals: PlayTerminals | None = None
    if not arguments.no_actors:
        from kuaijing.simulation.actors import run_actors, visitors_unit
        from kuaijing.simulation.doors import Credentials

        unit = visitors_unit(plan)
        if unit is not None:
            print(f"  {address}/unit  警力 {unit} 留给您执勤 · unit {unit} is left for you: start its duty", flush=True)
        playing.close()
        terminals = await _terminals(city, plan, unit)
        playing = run_actors(
            address,
            Credentials(ACTORS, password),
            city.ground,
            city.network,
            plan,
            now=city.clock.now(),
            speed=arguments.speed,
            seed=arguments.seed,
            stop=stop,
            by_terminal=None if terminals is None else terminals.takes,
        )
    async with asyncio.TaskGroup() as group:
        group.create_task(_note_now_and_then(arguments.data, city.clock, stop))
        group.create_task(_await(playing))
        if terminals is not None:
            group.create_task(_until(stop, terminals.run()))


async def _terminals(city: "City", plan: "PlanDocument", left_for_visitor: str | None) -> "PlayTerminals | None":
    """Vehicle terminals of a share of the crews, at the demo's own JT/T 808 port; without that port nobody has one."""
    from kuaijing.app.play_terminals import PlayTerminals, enter_terminals, units_with_terminals

    try:
        server = city.gateways.terminals or await city.gateways.open_terminals()
        units = units_with_terminals(plan, left_for_visitor)
        phones = await enter_terminals(city.gateways.register, plan, units, city.clock.now())
    except (Refused, DomainError) as fault:
        logging.getLogger(__name__).warning("the demo plays without vehicle terminals: %s", fault)
        return None
    print(f"  JT/T 808 端口 port {server.port}: {len(phones)} 台演示终端 play-acted terminals", flush=True)
    return PlayTerminals(city.settings.jt808.host, server.port, phones)


async def _until(stop: asyncio.Event, running: Coroutine[None, None, None]) -> None:
    task = asyncio.create_task(running)
    await stop.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _await(playing: Coroutine[None, None, object]) -> None:
    await playing


def _qinglan(data: Path, seed: int) -> Path:
    """The fictional city, generated at the first start."""
    folder = data / f"qinglan-{seed}"
    if folder.is_dir():
        return folder
    from kuaijing.city.generate.writing import generate_city

    began = time.monotonic()

    def progress(step: str) -> None:
        print(f"{time.monotonic() - began:7.1f} s  {step}", file=sys.stderr, flush=True)

    print("生成虚构城市清岚市，仅首次 · generating the fictional city Qinglan, the first time only", flush=True)
    generate_city(folder, seed=seed, area_km2=AREA_KM2, progress=progress)
    return folder


def _plan_for(city: "City") -> "PlanDocument":
    """The plan that came with the city, or a provisional one."""
    from kuaijing.wire.plans import PlanRefused, read_plan
    from kuaijing.wire.plans.provisional import provisional

    shipped = city.ground.folder / "plan"
    if shipped.is_dir():
        try:
            return read_plan(shipped, city.ground.bbox)
        except PlanRefused as refused:
            logging.getLogger(__name__).warning("the plan in %s is not used: %s", shipped, refused)
    return provisional(city.ground, valid_from=city.clock.now())


def _make_accounts(city: "City") -> str:
    """The visitor's account, and that of the play-actors with a password that only this process knows."""
    from kuaijing.web.identity.roles import UserRole

    if city.accounts.find(USER) is None:
        city.accounts.add(USER, UserRole.ADMINISTRATOR, PASSWORD)
    if city.accounts.find(ANALYST) is None:
        city.accounts.add(ANALYST, UserRole.ANALYST, PASSWORD)
    password = secrets.token_urlsafe(24)
    city.accounts.add(ACTORS, UserRole.GATEWAY, password, replace=True)
    return password


def _last_told(data: Path) -> Instant:
    """Where the demo's clock goes on: where it stopped, since a log cannot go back; at first this evening, when much happens."""
    try:
        return Instant(int(json.loads((data / _CLOCK_FILE).read_text())["now"]))
    except (OSError, ValueError, KeyError, TypeError):
        return from_datetime(datetime.combine(datetime.now(_CURTAIN_ZONE), _CURTAIN))


def _note_told(data: Path, clock: CityClock) -> None:
    path = data / _CLOCK_FILE
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps({"now": int(clock.now())}))
    beside.replace(path)


async def _note_now_and_then(data: Path, clock: CityClock, stop: asyncio.Event) -> None:
    while not stop.is_set():
        await asyncio.sleep(5.0)
        _note_told(data, clock)
