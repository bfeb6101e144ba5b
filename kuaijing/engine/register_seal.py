"""The digest by which the log vouches for a register's document: salted, since a document may hold a secret of a few digits."""

import hashlib
import os

_SALT_BYTES = 16


def new_salt() -> bytes:
    """For one version of one entry; kept beside the document, never in the log."""
    return os.urandom(_SALT_BYTES)


def salted_digest(salt: bytes, document: bytes) -> str:
    """As it stands in the log."""
    return "sha256:" + hashlib.sha256(salt + document).hexdigest()
