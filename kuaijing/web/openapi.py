"""The OpenAPI 3.1 document, written from the same doors and message types that are served; the TypeScript types come from it.

msgspec gives the schemas (bounds, patterns, closed vocabularies, tagged unions); Litestar's own generator loses tuple lengths and
``additionalProperties``, so it is not used. Live messages stand among the components although OpenAPI has no word for a socket.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from kuaijing.web.doors import Door
from kuaijing.web.identity.sessions import COOKIE
from kuaijing.web.release import release
from kuaijing.wire.live import ClientMessage, ServerMessage
from kuaijing.wire.problems import Problem

_REF = "#/components/schemas/{name}"
_TELLS = {
    "400": "not readable at all",
    "401": "nobody is signed in",
    "403": "not allowed, or from another site's page",
    "404": "something named does not exist",
    "409": "it has changed meanwhile; `current` says how it stands",
    "413": "too large",
    "415": "wrong media type",
    "422": "faults, all listed",
    "429": "locked for a while",
    "503": "warming up, degraded, or no plan in force",
}


def document(doors: Sequence[Door]) -> dict[str, Any]:
    """The whole document."""
    queries = {door.given.__name__ for door in doors if door.method == "GET"}
    given = [each for door in doors for each in (door.given, door.or_given) if each is not None]
    types: list[Any] = [
        *given,
        *(door.answer for door in doors if door.answer is not None),
        ServerMessage,
        ClientMessage,
        Problem,
    ]
    schemas, components = msgspec.json.schema_components(types, ref_template=_REF)
    by_type = dict(zip(map(id, types), schemas, strict=True))
    paths: dict[str, Any] = {}
    for door in doors:
        paths.setdefault(door.path, {})[door.method.lower()] = _operation(door, by_type, components)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "快警 Kuaijing",
            "version": release(),
            "description": "Command loop of a city's street police. Live push: `WS /api/live` (`ServerMessage`, `ClientMessage`).",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": _required_as_served({n: s for n, s in components.items() if n not in queries})
            | {"ServerMessage": schemas[-3], "ClientMessage": schemas[-2]},
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": COOKIE}},
            "responses": {"Problem": {"description": "RFC 9457", "content": _problem_content()}},
        },
    }


def _operation(door: Door, by_type: dict[int, Any], components: dict[str, Any]) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in re.findall(r"\{(\w+)\}", door.path)
    ]
    operation: dict[str, Any] = {"operationId": _operation_id(door), "summary": door.summary}
    refusals: Iterable[str] = ("400", "404", "422", "503")
    if door.method == "GET":
        parameters += _query(components[door.given.__name__])
    else:
        parameters.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "schema": {"type": "string", "pattern": "^[\\x21-\\x7e]{1,128}$"},
            }
        )
        refusals = ("400", "403", "404", "409", "413", "415", "422", "429", "503")
        operation["requestBody"] = _body(door, by_type)
    if not door.public or door.path == "/api/session":
        refusals = sorted({*refusals, "401", "403"})
    if not door.public:
        operation["security"] = [{"session": []}]
    success: dict[str, Any] = {"description": "done"}
    if door.answer is not None:
        success["content"] = {door.media_type: {"schema": by_type[id(door.answer)]}}
    elif door.media_type != "application/json":
        success["content"] = {door.media_type: {"schema": {}}}
    empty = {} if door.empty is None else {str(door.empty): {"description": "nothing to send"}}
    operation["responses"] = (
        {str(door.status): success}
        | empty
        | {status: {"description": _TELLS[status], "content": _problem_content()} for status in refusals}
    )
    if parameters:
        operation["parameters"] = parameters
    return operation


def _body(door: Door, by_type: dict[int, Any]) -> dict[str, Any]:
    if door.takes != "application/json":
        return {"required": True, "content": {door.takes: {"schema": {"type": "string", "format": "binary"}}}}
    needed = any(field.required for field in msgspec.structs.fields(door.given))
    schema = by_type[id(door.given)]
    if door.or_given is not None:
        schema = {"anyOf": [schema, by_type[id(door.or_given)]]}
    return {"required": needed, "content": {"application/json": {"schema": schema}}}


def _query(schema: dict[str, Any]) -> list[dict[str, Any]]:
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _without_null(inner)}
        for name, inner in schema.get("properties", {}).items()
    ]


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A query parameter has no null; it is left out instead."""
    options = [option for option in schema.get("anyOf", []) if option.get("type") != "null"]
    rest = {name: value for name, value in schema.items() if name not in ("anyOf", "default")}
    if schema.get("default") is not None:
        rest["default"] = schema["default"]
    return rest | (options[0] if len(options) == 1 else {"anyOf": options} if options else {})


def _required_as_served(components: dict[str, Any]) -> dict[str, Any]:
    """Answers always carry every field, also those with a default; requests (closed objects) need only what has none."""
    kept = {}
    for name, schema in components.items():
        omits = name in ("Put", "Gone")
        if schema.get("type") == "object" and schema.get("additionalProperties") is not False and not omits:
            schema = schema | {"required": list(schema.get("properties", {}))}
        kept[name] = schema
    return kept


def _problem_content() -> dict[str, Any]:
    return {"application/problem+json": {"schema": {"$ref": _REF.format(name="Problem")}}}


def _operation_id(door: Door) -> str:
    words = [word for word in re.split(r"[^\w]+", door.path.removeprefix("/api")) if word]
    return door.method.lower() + "".join(word[:1].upper() + word[1:] for word in words)
