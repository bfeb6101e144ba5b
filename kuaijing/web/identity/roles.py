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
    GATEWAY = "gateway"
    """A system, not a person: it brings calls, positions and stamps of many terminals (the demo's play-actors are one)."""


DISPATCHING = frozenset({UserRole.DISPATCHER, UserRole.ADMINISTRATOR, UserRole.GATEWAY})
EVERYBODY = frozenset(UserRole)
ACTING = EVERYBODY - {UserRole.ANALYST}
"""Who may command at all; what each may is the door's."""
ADMINISTRATING = frozenset({UserRole.ADMINISTRATOR})
PLANNING = frozenset({UserRole.ANALYST, UserRole.ADMINISTRATOR})
SOURCE = {
    UserRole.DISPATCHER: "console",
    UserRole.ADMINISTRATOR: "console",
    UserRole.ANALYST: "console",
    UserRole.OFFICER: "terminal",
    UserRole.GATEWAY: "gateway",
}
"""By which door a command of each role came; the log keeps it."""


FULL = "full"
MASKED = "masked"
AUDIENCES = (FULL, MASKED)


def audience_of(role: UserRole) -> str:
    """Which picture a role is shown."""
    return MASKED if role in (UserRole.OFFICER, UserRole.ANALYST) else FULL
