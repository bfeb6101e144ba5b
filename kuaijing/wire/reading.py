"""Bytes of a request into a body of ``wire.requests``, or every fault in it at once.

msgspec stops at the first fault, which sends a person round once per mistake; so when it refuses, the same document is walked
field by field and all faults are collected. Knows nothing of HTTP beyond that a body can be too deep or no JSON at all.
"""

import re
import types
import typing
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeVar, Union

import msgspec

from kuaijing.wire.problems import BadRequest, Fault
from kuaijing.wire.texts import BadText, clean_text

B = TypeVar("B", bound=msgspec.Struct)

DEPTH_LIMIT = 32
"""Deepest nesting of a request; no body of ours needs more than five."""
MOST_FAULTS = 100
"""Faults that are told of one request: naming half a million would hold up everybody else for half a minute."""
_SECRET = frozenset({"code", "password"})
_SHOWN = 120
_NO_INSTANT = "not in the years 1 to 9999 (UTC)", "give a time with its zone such as 2026-11-21T20:15:00+08:00"


def read_body(raw: bytes, wanted: type[B]) -> B:
    """The body as ``wanted``; raises ``BadRequest`` with every fault (status 400 where it is no JSON, 422 otherwise)."""
    raw = raw or b"{}"
    try:
        body = msgspec.json.decode(raw, type=wanted)
    except (msgspec.ValidationError, UnicodeDecodeError):
        body = None
    except (msgspec.DecodeError, RecursionError) as error:
        raise _no_json(error) from None
    if body is None:
        raise BadRequest(_told(_all_faults(raw, wanted)))
    faults: list[Fault] = []
    _clean(body, "", faults)
    if faults:
        raise BadRequest(_told(faults))
    return body


def read_query(given: Mapping[str, str], wanted: type[B]) -> B:
    """Query parameters as ``wanted``: texts are read as numbers, times and flags where the field wants them."""
    faults: list[Fault] = []
    hints = typing.get_type_hints(wanted, include_extras=True)
    known = {field.encode_name: field for field in msgspec.structs.fields(wanted)}
    values: dict[str, Any] = {}
    for name, text in given.items():
        if name not in known:
            faults.append(
                _fault(name, text, "unknown parameter", f"leave it out; known are: {', '.join(known) or 'none'}")
            )
            continue
        try:
            value = msgspec.convert(clean_text(text), hints[known[name].name], strict=False)
            if not _has_instant(value):
                faults.append(_fault(name, text, *_NO_INSTANT))
            values[known[name].name] = value
        except BadText as error:
            faults.append(_fault(name, text, str(error), "leave that character out"))
        except (msgspec.ValidationError, UnicodeError) as error:
            faults.append(_fault(name, text, _problem(error), f"give {describe(hints[known[name].name])}"))
    for name, field in known.items():
        if field.required and name not in given:
            faults.append(_fault(name, "", "missing", f"give {describe(hints[field.name])}"))
    if faults:
        raise BadRequest(_told(faults))
    return wanted(**values)


def describe(hint: Any) -> str:
    """What a field wants, in words: ``text of 1 to 64 characters``, ``one of first, support``."""
    hint, meta = _bare(hint)
    options = [option for option in typing.get_args(hint) if option is not types.NoneType]
    if typing.get_origin(hint) in (Union, types.UnionType):
        return " or ".join(describe(Annotated[option, meta] if meta else option) for option in options)
    if typing.get_origin(hint) is Literal:
        return "one of " + ", ".join(str(option) for option in options)
    if isinstance(hint, type) and issubclass(hint, str) and hasattr(hint, "__members__"):
        return "one of " + ", ".join(str(member.value) for member in hint)  # type: ignore[attr-defined]
    if hint is str:
        return f"text{_span(meta, 'characters')}" + (f" of the form {meta.pattern}" if meta and meta.pattern else "")
    if hint in (int, float):
        return ("a whole number" if hint is int else "a number") + _bounds(meta)
    if hint is bool:
        return "true or false"
    if typing.get_origin(hint) is list:
        return f"a list{_span(meta, 'items')} of {describe(options[0])}"
    if typing.get_origin(hint) is tuple:
        return f"{len(options)} values: " + ", ".join(describe(option) for option in options)
    name = getattr(hint, "__name__", str(hint))
    return "a time with its zone such as 2026-11-21T20:15:00+08:00" if name == "datetime" else f"an object ({name})"


def _all_faults(raw: bytes, wanted: type[msgspec.Struct]) -> list[Fault]:
    try:
        document = msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise _no_json(error) from None
    faults: list[Fault] = []
    _collect(document, wanted, "", faults, 0)
    return faults or [_fault("", "", "the body does not have the wanted form", f"give {describe(wanted)}")]


def _told(faults: list[Fault]) -> list[Fault]:
    if len(faults) <= MOST_FAULTS:
        return faults
    more = _fault("", "", f"more than {MOST_FAULTS} faults", "mend these first; the others are not listed")
    return [*faults[:MOST_FAULTS], more]


