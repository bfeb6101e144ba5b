"""Figures that a city may set: from the environment (``KUAIJING_TRACKING_ARRIVAL_M=40``) or ``--set tracking.arrival_m=40``.

Each has its unit in its name and its default beside its meaning, in the room that uses it; an unknown name or an impossible value
is refused with the names that there are.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any, Final

from kuaijing.app.refused import Refused
from kuaijing.tracking import Thresholds
from kuaijing.web.services import Limits

PREFIX: Final = "KUAIJING_"


@dataclasses.dataclass(frozen=True, slots=True)
class SessionSettings:
    """Signing in."""

    lasts_s: float = 12 * 3600.0


@dataclasses.dataclass(frozen=True, slots=True)
class Settings:
    """All groups."""

    tracking: Thresholds = dataclasses.field(default_factory=Thresholds)
    door: Limits = dataclasses.field(default_factory=Limits)
    session: SessionSettings = dataclasses.field(default_factory=SessionSettings)


def read_settings(given: Iterable[str] = (), environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment, then from ``name=value`` texts, which win."""
    values = [
        (name, value)
        for variable, value in sorted((environment or {}).items())
        if (name := _of_variable(variable)) is not None
    ]
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise Refused(f"--set {text!r} is not of the form name=value, such as tracking.arrival_m=40")
        values.append((name.strip(), value.strip()))
    settings = Settings()
    for name, value in values:
        settings = _with(settings, name, value)
    return settings


def names() -> list[str]:
    """Every name that can be set."""
    return sorted(f"{group.name}.{name}" for group in dataclasses.fields(Settings) for name in _numbers(group.name))


def _of_variable(variable: str) -> str | None:
    """``KUAIJING_TRACKING_ARRIVAL_M`` as ``tracking.arrival_m``; ``None`` where it names no group."""
    group, _, name = variable.removeprefix(PREFIX).lower().partition("_")
    known = {field.name for field in dataclasses.fields(Settings)}
    return f"{group}.{name}" if variable.startswith(PREFIX) and group in known else None


def _with(settings: Settings, name: str, value: str) -> Settings:
    group, _, field = name.partition(".")
    if name not in names():
        raise Refused(f"no setting {name!r}; there are {', '.join(names())}")
    held: Any = getattr(settings, group)
    default = getattr(held, field)
    try:
        number = type(default)(value)
    except ValueError:
        raise Refused(f"setting {name} must be a number like {default}, got {value!r}") from None
    if not 0 <= number < float("inf"):
        raise Refused(f"setting {name} must be 0 or more, got {value}")
    return dataclasses.replace(settings, **{group: dataclasses.replace(held, **{field: number})})


def _numbers(group: str) -> list[str]:
    held: Any = getattr(Settings(), group)
    return [field.name for field in dataclasses.fields(held) if isinstance(getattr(held, field.name), int | float)]
