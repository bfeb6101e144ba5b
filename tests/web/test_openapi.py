"""The OpenAPI document is true: whatever it allows is answered as it says, and nothing it allows brings the server down."""

from collections.abc import Iterator

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import checks

from kuaijing.web.app import openapi_document
from tests.web.town import Town

_schema = schemathesis.openapi.from_dict(openapi_document())
_fuzzed = _schema.exclude(path="/api/session", method=["POST", "DELETE"]).exclude(path="/api/plan", method="POST")
_CHECKS = [
    checks.not_a_server_error,
    schemathesis.specs.openapi.checks.status_code_conformance,
    schemathesis.specs.openapi.checks.content_type_conformance,
    schemathesis.specs.openapi.checks.response_schema_conformance,
]


@pytest.fixture(scope="module")
def session(town: Town) -> dict[str, str]:
    """A dispatcher's cookie, on a town where an incident runs."""
    desk = town.signed_in("chief")
    town.call(desk)
    while desk.get("/api/health").json()["status"] == "warming":
        pass
    return dict(desk.cookies)


@_fuzzed.parametrize()
@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_the_server_keeps_to_its_document(case: schemathesis.Case, town: Town, session: dict[str, str]) -> None:
    response = case.call(base_url=town.url, cookies=session)
    case.validate_response(response, checks=_CHECKS)


def test_the_document_names_every_door_and_every_live_message(town: Town) -> None:
    document = town.client().get("/api/openapi.json").json()
    assert document == openapi_document()
    assert document["openapi"] == "3.1.0"
    wanted = [
        "/api/health",
        "/api/state",
        "/api/calls",
        "/api/incidents",
        "/api/incidents/{incident}",
        "/api/incidents/{incident}/recommendation",
        "/api/incidents/{incident}/orders",
        "/api/incidents/{incident}/escalate",
        "/api/incidents/{incident}/merge",
        "/api/incidents/{incident}/unmerge",
        "/api/incidents/{incident}/notes",
        "/api/incidents/{incident}/close",
        "/api/incidents/{incident}/cancel",
        "/api/incidents/{incident}/reopen",
        "/api/assignments/{assignment}/withdraw",
        "/api/assignments/{assignment}/refuse",
        "/api/assignments/{assignment}/on_scene",
        "/api/units",
        "/api/units/{unit}/status",
        "/api/cover",
        "/api/closures",
        "/api/positions",
        "/api/reach",
        "/api/route",
        "/api/search",
        "/api/reports/daily",
        "/api/plan",
        "/api/session",
    ]
    assert set(wanted) <= set(document["paths"])
    schemas = document["components"]["schemas"]
    assert {"ServerMessage", "ClientMessage", "Snapshot", "Changes", "PositionsFrame", "Heartbeat"} <= set(schemas)
    assert schemas["UnitView"]["required"] == list(schemas["UnitView"]["properties"])


def test_every_reference_of_the_document_leads_somewhere() -> None:
    document = openapi_document()
    names = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}

    def references(part: object) -> Iterator[str]:
        if isinstance(part, dict):
            for key, value in part.items():
                if key == "$ref":
                    yield value
                yield from references(value)
        elif isinstance(part, list):
            for value in part:
                yield from references(value)

    assert set(references(document)) <= names


def test_it_is_served_to_whoever_asks(town: Town) -> None:
    assert httpx.get(f"{town.url}/api/openapi.json", trust_env=False).status_code == 200
