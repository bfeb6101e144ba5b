"""``GET /metrics`` for Prometheus: figures of the whole process, no names of persons and no words of callers.

Who may read: with the setting ``metrics.token`` whoever sends it as a bearer token; without one only this machine itself, and
nothing that came through a proxy, since a proxy on this machine would make the whole world look like this machine.
"""

import hmac
import ipaddress
from collections.abc import Callable, Iterable
from typing import Any, Final

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.registry import Collector

from kuaijing.web.doorway import METRICS
from kuaijing.web.problems import Refusal

_MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_BY_PROXY: Final = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


def metrics_handler(gather: Callable[[], Iterable[Metric]], token: str) -> HTTPRouteHandler:
    """The handler; ``gather`` is asked anew for every answer."""
    registry = CollectorRegistry()
    registry.register(_Gathered(gather))

    @get(METRICS, sync_to_thread=False, include_in_schema=False)
    def metrics(request: Request[Any, Any, Any]) -> Response[bytes]:
        _allowed(request, token)
        return Response(generate_latest(registry), media_type=_MEDIA_TYPE)

    return metrics


class _Gathered(Collector):
    def __init__(self, gather: Callable[[], Iterable[Metric]]) -> None:
        self._gather = gather

    def collect(self) -> Iterable[Metric]:
        return self._gather()

    def describe(self) -> Iterable[Metric]:
        return []


def _allowed(request: Request[Any, Any, Any], token: str) -> None:
    if token:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode()):
            return
        raise Refusal("not-allowed", "send the token of the setting metrics.token as Authorization: Bearer")
    if any(name in request.headers for name in _BY_PROXY) or not _is_this_machine(request):
        raise Refusal(
            "not-allowed", "only this machine itself reads this, unless the setting metrics.token names a token"
        )


def _is_this_machine(request: Request[Any, Any, Any]) -> bool:
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
