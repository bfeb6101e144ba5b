"""How one HTTP endpoint is made: read strictly, know who asks, act, answer; every error becomes a problem document.

A capability's file says what it does with what was asked; reading bodies, identity, roles, origin and encoding are here, once.
The description of each door is what ``openapi.py`` writes down, so that the document cannot differ from what is served.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final, Generic, Literal, TypeVar
from urllib.parse import urlsplit

import msgspec
from litestar import HttpMethod, Request, Response
from litestar.handlers import HTTPRouteHandler

from kuaijing.domain.commands import Context
from kuaijing.measures.instants import Instant
from kuaijing.web.identity.roles import ACTING, EVERYBODY, SOURCE, UserRole
from kuaijing.web.identity.sessions import COOKIE, Session
from kuaijing.web.problems import Refusal
from kuaijing.wire.problems import BadRequest, Fault
from kuaijing.wire.queries import NoQuery
from kuaijing.wire.reading import read_body, read_query
from kuaijing.wire.requests import Body

G = TypeVar("G", bound=msgspec.Struct)
Method = Literal["GET", "POST", "PUT", "DELETE"]

BODY_LIMIT: Final = 1024 * 1024
_KEY: Final = re.compile(r"^[\x21-\x7e]{1,128}\Z")
_encode: Final = msgspec.json.Encoder().encode


class Nothing(Body, kw_only=True):
    """An empty body."""


@dataclass(frozen=True, slots=True)
class Raw:
    """An answer that is no JSON of ours: a tile, a table, a file."""

    content: bytes
    media_type: str
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked(Generic[G]):
    """One request, after the door has read it."""

    given: G
    """Body of a command, query of a look."""
    session: Session | None
    path: dict[str, str]
    request: Request[Any, Any, Any]
    key: str | None
    digest: str | None = None
    """Of method, path and body, by which a repeat is told from another command with the same key."""

    @property
    def who(self) -> Session:
        """The signed-in person; doors that are not public always have one."""
        if self.session is None:
            raise Refusal("not-signed-in", "this needs a session; sign in at POST /api/session")
        return self.session

    def context(self, received_at: Instant, *, reason: str = "", by_voice: bool = False) -> Context:
        """Who asks, when, by which door and why."""
        account = self.who.account
        return Context(account.name, SOURCE[account.role], received_at, self.key, reason, by_voice, self.digest)


@dataclass(frozen=True, slots=True)
class Door:
    """What one endpoint takes and gives; the OpenAPI document is made from these."""

    method: Method
    path: str
    summary: str
    given: type[msgspec.Struct]
    answer: Any
    status: int = 200
    public: bool = False
    roles: frozenset[UserRole] = EVERYBODY
    media_type: str = "application/json"
    takes: str = "application/json"
    """Media type of the body; anything but JSON is handed on unread."""
    empty: int | None = None
    """Status of an answer without a body, where there is such: 204 nothing there, 304 unchanged."""
    limit: int = BODY_LIMIT
    also: Callable[[bytes], list[Fault]] | None = None
    """Further faults of a body that has some: what only the plan in force can tell, so that all are listed at once."""
    or_given: type[msgspec.Struct] | None = None
    """Another form of the body: told apart by its first required field."""


@dataclass(frozen=True, slots=True)
class Guard:
    """What the door asks about who is there."""

    find_session: Callable[[str], Session | None]


Act = Callable[[Asked[Any]], Awaitable[Any]]


def handler(guard: Guard, door: Door, act: Act) -> HTTPRouteHandler:
    """The Litestar handler of a door."""

    async def handle(request: Request[Any, Any, Any]) -> Response[bytes]:
        session = _session(guard, request)
        if door.method != "GET":
            _same_origin(request)
        if not door.public:
            _allowed(door, session)
        raw = await request.body() if door.method != "GET" and door.takes == "application/json" else b""
        given = _given(door, request, raw)
        path = {name: str(value) for name, value in request.path_params.items()}
        key = _key(request)
        answer = await act(Asked(given, session, path, request, key, _digest(request, raw) if key else None))
        if isinstance(answer, Response):
            return answer
        if isinstance(answer, Raw):
            return Response(
                answer.content, media_type=answer.media_type, status_code=answer.status, headers=answer.headers
            )
        if answer is None:
            return Response(b"", status_code=204)
        return Response(_encode(answer), status_code=door.status, media_type="application/json")

    return HTTPRouteHandler(
        re.sub(r"\{(\w+)\}", r"{\1:str}", door.path),
        http_method=HttpMethod(door.method),
        status_code=door.status,
        request_max_body_size=door.limit,
        opt={"door": door},
    )(handle)


def _session(guard: Guard, request: Request[Any, Any, Any]) -> Session | None:
    token = request.cookies.get(COOKIE)
    return guard.find_session(token) if token else None


def _allowed(door: Door, session: Session | None) -> None:
    if session is None:
        raise Refusal("not-signed-in", "this needs a session; sign in at POST /api/session")
    if session.account.role not in door.roles:
        roles = " or ".join(sorted(role.value for role in door.roles))
        raise Refusal("not-allowed", f"{session.account.name} is {session.account.role.value}; this needs {roles}")


def same_origin(origin: str | None, host: str | None) -> bool:
    """Whether a request that names its origin comes from our own pages; one that names none is no browser's."""
    if origin is None:
        return True
    return origin != "null" and host is not None and urlsplit(origin).netloc.lower() == host.lower()


