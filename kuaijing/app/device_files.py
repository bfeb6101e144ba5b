"""What the device register keeps beside the log: the secret from which codes are derived, and when each device was last heard.

DATA/device-secret          32 bytes, readable by the server's user only; a server elsewhere on the same log needs the same one
DATA/device-contacts.json   first and last contact of each device, written now and then; losing it costs nothing else
"""

import json
import logging
import os
import secrets
from pathlib import Path
from typing import Final

from kuaijing.app.refused import Refused
from kuaijing.engine.device_contacts import Contacts
from kuaijing.measures.instants import Instant

SECRET_FILE: Final = "device-secret"
CONTACTS_FILE: Final = "device-contacts.json"
_SECRET_BYTES: Final = 32
_log = logging.getLogger(__name__)


def read_secret(folder: Path) -> bytes:
    """The folder's secret, made where there is none. A damaged one is refused: another one would lock every terminal out."""
    path = folder / SECRET_FILE
    if not path.exists():
        if (folder / CONTACTS_FILE).exists():
            _log.warning(
                "%s is gone and was made anew: every device without a code of its own has another code now; restore the file "
                "from a backup, or let terminals register again and give the other devices their new codes",
                path,
            )
        _write(path, secrets.token_bytes(_SECRET_BYTES))
    found = path.read_bytes()
    if len(found) != _SECRET_BYTES:
        raise Refused(
            f"{path} has {len(found)} bytes, {_SECRET_BYTES} are wanted; restore it from a backup, or take it away: "
            "then every device without a code of its own must register anew"
        )
    return found


def read_contacts(folder: Path) -> Contacts:
    """As they were kept; none where they cannot be read."""
    try:
        found = json.loads((folder / CONTACTS_FILE).read_text(encoding="utf-8"))
        return Contacts(
            {str(device): (Instant(int(first)), Instant(int(last))) for device, (first, last) in found.items()}
        )
    except FileNotFoundError:
        return Contacts()
    except (OSError, ValueError, TypeError, AttributeError) as fault:
        _log.warning("last contacts of the devices are forgotten: %s", fault)
        return Contacts()


def keep_contacts(folder: Path, kept: dict[str, tuple[Instant, Instant]]) -> None:
    """Write them; a disk that is full is logged, since nothing depends on them."""
    try:
        _write(folder / CONTACTS_FILE, json.dumps(kept).encode())
    except OSError as fault:
        _log.warning("last contacts of the devices are not kept: %s", fault)


def _write(path: Path, content: bytes) -> None:
    beside = path.with_name(path.name + ".new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
