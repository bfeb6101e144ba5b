"""Where one incident is counted. Every incident of a day falls into exactly one class, so that totals add up to the log.

The rules are domain.md's: ordered incidents are the denominator; left out are those cancelled before arrival and those that a
patrol found; those without a measured arrival are counted apart.
"""

from enum import StrEnum

from kuaijing.domain.incidents import Incident
from kuaijing.domain.words import OPEN_INCIDENT, IncidentStatus, Origin
from kuaijing.measures.instants import seconds_between


class Counted(StrEnum):
    """The class of an incident; the names are those of ``AccountsView``."""

    MEASURED = "measured"
    UNMEASURED = "unmeasured"
    RUNNING = "running"
    NEVER_ORDERED = "never_ordered"
    CANCELLED_BEFORE_ARRIVAL = "cancelled_before_arrival"
    FOUND_BY_PATROL = "found_by_patrol"
    MERGED = "merged"


def counted_as(incident: Incident) -> Counted:
    """The class that an incident is counted in."""
    if incident.status == IncidentStatus.MERGED:
        return Counted.MERGED
    if incident.origin == Origin.PATROL:
        return Counted.FOUND_BY_PATROL
    if incident.arrived is not None and incident.first_ordered_at is not None:
        return Counted.MEASURED
    if incident.status == IncidentStatus.CANCELLED:
        return Counted.CANCELLED_BEFORE_ARRIVAL
    if incident.first_ordered_at is None:
        return Counted.NEVER_ORDERED
    return Counted.RUNNING if incident.status in OPEN_INCIDENT else Counted.UNMEASURED


def straddles(incident: Incident) -> bool:
    """Whether the response clock's interval lies on both sides of the limit."""
    if incident.first_ordered_at is None or incident.arrived is None:
        return False
    earliest = seconds_between(incident.first_ordered_at, incident.arrived.earliest)
    latest = seconds_between(incident.first_ordered_at, incident.arrived.latest)
    return earliest <= incident.place.tier_limit_s < latest
