"""What a city may set: from the environment (``KUAIJING_TRACKING_ARRIVAL_M=40``) or ``--set tracking.arrival_m=40``.

Each figure has its unit in its name and its default beside its meaning, in the room that uses it; an unknown name or an impossible value
is refused with the names that there are.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any, Final

from kuaijing.app.refused import Refused
from kuaijing.feeds.jt808.settings import Jt808Settings
from kuaijing.feeds.mqtt import Broker
from kuaijing.store.history import HistorySettings
from kuaijing.tracking import Thresholds
from kuaijing.web.services import Limits, Silence

PREFIX: Final = "KUAIJING_"
_YES: Final = frozenset({"yes", "true", "on", "1"})
_NO: Final = frozenset({"no", "false", "off", "0"})
_LONGEST: Final = 500
_LAST_PORT: Final = 65_535


@dataclasses.dataclass(frozen=True, slots=True)
class SessionSettings:
    """Signing in."""

    lasts_s: float = 12 * 3600.0


@dataclasses.dataclass(frozen=True, slots=True)
class FeedSettings:
    """Positions over HTTP (Traccar, OsmAnd, OwnTracks, GPSLogger, batches), at ``/api/feeds/...``."""

    http: bool = True
    """Whether these doors are open; only a device of the register with its code, or a gateway account, is let in."""


@dataclasses.dataclass(frozen=True, slots=True)
class MetricsSettings:
    """``GET /metrics``."""

    token: str = ""
    """Asked for as ``Authorization: Bearer ...``; empty: this machine only, and through no proxy."""


@dataclasses.dataclass(frozen=True, slots=True)
class Settings:
    """All groups."""

    tracking: Thresholds = dataclasses.field(default_factory=Thresholds)
    door: Limits = dataclasses.field(default_factory=Limits)
    session: SessionSettings = dataclasses.field(default_factory=SessionSettings)
    devices: Silence = dataclasses.field(default_factory=Silence)
    jt808: Jt808Settings = dataclasses.field(default_factory=Jt808Settings)
    mqtt: Broker = dataclasses.field(default_factory=lambda: Broker(""))
    """Without a host no broker is listened to."""
    feeds: FeedSettings = dataclasses.field(default_factory=FeedSettings)
    history: HistorySettings = dataclasses.field(default_factory=HistorySettings)
    metrics: MetricsSettings = dataclasses.field(default_factory=MetricsSettings)


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
    return sorted(f"{group.name}.{name}" for group in dataclasses.fields(Settings) for name in _settable(group.name))


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
    return dataclasses.replace(settings, **{group: _replaced(held, name, field, value)})


def _replaced(held: Any, name: str, field: str, value: str) -> Any:
    try:
        return dataclasses.replace(held, **{field: _read(name, getattr(held, field), value)})
    except ValueError as fault:  # a group that looks at its own figures
        raise Refused(f"setting {name}: {fault}") from None


def _read(name: str, default: bool | int | float | str, value: str) -> bool | int | float | str:
    if isinstance(default, bool):
        if value.lower() not in _YES | _NO:
            raise Refused(f"setting {name} must be yes or no, got {value!r}")
        return value.lower() in _YES
    if isinstance(default, str):
        if len(value) > _LONGEST or not value.isprintable():
            raise Refused(f"setting {name} must be a text of at most {_LONGEST} printable characters")
        return value
    try:
        number = type(default)(value)
    except ValueError:
        raise Refused(f"setting {name} must be a number like {default}, got {value!r}") from None
    if not 0 <= number < float("inf"):
        raise Refused(f"setting {name} must be 0 or more, got {value}")
    if name.endswith("port") and number > _LAST_PORT:
        raise Refused(f"setting {name} must be a port from 0 to {_LAST_PORT}, got {value}")
    return number


def _settable(group: str) -> list[str]:
    held: Any = getattr(Settings(), group)
    return [
        field.name for field in dataclasses.fields(held) if isinstance(getattr(held, field.name), int | float | str)
    ]
