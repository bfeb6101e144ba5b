"""The field's closed vocabularies: what a unit, an incident, an assignment can be. Kinds of incident are data, not here.

The words and their meaning are the domain page's; a value is what is stored in the log, so a value is never renamed.
"""

from enum import IntEnum, StrEnum


class UnitClass(StrEnum):
    """What is sent."""

    COMMAND_VEHICLE = "command_vehicle"
    CAR = "car"
    MOTORCYCLE = "motorcycle"
    FOOT = "foot"
    DRONE = "drone"


class UnitStatus(StrEnum):
    """One status at a time; lost contact and stale are flags beside it, never instead of it."""

    OFF_DUTY = "off_duty"
    AVAILABLE = "available"
    ORDERED = "ordered"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    BUSY_OTHER = "busy_other"
    OUT_OF_SERVICE = "out_of_service"


class IncidentStatus(StrEnum):
    """Life of an incident. A reopened one goes on as ``handling`` (or ``open`` where no unit is on it)."""

    OPEN = "open"
    DISPATCHED = "dispatched"
    RESPONDING = "responding"
    ON_SCENE = "on_scene"
    HANDLING = "handling"
    CLOSED = "closed"
    MERGED = "merged"
    CANCELLED = "cancelled"


class AssignmentStatus(StrEnum):
    """Life of one unit's part in one incident."""

    QUEUED = "queued"
    ORDERED = "ordered"
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    CLEARED = "cleared"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """A stamp that an officer presses, or a dispatcher by voice. ``controlled`` and ``settled`` stamp the incident too."""

    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    CONTROLLED = "controlled"
    SETTLED = "settled"
    CLEARED = "cleared"


class Role(StrEnum):
    """Why a unit is on an incident."""

    FIRST = "first"
    SUPPORT = "support"
    FOLLOWER = "follower"
    REINFORCEMENT = "reinforcement"


class Origin(StrEnum):
    """Where an incident came from; what a patrol finds itself is counted apart from what was called."""

    CALL_110 = "call_110"
    CALL_119 = "call_119"
    CALL_122 = "call_122"
    ALARM = "alarm"
    COMMUNITY = "community"
    PATROL = "patrol"
    CAMERA = "camera"
    OFFICER_HELP = "officer_help"


class Grade(IntEnum):
    """1 is the most urgent."""

    ONE = 1
    TWO = 2
    THREE = 3
    FOUR = 4


class Outcome(StrEnum):
    """How an incident was closed."""

    SETTLED = "settled"
    MEDIATION = "mediation"
    HANDED_TO_STATION = "handed_to_station"
    HANDED_TO_TRAFFIC = "handed_to_traffic"
    HANDED_TO_CRIMINAL = "handed_to_criminal"
    ESCORTED = "escorted"
    RESCUED = "rescued"
    RETURNED_TO_FAMILY = "returned_to_family"
    HAZARD_REMOVED = "hazard_removed"
    ARRESTED = "arrested"
    FALSE = "false"
    NOBODY_FOUND = "nobody_found"


class Follower(StrEnum):
    """Who goes on with it once the street police are done. Its words are those of a plan's followers."""

    STATION = "station"
    CRIMINAL = "criminal"
    TRAFFIC = "traffic"
    FIRE = "fire"
    MEDICAL = "medical"


OPEN_INCIDENT = frozenset(
    {
        IncidentStatus.OPEN,
        IncidentStatus.DISPATCHED,
        IncidentStatus.RESPONDING,
        IncidentStatus.ON_SCENE,
        IncidentStatus.HANDLING,
    }
)
"""Statuses in which an incident still wants somebody's attention."""

ENDED_ASSIGNMENT = frozenset({AssignmentStatus.CLEARED, AssignmentStatus.REFUSED, AssignmentStatus.WITHDRAWN})
"""Statuses in which an assignment no longer holds its unit."""
