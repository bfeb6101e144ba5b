"""Places on the road network: one (``Snap``) or one per unit (``UnitSnaps``). Plain data; ``snap`` makes them."""

from dataclasses import dataclass, field, replace

import numpy as np

from kuaijing.routing.arrays import AnyArray, BoolArray, IntArray, SingleArray
from kuaijing.routing.errors import ShapeMismatch


@dataclass(frozen=True, slots=True)
class Snap:
    """A place on an arc: ``fraction`` 0 is its tail, 1 its head; ``twin`` the reverse arc where the class may use it, else -1."""

    arc: int
    fraction: float
    twin: int
    lon: float
    lat: float
    street: int = -1
    name: str = ""
    off_road_m: float = 0.0
    layer: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class UnitSnaps:
    """Where units of one class stand, one row a unit.

    ``arc`` is -1 where no usable road is near. ``both`` says that the unit may leave in both directions (at rest, or facing
    nobody knows where). ``number`` is the caller's own number of the unit, by default its row; ``nearest_two`` reports it.
    """

    arc: IntArray
    fraction: SingleArray
    off_road_m: SingleArray
    both: BoolArray
    number: IntArray = field(default_factory=lambda: np.empty(0, np.int32))

    def __post_init__(self) -> None:
        count = len(self.arc)
        if len(self.number) == 0:
            object.__setattr__(self, "number", np.arange(count, dtype=np.int32))
        columns = {
            "arc": np.int32,
            "fraction": np.float32,
            "off_road_m": np.float32,
            "both": np.bool_,
            "number": np.int32,
        }
        for name, dtype in columns.items():
            array: AnyArray = np.ascontiguousarray(getattr(self, name), dtype=dtype)
            if array.shape != (count,):
                raise ShapeMismatch(f"{name} is {array.shape}, wanted one row for each of {count} units")
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    def __len__(self) -> int:
        return len(self.arc)

    def with_numbers(self, number: IntArray) -> "UnitSnaps":
        """The same places under the caller's own numbers."""
        return replace(self, number=number)


def units_at(snaps: list[Snap | None], both: bool = True) -> UnitSnaps:
    """``UnitSnaps`` of single snaps, in order; ``both`` for all."""
    return UnitSnaps(
        arc=np.array([-1 if snap is None else snap.arc for snap in snaps], np.int32),
        fraction=np.array([0.0 if snap is None else snap.fraction for snap in snaps], np.float32),
        off_road_m=np.array([0.0 if snap is None else snap.off_road_m for snap in snaps], np.float32),
        both=np.full(len(snaps), both),
    )
