"""Which assignments wait for a measured arrival, and what each unit's next fix says of them.

Kept in step with the picture: an assignment that is ordered is watched until it arrived or ended, at the incident's place as it
stands. Queued ones are not: nobody drives there yet. Knows no clock and submits nothing.
"""

from collections import OrderedDict
from typing import Final

from kuaijing.city.classes import UNIT_CLASSES
from kuaijing.domain.commands import RecordArrival
from kuaijing.domain.places import Place
from kuaijing.domain.state import State
from kuaijing.domain.words import AssignmentStatus
from kuaijing.engine.survey import street_of
from kuaijing.routing.network import Network
from kuaijing.tracking.arrival import Target, Watch
from kuaijing.tracking.live_table import LiveTable
from kuaijing.tracking.reports import Fix
from kuaijing.tracking.road_field import RoadField, Streets
from kuaijing.tracking.thresholds import Thresholds

_WATCHED: Final = frozenset(
    {
        AssignmentStatus.ORDERED,
        AssignmentStatus.DELIVERED,
        AssignmentStatus.ACKNOWLEDGED,
        AssignmentStatus.EN_ROUTE,
        AssignmentStatus.ON_SCENE,
    }
)
_KEPT_TARGETS: Final = 256


class Watches:
    """The assignments that wait for a measured arrival."""

    def __init__(self, network: Network, thresholds: Thresholds) -> None:
        self._network, self._thresholds = network, thresholds
        self._streets = Streets(network.ground)
        self._by_unit: dict[str, Watch] = {}
        self._places: dict[str, Place] = {}
        self._reported: set[str] = set()
        self._targets: OrderedDict[tuple[Place, str], Target] = OrderedDict()

    def follow(self, state: State, table: LiveTable) -> None:
        """Bring the watches in step with the picture."""
        wanted: dict[str, Watch] = {}
        for unit in state.units.values():
            part = state.assignments.get(unit.active) if unit.active is not None else None
            if part is None or part.status not in _WATCHED or part.arrived is not None or part.ordered_at is None:
                continue
            if part.id in self._reported or part.incident not in state.incidents:
                continue
            place = state.incidents[part.incident].place
            watch = self._by_unit.get(unit.id)
            if watch is None or watch.assignment != part.id or self._places.get(part.id) != place:
                target = self._target(place, unit.unit_class)
                watch = Watch(part.id, unit.id, target, part.ordered_at, table.find(unit.id), self._thresholds)
            self._places[part.id] = place
            wanted[unit.id] = watch
        self._by_unit = wanted
        watched = {watch.assignment for watch in wanted.values()}
        self._places = {name: place for name, place in self._places.items() if name in watched}
        self._reported &= state.assignments.keys()

    def take(self, fix: Fix) -> RecordArrival | None:
        """A unit's next fix: the command for its arrival, once."""
        watch = self._by_unit.get(fix.unit)
        if watch is None:
            return None
        arrival = watch.take(fix)
        if arrival is None:
            return None
        del self._by_unit[fix.unit]
        self._reported.add(watch.assignment)
        return RecordArrival(arrival.assignment, arrival.earliest, arrival.latest)

    def __len__(self) -> int:
        return len(self._by_unit)

    def _target(self, place: Place, unit_class: str) -> Target:
        key = (place, unit_class)
        target = self._targets.get(key)
        if target is None:
            target = self._targets[key] = self._made_target(place, unit_class)
            if len(self._targets) > _KEPT_TARGETS:
                self._targets.popitem(last=False)
        return target

    def _made_target(self, place: Place, unit_class: str) -> Target:
        street = street_of(self._network, place.point, place.text)
        if street is None:
            return Target(place.point, None, None, unit_class)
        bit = UNIT_CLASSES.get(unit_class, UNIT_CLASSES["car"])
        field = RoadField(self._streets, street, bit, self._thresholds.field_m)
        return Target(place.point, street.off_road_m, field, unit_class)
