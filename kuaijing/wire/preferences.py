"""What a person's screens remember: small, flat, and looked at by nobody but the screens."""

from typing import Annotated

import msgspec

from kuaijing.wire.requests import Body

Name = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z]{1,32}(?![\s\S])")]
"""Letters to the very end: ``$`` would let a newline follow."""
Value = (
    bool | Annotated[int, msgspec.Meta(ge=-100_000, le=100_000)] | Annotated[str, msgspec.Meta(max_length=32)] | None
)
Kept = Annotated[dict[Name, Value], msgspec.Meta(max_length=48)]


class PreferencesBody(Body, kw_only=True):
    """``PUT /api/me/preferences``: all of them, in the place of those before."""

    kept: Kept


class PreferencesView(msgspec.Struct, frozen=True):
    """What is kept for the account; empty where nothing is."""

    kept: Kept
