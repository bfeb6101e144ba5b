"""Units and origins under small numbers, given in the order in which they come and never given again."""

from typing import Final

from kuaijing.store.history import columns as c
from kuaijing.store.history.file import HistoryFile
from kuaijing.store.history.tracks import Origin

MOST_ORIGINS: Final = 1 << 31


class Names:
    """What the file knows, and what has been named since. One thread names, any thread asks."""

    def __init__(self, file: HistoryFile) -> None:
        self._units, self._origins = tuple(file.units()), tuple(file.origins())
        self._unit = {name: number for number, name in enumerate(self._units)}
        self._origin = {origin: number for number, origin in enumerate(self._origins)}
        self._kept = (len(self._units), len(self._origins))

    def unit_names(self) -> tuple[str, ...]:
        """Units by number."""
        return self._units

    def origin_names(self) -> tuple[Origin, ...]:
        """Origins by number."""
        return self._origins

    def find_unit(self, name: str) -> int | None:
        """The unit's number."""
        return self._unit.get(name)

    def unit(self, name: str) -> int | None:
        """The unit's number, a new one where it has none; ``None`` once all are given."""
        number = self._unit.get(name)
        if number is None and len(self._units) < c.MOST_UNITS:
            number = self._unit[name] = len(self._units)
            self._units = (*self._units, name)
        return number

    def origin(self, source: str, device: str) -> int:
        """The origin's number, a new one where it has none."""
        origin = Origin(source, device)
        number = self._origin.get(origin)
        if number is None:
            number = self._origin[origin] = len(self._origins)
            self._origins = (*self._origins, origin)
        return number

    def new(self) -> tuple[list[tuple[int, str]], list[tuple[int, Origin]]]:
        """What the file does not have yet."""
        units, origins = self._kept
        return (
            list(enumerate(self._units))[units:],
            list(enumerate(self._origins))[origins:],
        )

    def kept(self, units: int, origins: int) -> None:
        """The file has so many more."""
        self._kept = (self._kept[0] + units, self._kept[1] + origins)
