"""Words, names and telephones of callers: sealed beside the log under a key per incident, never in it.

The log holds a salted digest; the salt is sealed with the words, so that once the key is destroyed the digest can be matched
with nothing. AES-256-GCM; the call's identifier is authenticated with it, so that one call's words cannot be passed off as another's.
"""

import hashlib
import os
from dataclasses import dataclass
from enum import StrEnum

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES = 12
_SALT_BYTES = 16


class Audience(StrEnum):
    """Who is shown: everything, or what names nobody."""

    FULL = "full"
    MASKED = "masked"


@dataclass(frozen=True, slots=True)
class PersonalWords:
    """What a caller said, and who it was."""

    words: str = ""
    caller: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class SealedWords:
    """One call's words as the side store keeps them."""

    call: str
    incident: str
    """Under whose key they are: the incident that the call was taken for."""
    sealed: bytes
    """Nonce and ciphertext."""


class _Plain(msgspec.Struct, frozen=True):
    salt: bytes
    words: str
    caller: str
    phone: str


class WordsUnreadable(Exception):
    """Sealed words do not open with their key: the side store was altered or is damaged."""

    def __init__(self, call: str) -> None:
        super().__init__(call)
        self.call = call

    def __str__(self) -> str:
        return f"the words of call {self.call} do not open with their key; restore the side store from a backup"


def new_key() -> bytes:
    """A fresh key for one incident."""
    return os.urandom(KEY_BYTES)


def seal(words: PersonalWords, call: str, incident: str, key: bytes) -> tuple[SealedWords, str]:
    """The words sealed, and the salted digest for the log."""
    plain = msgspec.json.encode(_Plain(os.urandom(_SALT_BYTES), words.words, words.caller, words.phone))
    nonce = os.urandom(_NONCE_BYTES)
    sealed = nonce + AESGCM(key).encrypt(nonce, plain, call.encode())
    return SealedWords(call, incident, sealed), _digest(plain)


def unseal(sealed: SealedWords, key: bytes, digest: str | None = None) -> PersonalWords:
    """The words, checked against the log's ``digest`` where given; ``WordsUnreadable`` where anything does not fit."""
    try:
        nonce, ciphertext = sealed.sealed[:_NONCE_BYTES], sealed.sealed[_NONCE_BYTES:]
        plain = AESGCM(key).decrypt(nonce, ciphertext, sealed.call.encode())
    except (InvalidTag, ValueError) as fault:
        raise WordsUnreadable(sealed.call) from fault
    if digest is not None and _digest(plain) != digest:
        raise WordsUnreadable(sealed.call)
    found = msgspec.json.decode(plain, type=_Plain)
    return PersonalWords(found.words, found.caller, found.phone)


def mask(words: PersonalWords) -> PersonalWords:
    """What an audience without the right is shown: the family name's first character and the ends of the number."""
    caller = words.caller[:1] + "*" * (len(words.caller) > 1) * 2
    phone = words.phone
    phone = f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 10 else "*" * len(phone)
    return PersonalWords("", caller, phone)


def _digest(plain: bytes) -> str:
    return "sha256:" + hashlib.sha256(plain).hexdigest()
