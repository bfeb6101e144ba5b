"""The doors that play-actors go through: the public HTTP interface, as a real terminal, a 110 desk and a console would.

``HttpDoor`` keeps the picture by the live push and acts by requests. It knows the wire and nothing of the server behind it.
"""

import asyncio
import contextlib
import logging
import uuid
from dataclasses import dataclass
from typing import Any

import httpx
import msgspec
import websockets

from kuaijing.measures.instants import Instant, from_datetime, to_datetime
from kuaijing.simulation.answering import AreaDeed
from kuaijing.simulation.callers import Happening
from kuaijing.simulation.officers import Reported, Stamped
from kuaijing.wire.advice import AdviceView, DuplicateView
from kuaijing.wire.area_calls import AreaCallView
from kuaijing.wire.live import Changes, Heartbeat, PositionsFrame, ServerMessage, Snapshot
from kuaijing.wire.pictures import AssignmentView, ClockView, IncidentView, StateView, UnitView

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Credentials:
    """Account of the play-actors."""

    user: str
    password: str


class Refused(Exception):
    """The server refused a request; carries its problem document."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{status} {problem.get('title', '')}: {problem.get('detail', '')}")
        self.status, self.problem = status, problem


class HttpDoor:
    """One signed-in client of a running server."""

    def __init__(self, base_url: str, credentials: Credentials) -> None:
        self._base_url, self._credentials = base_url, credentials
        self._http = httpx.AsyncClient(base_url=base_url, timeout=30, headers={"Origin": base_url}, trust_env=False)
        self._listener: asyncio.Task[None] | None = None
        self._seen = asyncio.Event()
        self._moment = (Instant(0), 1.0, 0.0)
        self.state: StateView | None = None
        self.units: dict[str, UnitView] = {}
        self.incidents: dict[str, IncidentView] = {}
        self.area_calls: dict[str, AreaCallView] = {}

    async def open(self) -> None:
        """Sign in and wait for the first snapshot."""
        answer = await self._http.post(
            "/api/session", json={"user": self._credentials.user, "password": self._credentials.password}
        )
        _check(answer)
        self._listener = asyncio.create_task(self._listen())
        await self._seen.wait()

    async def close(self) -> None:
        """Hang up."""
        if self._listener is not None:
            self._listener.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listener
        await self._http.aclose()

    def now(self) -> Instant:
        """The city's time by its own clock."""
        at, speed, heard = self._moment
        return Instant(at + round((asyncio.get_running_loop().time() - heard) * speed * 1e6))

    def assignment(self, unit: UnitView) -> AssignmentView | None:
        """The unit's active assignment, where it has one."""
        if unit.active is None:
            return None
        incident = self.incidents.get(unit.active.rsplit(".", 1)[0])
        held = [] if incident is None else incident.assignments
        for found in (held, *(i.assignments for i in self.incidents.values())):
            for assignment in found:
                if assignment.id == unit.active:
                    return assignment
        return None

    async def call(self, happening: Happening) -> str:
        """Report to the 110 desk; a further report is linked where the system proposes the incident. Returns the incident."""
        link = await self._likely_same(happening) if happening.again else None
        body = {
            "place": {"lon": happening.lon, "lat": happening.lat, "text": happening.where},
            "kind": happening.kind,
            "called_at": to_datetime(happening.at).isoformat(),
            "words": happening.words,
            "caller": happening.caller,
            "phone": happening.phone,
            "link_to": link,
        }
        answer = await self.post("/api/calls", body)
        return str(answer["ids"].get("incident") or link)

    async def report(self, reports: list[Reported]) -> None:
        """Send positions as terminals do, in one batch."""
        rows = [
            {
                "unit": r.unit,
                "lon": r.lon,
                "lat": r.lat,
                "measured_at": to_datetime(r.at).isoformat(),
                "crs": "wgs84",
                "speed_mps": r.speed_mps,
                "heading_deg": r.heading_deg,
            }
            for r in reports
        ]
        await self.post("/api/positions", {"reports": rows})

    async def stamp(self, stamped: Stamped) -> None:
        """Press a button of the terminal."""
        body = {"at": to_datetime(stamped.at).isoformat()}
        await self.post(f"/api/assignments/{stamped.assignment}/{stamped.step.value}", body)

    async def answer_area(self, deed: AreaDeed) -> None:
        """Say that the terminal shows an area call, or what the crew answers to it."""
        if deed.text is None:
            await self.post(f"/api/area-calls/{deed.call}/delivered", {"unit": deed.unit})
        else:
            await self.post(f"/api/area-calls/{deed.call}/answers", {"unit": deed.unit, "text": deed.text})

    async def advice(self, incident: str, purpose: str = "first") -> AdviceView:
        """The recommendation as a dispatcher would see it."""
        answer = await self._http.get(f"/api/incidents/{incident}/recommendation", params={"purpose": purpose})
        _check(answer)
        return msgspec.json.decode(answer.content, type=AdviceView)

    async def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """A command with an idempotency key of its own; raises ``Refused`` with the server's problem document."""
        answer = await self._http.post(path, json=body, headers={"Idempotency-Key": str(uuid.uuid4())})
        _check(answer)
        result: dict[str, Any] = answer.json()
        return result

    async def _likely_same(self, happening: Happening) -> str | None:
        query: dict[str, str | float] = {
            "lon": happening.lon,
            "lat": happening.lat,
            "kind": happening.kind,
            "words": happening.words,
        }
        answer = await self._http.get("/api/calls/duplicates", params=query)
        _check(answer)
        found = msgspec.json.decode(answer.content, type=list[DuplicateView])
        return found[0].incident if found else None

    async def _listen(self) -> None:
        """Keep the picture: snapshot, then changes; after a broken link a fresh snapshot."""
        decoder = msgspec.json.Decoder(ServerMessage)
        address = self._base_url.replace("http", "ws", 1) + "/api/live"
        while True:
            cookies = "; ".join(f"{c.name}={c.value}" for c in self._http.cookies.jar)
            headers = {"Cookie": cookies, "Origin": self._base_url}
            try:
                async with websockets.connect(
                    address, additional_headers=headers, max_size=None, compression=None
                ) as link:
                    async for frame in link:
                        self._take(decoder.decode(frame))
            except (OSError, websockets.WebSocketException) as fault:
                _log.info("live link of the play-actors broke (%s); trying again", fault)
                await asyncio.sleep(0.5)

    def _take(self, message: ServerMessage) -> None:
        match message:
            case Snapshot(state=state):
                self.state = state
                self.units = {u.id: u for u in state.units}
                self.incidents = {i.id: i for i in state.incidents}
                self.area_calls = {c.id: c for c in state.area_calls}
                self._set_clock(state.clock)
                self._seen.set()
            case Changes(put=put, gone=gone):
                self.units |= {u.id: u for u in put.units}
                self.incidents |= {i.id: i for i in put.incidents}
                self.area_calls |= {c.id: c for c in put.area_calls}
                for unit in gone.units:
                    self.units.pop(unit, None)
                for incident in gone.incidents:
                    self.incidents.pop(incident, None)
                for call in gone.area_calls:
                    self.area_calls.pop(call, None)
                if put.clock is not None:
                    self._set_clock(put.clock)
            case PositionsFrame() | Heartbeat():
                pass

    def _set_clock(self, clock: ClockView) -> None:
        self._moment = (from_datetime(clock.now), clock.speed, asyncio.get_running_loop().time())


def _check(answer: httpx.Response) -> None:
    if answer.is_success:
        return
    try:
        problem = answer.json()
    except ValueError:
        problem = {"title": answer.reason_phrase, "detail": answer.text[:200]}
    raise Refused(answer.status_code, problem)
