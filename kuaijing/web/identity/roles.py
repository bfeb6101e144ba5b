"""The roles of this release and what each may see and do. The full access model is another issue."""

from enum import StrEnum


class UserRole(StrEnum):
    """What an account is for."""

    DISPATCHER = "dispatcher"
    """Takes calls, orders, closes; sees names and telephones."""
    OFFICER = "officer"
    """Bound to one unit: stamps its assignments and reports its positions; sees no names and telephones."""
    ADMINISTRATOR = "administrator"
    """Plans as well as what a dispatcher does."""
    ANALYST = "analyst"
    """Studies and drafts plans and proposes them; looks at the room without names and telephones and commands nothing."""
    POST = "post"
    """The desk of a platform or command vehicle: bound to that platform, it runs the platform's own beat and units, nothing else."""
    WALL = "wall"
    """A screen on a wall, not a person: it looks at the masked picture, commands nothing, and is never signed out by time."""
    GATEWAY = "gateway"
    """A system, not a person: it brings calls, positions and stamps of many terminals (the demo's play-actors are one)."""


DISPATCHING = frozenset({UserRole.DISPATCHER, UserRole.ADMINISTRATOR, UserRole.GATEWAY})
AT_A_DESK = DISPATCHING | {UserRole.POST}
"""Who sends units; a post within its own beat only (``web/own_beat.py``)."""
WATCHING = frozenset(UserRole)
"""Whoever may see the live picture, a screen on a wall included; every other door leaves the wall out."""
EVERYBODY = WATCHING - {UserRole.WALL}
ACTING = EVERYBODY - {UserRole.ANALYST}
"""Who may command at all; what each may is the door's."""
ADMINISTRATING = frozenset({UserRole.ADMINISTRATOR})
PLANNING = frozenset({UserRole.ANALYST, UserRole.ADMINISTRATOR})
SOURCE = {
    UserRole.DISPATCHER: "console",
    UserRole.ADMINISTRATOR: "console",
    UserRole.ANALYST: "console",
    UserRole.POST: "console",
    UserRole.WALL: "console",
    UserRole.OFFICER: "terminal",
    UserRole.GATEWAY: "gateway",
}
"""By which door a command of each role came; the log keeps it."""


FULL = "full"
MASKED = "masked"
AUDIENCES = (FULL, MASKED)


def audience_of(role: UserRole) -> str:
    """Which picture a role is shown."""
    return FULL if role in DISPATCHING else MASKED