def _same_origin(request: Request[Any, Any, Any]) -> None:
    origin = request.headers.get("origin")
    foreign = request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")
    if foreign or not same_origin(origin, request.headers.get("host")):
        fault = Fault(
            "Origin", (origin or "")[:120], "not the page of this server", "send commands from the server's own pages"
        )
        raise Refusal("foreign-origin", "commands are taken from this server's own pages only", faults=[fault])


def _given(door: Door, request: Request[Any, Any, Any], raw: bytes) -> msgspec.Struct:
    if door.method == "GET":
        return read_query(dict(request.query_params.items()), door.given)
    read_query(dict(request.query_params.items()), NoQuery)
    if door.takes != "application/json":
        return Nothing()
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if raw and media_type != "application/json":
        fault = Fault("Content-Type", media_type[:120], "not application/json", "send application/json")
        raise Refusal("unsupported-media-type", f"the body is {media_type or 'of no stated type'}", faults=[fault])
    if door.or_given is not None and _has(raw, msgspec.structs.fields(door.or_given)[0].encode_name):
        return read_body(raw, door.or_given)
    try:
        return read_body(raw, door.given)
    except BadRequest as refused:
        if door.also is None or refused.status != 422:
            raise
        raise BadRequest([*refused.faults, *door.also(raw)]) from None


def _has(raw: bytes, field: str) -> bool:
    """Whether the body is an object with that field; what is no JSON is refused by whoever reads it."""
    try:
        document = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return False
    return field in document


def _digest(request: Request[Any, Any, Any], raw: bytes) -> str:
    told = f"{request.method} {request.url.path}\n".encode()
    return hashlib.sha256(told + raw).hexdigest()


def _key(request: Request[Any, Any, Any]) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not _KEY.match(key):
        fault = Fault("Idempotency-Key", key[:120], "not 1 to 128 visible ASCII characters", "send a UUID")
        raise BadRequest([fault])
    return key


def look(path: str, summary: str, answer: Any, *, query: type[msgspec.Struct] = NoQuery, **more: Any) -> Door:
    """A door that only tells."""
    return Door("GET", path, summary, query, answer, **more)


def command(path: str, summary: str, body: type[msgspec.Struct], answer: Any, **more: Any) -> Door:
    """A door that does something."""
    return Door("POST", path, summary, body, answer, **{"roles": ACTING, **more})
