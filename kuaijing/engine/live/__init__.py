"""Live positions and the core tied together: see ``picture``."""

from kuaijing.engine.live.picture import LivePicture

__all__ = ["LivePicture"]