def _collect(value: Any, hint: Any, path: str, faults: list[Fault], depth: int) -> None:
    if depth > DEPTH_LIMIT:
        faults.append(_fault(path, "", f"nested deeper than {DEPTH_LIMIT} levels", "send a flatter document"))
        return
    bare, _ = _bare(hint)
    if isinstance(bare, type) and issubclass(bare, msgspec.Struct):
        _collect_struct(value, bare, path, faults, depth)
    elif typing.get_origin(bare) is list and isinstance(value, list):
        before = len(faults)
        for index, item in enumerate(value):
            if len(faults) > MOST_FAULTS:
                return
            _collect(item, typing.get_args(bare)[0], f"{path}[{index}]", faults, depth + 1)
        if len(faults) == before:
            _leaf(value, hint, path, faults)
    else:
        _leaf(value, hint, path, faults)


def _collect_struct(value: Any, wanted: type[msgspec.Struct], path: str, faults: list[Fault], depth: int) -> None:
    if not isinstance(value, dict):
        faults.append(_fault(path, value, "not an object", f"give {describe(wanted)}"))
        return
    hints = typing.get_type_hints(wanted, include_extras=True)
    known = {field.encode_name: field for field in msgspec.structs.fields(wanted)}
    prefix = f"{path}." if path else ""
    for name in value:
        if len(faults) > MOST_FAULTS:
            return
        if name not in known:
            remedy = f"leave it out; known are: {', '.join(known)}"
            faults.append(_fault(prefix + name[:64], value[name], "unknown field", remedy))
    for name, field in known.items():
        if name in value:
            _collect(value[name], hints[field.name], prefix + name, faults, depth + 1)
        elif field.required:
            faults.append(_fault(prefix + name, "", "missing", f"give {describe(hints[field.name])}"))


def _leaf(value: Any, hint: Any, path: str, faults: list[Fault]) -> None:
    try:
        msgspec.convert(value, hint, strict=True)
        if isinstance(value, str):
            clean_text(value)
    except BadText as error:
        faults.append(_fault(path, value, str(error), "leave that character out"))
    except msgspec.ValidationError as error:
        faults.append(_fault(path, value, _problem(error), f"give {describe(hint)}"))


def _clean(body: msgspec.Struct, path: str, faults: list[Fault]) -> None:
    for name in body.__struct_fields__:
        value = getattr(body, name)
        where = f"{path}.{name}" if path else name
        if type(value) is str:
            setattr(body, name, _cleaned(value, where, faults))
        elif type(value) is datetime and not _has_instant(value):
            faults.append(_fault(where, value.isoformat(), *_NO_INSTANT))
        elif isinstance(value, msgspec.Struct):
            _clean(value, where, faults)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, msgspec.Struct):
                    _clean(item, f"{where}[{index}]", faults)
        elif isinstance(value, dict):
            for key, item in value.items():
                if type(item) is str:
                    value[key] = _cleaned(item, f"{where}.{key}", faults)


def _cleaned(text: str, path: str, faults: list[Fault]) -> str:
    try:
        return clean_text(text)
    except BadText as error:
        faults.append(_fault(path, text, str(error), "leave that character out"))
        return text


def _has_instant(value: Any) -> bool:
    """False for a time that its zone puts before the year 1 or after 9999 in UTC."""
    if type(value) is not datetime:
        return True
    try:
        value.astimezone(UTC)
    except OverflowError:
        return False
    return True


def _bare(hint: Any) -> tuple[Any, msgspec.Meta | None]:
    if typing.get_origin(hint) is not Annotated:
        return hint, None
    inner, *extras = typing.get_args(hint)
    return inner, next((extra for extra in extras if isinstance(extra, msgspec.Meta)), None)


def _span(meta: msgspec.Meta | None, of: str) -> str:
    if meta is None or (meta.min_length is None and meta.max_length is None):
        return ""
    if meta.max_length is None:
        return f" of at least {meta.min_length} {of}"
    return f" of {meta.min_length or 0} to {meta.max_length} {of}"


def _bounds(meta: msgspec.Meta | None) -> str:
    if meta is None:
        return ""
    parts = [
        f"{word} {bound:g}"
        for word, bound in (("at least", meta.ge), ("above", meta.gt), ("at most", meta.le), ("below", meta.lt))
        if bound is not None
    ]
    return " " + " and ".join(parts) if parts else ""


def _problem(error: Exception) -> str:
    return re.sub(r" - at `\$.*`$", "", str(error)).replace("`", "")


def _fault(field: str, value: Any, problem: str, remedy: str) -> Fault:
    secret = field.rpartition(".")[2] in _SECRET
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    shown = "•••" if secret else "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[:_SHOWN])
    return Fault(field, shown + ("…" if len(text) > _SHOWN and not secret else ""), problem, remedy)


def _no_json(error: Exception) -> BadRequest:
    if isinstance(error, RecursionError):
        fault = Fault("", "", "nested too deeply", f"send a document of at most {DEPTH_LIMIT} levels")
    else:
        fault = Fault("", "", f"not readable as JSON: {error}", "send UTF-8 JSON with Content-Type application/json")
    return BadRequest([fault], status=400, name="malformed-json")
