"""Texts at the core's own door: bounded, and made of characters.

Every text of a command and of its context is looked at, however it came in. Any script and any mix of scripts is a text, and so
is markup: it is shown as what it is, never interpreted. Control characters (but tab and line ends) and half surrogate pairs are not.
"""

from dataclasses import fields, is_dataclass

from kuaijing.domain.errors import DomainError, TextTooLong, TextUnreadable

MOST = {"text": 2000, "note": 2000, "words": 2000, "reason": 500, "phone": 32, "shape": 16}
"""Longest text per field name, in characters; ``place.text`` and any other field: 200."""

OTHERWISE = 200
_ALLOWED = {"\t", "\n", "\r"}


def text_faults(value: object, field: str = "") -> list[DomainError]:
    """Faults of every text within ``value``, a command or a context, each with the path of its field."""
    if isinstance(value, str):
        return _faults(value, field)
    if is_dataclass(value):
        prefix = f"{field}." if field else ""
        return [fault for each in fields(value) for fault in text_faults(getattr(value, each.name), prefix + each.name)]
    if isinstance(value, tuple):
        return [fault for index, each in enumerate(value) for fault in text_faults(each, f"{field}[{index}]")]
    return []


def _faults(text: str, field: str) -> list[DomainError]:
    most = OTHERWISE if field.endswith(("place.text", "].text")) else MOST.get(field.rpartition(".")[2], OTHERWISE)
    if len(text) > most:
        return [TextTooLong(field, len(text), most, text[:20].encode("utf-8", "replace").decode() + "…")]
    if text.isascii() and text.isprintable():
        return []
    for character in text:
        if (character < " " and character not in _ALLOWED) or "\x7f" <= character <= "\x9f" or _half(character):
            return [TextUnreadable(field, text.encode("utf-8", "replace").decode(), character)]
    return []


def _half(character: str) -> bool:
    return "\ud800" <= character <= "\udfff"
