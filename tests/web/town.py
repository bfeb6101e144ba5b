"""A whole small city behind a real server on a free port: grid of streets, provisional plan, engine, positions, advice."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from argon2 import PasswordHasher

from kuaijing.app.clock import CityClock
from kuaijing.app.serving import bound, serving
from kuaijing.app.settings import Settings
from kuaijing.app.wiring import City, assemble
from kuaijing.city.ground import Ground
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.measures.instants import from_datetime, to_datetime
from kuaijing.web.consoles import Console
from kuaijing.web.identity.accounts import Accounts
from kuaijing.web.identity.roles import UserRole
from kuaijing.web.live import Live
from kuaijing.wire.plans.provisional import provisional
from tests.grid_ground import grid_ground

PASSWORD = "correct horse"
NOON = from_datetime(datetime(2026, 11, 21, 4, 0, tzinfo=UTC))  # midday in the city
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@dataclass
class Town:
    """A running server and what stands behind it."""

    url: str
    city: City
    plan: PlanDocument
    loop: asyncio.AbstractEventLoop
    live: Live
    clients: list[httpx.Client] = field(default_factory=list)

    def signed_in(self, user: str) -> httpx.Client:
        """A client with that user's session."""
        client = self.client()
        answer = client.post("/api/session", json={"user": user, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return client

    def client(self) -> httpx.Client:
        """A client that nobody signed in."""
        client = httpx.Client(base_url=self.url, timeout=20, trust_env=False)
        self.clients.append(client)
        return client

    def cookie(self, client: httpx.Client) -> str:
        """The cookie header for a live connection."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.cookies.jar)

    def call(self, client: httpx.Client, **more: Any) -> Any:
        """A call in the middle of the city; the answer's ids."""
        west, south, east, north = self.city.ground.bbox
        place = {"lon": (west + east) / 2, "lat": (south + north) / 2, "text": "十字路口"}
        answer = client.post("/api/calls", json={"place": place, "kind": "fight", **more})
        assert answer.status_code == 201, answer.text
        return answer.json()["ids"]

    def free_units(self, client: httpx.Client) -> list[dict[str, Any]]:
        """Units that can be ordered."""
        return [unit for unit in client.get("/api/units").json() if unit["status"] == "available"]

    def consoles(self) -> list[Console]:
        """Everyone who listens now."""
        return list(self.live.consoles)

    def now(self) -> str:
        """The city's time."""
        return to_datetime(self.city.clock.now()).isoformat()


@contextmanager
def running_town(
    data: Path, *, ground: Ground | None = None, settings: Settings | None = None, clock: CityClock | None = None
) -> Iterator[Town]:
    """Serve a city from ``data`` in a thread; a second one on the same data goes on where the first ended."""
    ground = ground or grid_ground(7, 7, 250.0)
    city = assemble(ground, data, settings=settings or Settings(), clock=clock or CityClock(start=NOON))
    city.accounts.close()
    city.accounts = Accounts(data, hasher=QUICK)
    listening = bound("127.0.0.1", 0)
    plan = provisional(ground, platforms=2)
    _make_accounts(city.accounts, plan)
    started, town = threading.Event(), []
    failed: list[BaseException] = []

    async def serve() -> None:
        stop = asyncio.Event()
        stops.append(stop)
        loop = asyncio.get_running_loop()

        def ready(address: str) -> None:
            assert city.live is not None
            town.append(Town(address, city, plan, loop, city.live))

        async def beside(city: City, address: str, stop: asyncio.Event) -> None:
            if city.plans.current() is None:
                await city.put_in_force(plan, "setup")
            started.set()

        await serving(city, listening, stop, beside=beside, ready=ready)

    stops: list[asyncio.Event] = []

    def run() -> None:
        try:
            asyncio.run(serve())
        except BaseException as error:
            failed.append(error)
            started.set()

    thread = threading.Thread(target=run, name="town")
    thread.start()
    try:
        assert started.wait(30), "the town did not start"
        assert not failed, failed
        yield town[0]
    finally:
        if town:
            for client in town[0].clients:
                client.close()
            town[0].loop.call_soon_threadsafe(stops[0].set)
        thread.join(20)
        listening.close()
    assert not failed, failed


def _make_accounts(accounts: Accounts, plan: PlanDocument) -> None:
    """Once; a town that is started again keeps its accounts and their sessions."""
    if accounts.list_all():
        return
    for name, role in (("wang", UserRole.DISPATCHER), ("li", UserRole.DISPATCHER), ("chief", UserRole.ADMINISTRATOR)):
        accounts.add(name, role, PASSWORD)
    accounts.add("gate", UserRole.GATEWAY, PASSWORD)
    accounts.add("officer", UserRole.OFFICER, PASSWORD, unit=plan.force[0].unit)
