"""The rule for text that people type: one form for the same characters, nothing that hides or reorders what is read.

Any script may be mixed with any other. Text is kept in Unicode's composed form (NFC) with ``\\n`` as line end. Refused are the
control characters other than newline and tab, the marks that override the direction of writing (they let ``A`` be shown as ``B``),
and what is no character at all.
"""

import unicodedata

_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class BadText(ValueError):
    """A character that may not stand in a text; names the character and where it stands."""

    def __init__(self, character: str, at: int) -> None:
        super().__init__(character, at)
        self.character, self.at = character, at

    def __str__(self) -> str:
        return f"character U+{ord(self.character):04X} at position {self.at + 1} may not stand in a text"


def clean_text(text: str) -> str:
    """The text in its kept form. Raises ``BadText`` at the first character that may not stand in it."""
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    for at, character in enumerate(text):
        if character not in "\n\t" and _refused(character):
            raise BadText(character, at)
    return text


def _refused(character: str) -> bool:
    code = ord(character)
    return (
        character in _DIRECTION
        or unicodedata.category(character) in ("Cc", "Cs")
        or (code & 0xFFFE) == 0xFFFE
        or 0xFDD0 <= code <= 0xFDEF
    )
