"""Cover moves as offered to a dispatcher: what they are and what they restore."""

import msgspec

from kuaijing.wire.advice import CoverMoveView


class CoverOfferView(msgspec.Struct, frozen=True):
    """Cover moves for the city as it stands now; no moves where none is worth it."""

    moves: list[CoverMoveView]
    reach_before: float | None
    """Share of expected incidents reached in time now, 0 to 1."""
    reach_restored: float | None
    """The same after the moves have arrived."""
