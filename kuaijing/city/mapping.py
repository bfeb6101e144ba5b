"""The small YAML that says which columns of a road layer mean what. Described for users in docs/city-import.md."""

from importlib import resources
from pathlib import Path
from typing import Literal

import msgspec

from kuaijing.city.classes import CLASS_INDEX
from kuaijing.city.refused import ImportRefused


class Columns(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Column names; what is not named is not in the layer."""

    id: str | None = None
    road_class: str | None = msgspec.field(default=None, name="class")
    name: str | None = None
    oneway: str | None = None
    maxspeed: str | None = None
    bridge: str | None = None
    tunnel: str | None = None
    layer: str | None = None


class OneWay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Values of the one-way column, as text."""

    forward: list[str]
    both: list[str]
    backward: list[str] = []


class NameClass(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Road class of names that match a regular expression; for layers without a class column."""

    pattern: str
    road_class: str = msgspec.field(name="class")
    link: bool = False
    unnamed: bool = False


class SpeedClass(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Road class from a speed upwards; for layers that have neither class nor name."""

    at_least_kmh: float
    road_class: str = msgspec.field(name="class")


class NodeTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table of nodes: file, optional section in it, and its columns."""

    file: str
    id: str
    x: str
    y: str
    section: str | None = None


class ArcTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table of arcs: file, optional section in it, its end columns and a column of travel time."""

    file: str
    tail: str = msgspec.field(name="from")
    head: str = msgspec.field(name="to")
    section: str | None = None
    time: str | None = None
    time_unit: Literal["seconds", "minutes", "hours", "days"] = "seconds"


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One road layer's layout."""

    directed: bool
    columns: Columns = Columns()
    title: str = ""
    layer: str | None = None
    encoding: str | None = None
    junctions: Literal["ends", "vertices"] = "ends"
    oneway: OneWay | None = None
    classes: dict[str, str] = {}
    class_by_name: list[NameClass] = []
    class_by_speed: list[SpeedClass] = []
    default_class: str | None = None
    speed_unit: Literal["km/h", "mph", "m/s"] = "km/h"
    nodes: NodeTable | None = None
    arcs: ArcTable | None = None
    attribution: str = ""


def shipped_layouts() -> list[str]:
    """Names of the layouts that come with Kuaijing."""
    folder = resources.files("kuaijing.city") / "layouts"
    return sorted(item.name.removesuffix(".yaml") for item in folder.iterdir() if item.name.endswith(".yaml"))


def read_mapping(columns: Path | str) -> Mapping:
    """Mapping of a YAML file, or of a shipped layout named without a path. Raises ``ImportRefused`` where it is not usable."""
    name = str(columns)
    if name in shipped_layouts():
        data = (resources.files("kuaijing.city") / "layouts" / f"{name}.yaml").read_bytes()
    else:
        try:
            data = Path(columns).read_bytes()
        except OSError as error:
            shipped = ", ".join(shipped_layouts())
            raise ImportRefused(f"--columns {name}: {error.strerror}; name a YAML file or one of {shipped}") from None
    try:
        mapping = msgspec.yaml.decode(data, type=Mapping)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ImportRefused(f"--columns {name} is not a usable mapping: {error}; see docs/city-import.md") from None
    _check(mapping, name)
    return mapping


def _check(mapping: Mapping, name: str) -> None:
    named = [*mapping.classes.values(), *(rule.road_class for rule in mapping.class_by_name)]
    named += [step.road_class for step in mapping.class_by_speed]
    for road_class in (*named, *([mapping.default_class] if mapping.default_class else [])):
        if road_class not in CLASS_INDEX:
            known = ", ".join(CLASS_INDEX)
            raise ImportRefused(f"--columns {name}: {road_class!r} is no road class; use one of {known}")
    if (mapping.nodes is None) != (mapping.arcs is None):
        raise ImportRefused(f"--columns {name}: nodes and arcs belong together; give both tables or neither")
    if (mapping.columns.oneway is None) != (mapping.oneway is None):
        raise ImportRefused(
            f"--columns {name}: columns.oneway and oneway (its values) belong together; give both or neither"
        )
    if mapping.directed and mapping.oneway:
        raise ImportRefused(f"--columns {name}: with directed lines there is no one-way column; drop one of the two")
