"""Live positions and the core tied together: see ``picture``, and ``meaning`` for what positions mean beyond arrival."""

from kuaijing.engine.live.meaning import Meaning
from kuaijing.engine.live.picture import LivePicture

__all__ = ["LivePicture", "Meaning"]
