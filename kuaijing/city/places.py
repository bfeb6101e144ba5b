"""Places and addresses as a source gives them, for the map's labels and for the search."""

from dataclasses import dataclass, field

from kuaijing.city.place_kinds import Kind


@dataclass(frozen=True, slots=True)
class Place:
    """A named place at a point; ``other_names`` are further names by which it may be looked for."""

    kind: Kind
    settlement: bool
    name: str
    name_en: str
    lon: float
    lat: float
    other_names: tuple[str, ...] = ()
    address: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """A house number on a road."""

    road: str
    number: str
    lon: float
    lat: float


@dataclass(slots=True)
class PlaceList:
    """Everything found; ``road_names`` gives further names (English first) of a road by its name."""

    places: list[Place] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    road_names: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
