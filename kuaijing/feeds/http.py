"""The HTTP doors of the feeds, as the makers of the clients expect them: what is read, who sends it, what is answered.

A good message is answered 200 whatever the judgement thinks of it: sending it again would change nothing. 400 is a message that is
none (all its faults in a problem document), 401 a device that is unknown or did not prove itself (which of the two is told to
nobody outside), 403 one that was withdrawn, 429 too many wrong codes. A gateway account is always answered with what became of
each reading. The application mounts ``handlers``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from urllib.parse import parse_qsl

import msgspec
from litestar import HttpMethod, Request, Response
from litestar.handlers import HTTPRouteHandler

from kuaijing.feeds import gpslogger, json_batch, osmand, owntracks, traccar
from kuaijing.feeds.gate import WINDOW_S, Credentials, Gate, credentials
from kuaijing.feeds.normaliser import NOT_PROVEN, Normaliser, Refused
from kuaijing.feeds.readings import BadReading, DeviceReading
from kuaijing.wire.problems import PROBLEM_TYPE, Fault, Problem

PREFIX: Final = "/api/feeds"
_SMALL: Final = 64 * 1024
_LARGE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sent:
    """One request, as far as a decoder needs it."""

    query: Mapping[str, str]
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    given: Credentials = field(default_factory=Credentials)

    @property
    def media_type(self) -> str:
        """Of the body, in lower case, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class FeedDoor:
    """One protocol over HTTP."""

    path: str
    protocol: str
    methods: tuple[Literal["GET", "POST"], ...]
    decode: Callable[[Sent], Sequence[DeviceReading]]
    answer: Callable[[Sequence[Refused | None]], bytes]
    limit: int = _SMALL
    by_gateway: bool = False
    """A gateway account may answer for the devices."""


def handlers(normaliser: Normaliser, gate: Gate) -> list[HTTPRouteHandler]:
    """Every door as a route of the application."""
    return [_handler(door, normaliser, gate) for door in DOORS]


def read_osmand(sent: Sent) -> Sequence[DeviceReading]:
    """Query, form or JSON."""
    if sent.body.strip() and sent.media_type == "application/json":
        return osmand.decode_json(sent.body)
    return osmand.decode_query(_query_or_form(sent))


def read_owntracks(sent: Sent) -> Sequence[DeviceReading]:
    """User and device come in headers, in the query, by Basic authentication or in the message."""
    user = sent.headers.get("x-limit-u") or sent.query.get("u") or sent.given.user
    found = owntracks.decode(sent.body, user, sent.headers.get("x-limit-d") or sent.query.get("d", ""))
    return [] if isinstance(found, owntracks.Gone) else found


def _query_or_form(sent: Sent) -> Mapping[str, str]:
    """The query; where it is empty or names no place, what a form says too."""
    if sent.media_type != "application/x-www-form-urlencoded" or not sent.body:
        return sent.query
    try:
        form = parse_qsl(sent.body.decode(), max_num_fields=100)
    except ValueError as error:
        fault = Fault("", "", f"not readable as a form: {str(error)[:120]}", "send fields joined by &")
        raise BadReading([fault]) from None
    return {**dict(form), **sent.query}


def _summary(refused: Sequence[Refused | None]) -> bytes:
    listed = [
        {"index": index, "reason": each.reason, "detail": each.detail}
        for index, each in enumerate(refused)
        if each is not None
    ]
    return msgspec.json.encode({"accepted": len(refused) - len(listed), "refused": listed})


DOORS: Final = (
    FeedDoor(
        f"{PREFIX}/traccar", traccar.PROTOCOL, ("POST",), lambda s: traccar.decode(s.body), _summary, by_gateway=True
    ),
    FeedDoor(f"{PREFIX}/osmand", osmand.PROTOCOL, ("GET", "POST"), read_osmand, lambda _: b""),
    FeedDoor(f"{PREFIX}/owntracks", owntracks.PROTOCOL, ("POST",), read_owntracks, lambda _: b"[]"),
    FeedDoor(
        f"{PREFIX}/gpslogger",
        gpslogger.PROTOCOL,
        ("GET", "POST"),
        lambda s: gpslogger.decode(_query_or_form(s)),
        lambda _: b"",
    ),
    FeedDoor(
        f"{PREFIX}/batch",
        json_batch.PROTOCOL,
        ("POST",),
        lambda s: json_batch.decode(s.body),
        _summary,
        limit=_LARGE,
        by_gateway=True,
    ),
)


async def take(door: FeedDoor, normaliser: Normaliser, gate: Gate, sent: Sent, address: str) -> Response[bytes]:
    """What a door does with one request."""
    try:
        readings = door.decode(sent)
    except BadReading as bad:
        normaliser.unreadable(door.protocol, bad)
        return _problem(400, "malformed-request", str(bad), door.path, list(bad.faults))
    by_gateway = await gate.gateway_proof(sent.given, address) if door.by_gateway else None
    refused = normaliser.take(door.protocol, readings, by_gateway or gate.proof(sent.given, address))
    if by_gateway is None:
        turned_away = _turned_away(refused, door.path)
        if turned_away is not None:
            return turned_away
    return Response(door.answer(refused), status_code=200, media_type="application/json")


def _turned_away(refused: Sequence[Refused | None], path: str) -> Response[bytes] | None:
    """The refusal of a request of which nothing came from a proven device."""
    reasons = {None if each is None else each.reason for each in refused}
    if not reasons or reasons - NOT_PROVEN - {"withdrawn"}:
        return None
    if "too_many_tries" in reasons:
        headers = {"Retry-After": str(round(WINDOW_S))}
        return _problem(429, "too-many-tries", "too many wrong codes; wait a minute", path, headers=headers)
    if reasons == {"withdrawn"}:
        return _problem(403, "withdrawn", "this device was withdrawn; an administrator can take it in again", path)
    detail = "the device is not approved, or its code is missing or wrong; the devices screen says which"
    return _problem(401, "not-proven", detail, path, headers={"WWW-Authenticate": 'Basic realm="kuaijing"'})


_TITLES: Final = {
    "malformed-request": "请求格式错误 · Malformed request",
    "too-many-tries": "尝试过多 · Too many tries",
    "withdrawn": "设备已停用 · Device withdrawn",
    "not-proven": "设备未批准或口令有误 · Device not approved, or wrong code",
}


def _problem(
    status: int,
    name: str,
    detail: str,
    path: str,
    faults: list[Fault] | None = None,
    headers: dict[str, str] | None = None,
) -> Response[bytes]:
    problem = Problem(PROBLEM_TYPE + name, _TITLES[name], status, detail, path, faults=faults or [])
    content = msgspec.json.encode(problem)
    return Response(content, status_code=status, media_type="application/problem+json", headers=headers)


def _handler(door: FeedDoor, normaliser: Normaliser, gate: Gate) -> HTTPRouteHandler:
    async def handle(request: Request[Any, Any, Any]) -> Response[bytes]:
        query = dict(request.query_params.items())
        headers = {name.lower(): value for name, value in request.headers.items()}
        body = await request.body() if request.method == "POST" else b""
        sent = Sent(query, headers, body, credentials(headers.get("authorization", ""), query))
        return await take(door, normaliser, gate, sent, request.client.host if request.client else "")

    return HTTPRouteHandler(
        door.path,
        http_method=[HttpMethod(method) for method in door.methods],
        status_code=200,
        request_max_body_size=door.limit,
    )(handle)
