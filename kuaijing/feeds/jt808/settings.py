"""Figures of the JT/T 808 door: where it listens and what one terminal, or all that are not yet known, may cost."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Jt808Settings:
    """The door's settings; the defaults suit 10,000 terminals."""

    host: str = "127.0.0.1"
    port: int = 0
    """0: no door is opened by the wiring (a server that is told to start on 0 takes any free port)."""
    media_host: str = ""
    """Where terminals send live video (a JT/T 1078 gateway); empty: video cannot be asked for."""
    media_port: int = 0
    most_connections: int = 20_000
    most_unauthenticated: int = 2_000
    """One more, and the one that has waited longest is closed, once it has waited for ``spare_s``."""
    spare_s: float = 5.0
    """In a storm of reconnects all the terminals are strangers for a moment: none of them is pushed out so soon."""
    authenticate_within_s: float = 30.0
    idle_s: float = 600.0
    """A terminal that says nothing for so long is taken for gone."""
    collect_s: float = 0.02
    """Reports of all terminals are collected so long and judged together."""
    collect_most: int = 512
    frames_per_s: float = 500.0
    """One terminal's share; what comes faster waits in its own connection."""
    turn_frames: int = 512
    """All terminals together, before consoles and commands have their turn."""
    answer_within_s: float = 15.0
    """So long a terminal has for its reply."""
    tries: int = 3
    """So often an order is sent that is not answered; what a dispatcher asks for is sent once."""
    package_s: float = 60.0
    """Subpackages of one message must be whole by then."""
    package_bytes: int = 64 * 1024
    """Of one connection's unfinished messages."""

    def __post_init__(self) -> None:
        if self.frames_per_s < 1:
            raise ValueError(f"frames_per_s is {self.frames_per_s:g}, which no terminal can live on; give 1 or more")
