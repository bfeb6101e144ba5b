"""What every request passes before anything else looks at it: a number, security headers, the way to the API or to the screens.

Plain ASGI around the Litestar application, so that refusals of the router itself pass here too.
"""

import re
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

_API: Final = ("/api", "/tiles/")
METRICS: Final = "/metrics"
_OWN_NUMBER: Final = re.compile(rb"^[\w.-]{8,64}$")

CONTENT_POLICY: Final = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "media-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
"""No host but ours: the map's workers come from our files or a blob, nothing is fetched from elsewhere."""

_HEADERS: Final = [
    (b"content-security-policy", CONTENT_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), payment=(), usb=()"),
]


class Doorway:
    """The outermost application: ``api`` answers ``/api``, ``/tiles`` and ``/metrics``, ``screens`` everything else."""

    def __init__(self, api: Asgi, screens: Asgi) -> None:
        self._api, self._screens = api, screens

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            await self._api(scope, receive, send)
            return
        number = _number(scope)
        scope.setdefault("state", {})["request_id"] = number
        inner = self._api if scope["path"].startswith(_API) or scope["path"] == METRICS else self._screens
        if scope["type"] != "http":
            await inner(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", []))
                given = {name.lower() for name, _ in headers}
                headers += [pair for pair in _HEADERS if pair[0] not in given]
                if b"cache-control" not in given:
                    headers.append((b"cache-control", b"no-store"))
                headers.append((b"x-request-id", number.encode()))
                message["headers"] = headers
            await send(message)

        await inner(scope, receive, send_with_headers)


def _number(scope: Scope) -> str:
    for name, value in scope.get("headers", []):
        if name == b"x-request-id" and _OWN_NUMBER.match(value):
            return str(value.decode("ascii", "ignore")) or secrets.token_hex(8)
    return secrets.token_hex(8)
