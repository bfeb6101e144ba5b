"""The one rule of live push: from one picture to the next by whole values, put or gone, found by identifier.

``changes_between`` and ``applied`` undo each other; the TypeScript of the screens has the same rule and is tested on the same
cases (``tests/wire/cases``). Lists of a picture stand in the order of their identifiers.
"""

from collections.abc import Iterable, Mapping
from typing import Final, Protocol, TypeVar

import msgspec

from kuaijing.wire.live import Changes, Gone, Put
from kuaijing.wire.pictures import StateView

LISTS: Final = ("units", "incidents", "calls", "closures", "alerts", "area_calls")
SINGLES: Final = ("plan", "today", "reach", "shift", "health")


class _Named(Protocol):
    @property
    def id(self) -> str: ...


V = TypeVar("V", bound=_Named)


def changed(before: Mapping[str, V], after: Mapping[str, V]) -> tuple[list[V], list[str]]:
    """What is new or another value, and the identifiers of what is no longer there."""
    put = [view for name, view in after.items() if (old := before.get(name)) is not view and old != view]
    return put, [name for name in before if name not in after]


def changes_between(before: StateView, after: StateView) -> Changes | None:
    """The step from one picture to a later one; ``None`` where nothing changed but the clock."""
    put: dict[str, object] = {}
    gone: dict[str, list[str]] = {}
    for name in LISTS:
        new, old = changed(by_id(getattr(before, name)), by_id(getattr(after, name)))
        put |= {name: new} if new else {}
        gone |= {name: old} if old else {}
    for name in SINGLES:
        if getattr(before, name) != getattr(after, name):
            put[name] = getattr(after, name)
    if not put and not gone:
        return None
    return Changes(before.version, after.version, after.picture, Put(**put), Gone(**gone))  # type: ignore[arg-type]


def applied(before: StateView, changes: Changes) -> StateView | None:
    """The picture after the changes; ``None`` where they do not follow on it: ask for a snapshot."""
    if changes.base != before.version:
        return None
    fields: dict[str, object] = {"version": changes.version, "picture": changes.picture}
    for name in LISTS:
        kept = by_id(getattr(before, name)) | by_id(getattr(changes.put, name))
        dropped = set(getattr(changes.gone, name))
        fields[name] = in_order(view for view in kept.values() if view.id not in dropped)
    for name in (*SINGLES, "clock"):
        if getattr(changes.put, name) is not None:
            fields[name] = getattr(changes.put, name)
    return msgspec.structs.replace(before, **fields)


def by_id(views: Iterable[V]) -> dict[str, V]:
    """The views under their identifiers."""
    return {view.id: view for view in views}


def in_order(views: Iterable[V]) -> list[V]:
    """The views in the order in which a picture lists them."""
    return sorted(views, key=lambda view: view.id)
