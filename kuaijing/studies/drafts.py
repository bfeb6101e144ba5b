"""Drafts: several, named, each a whole plan document derived from the one in force, kept in ``DATA/drafts``.

A draft says what it rests on, so that one drawn from a plan or from closures that have changed since is told from a fresh one. A
change writes the plan beside the old one and then replaces the small record that names it: a draft is never half-written.
"""

import hashlib
import logging
import os
import re
import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from kuaijing.domain.plan_document import PlanDocument
from kuaijing.studies.beat_plan import BeatFigures
from kuaijing.studies.refused import StudyRefused
from kuaijing.wire.plans import canonical, digest_of, from_canonical

_log = logging.getLogger(__name__)

FOLDER: Final = "drafts"
MOST: Final = 100
_ID: Final = re.compile(r"^d[0-9a-f]{8}\Z")
_DIGEST: Final = re.compile(r"^[0-9a-f]{64}\Z")


class RestsOn(msgspec.Struct, frozen=True):
    """What a draft was drawn from."""

    plan: str
    """Digest of the plan in force then."""
    plan_version: str
    ground: str
    """Hash of the ground."""
    closures: str
    """Mark of the closures in force then."""
    demand: str = ""
    """Digest of the rates that its figures were computed from; empty before there are any."""


class BeatShare(msgspec.Struct, frozen=True):
    """Which block is in which beat, for a hand to change."""

    labels: list[int]
    """Beat of each block."""
    platforms: list[list[float]]
    """Longitude and latitude of each beat's platform."""
    keep_platforms: bool = False
    """The plan's platforms stay where they were."""


class Proof(msgspec.Struct, frozen=True):
    """A study whose answer goes with the draft."""

    kind: str
    digest: str
    """Of the answer, which lies beside the draft."""
    made_at: str


class Draft(msgspec.Struct, frozen=True):
    """One draft, without its plan document."""

    id: str
    name: str
    author: str
    made_at: str
    changed_at: str
    changed_by: str
    revision: int
    """Counts changes; who changes it says which one was seen."""
    rests_on: RestsOn
    digest: str
    """Of its plan document."""
    note: str = ""
    beats: BeatShare | None = None
    """``None`` while the beats are those of the plan that it was drawn from."""
    figures: BeatFigures | None = None
    """Of the draft's beats, beside today's."""
    proofs: list[Proof] = []
    """Of this very revision of the plan; a change of the plan drops them."""


class StaleDraft(StudyRefused):
    """Somebody else has changed the draft since it was looked at."""


class NoDraft(StudyRefused):
    """There is no such draft."""


Change = Callable[[Draft], Draft]


class Drafts:
    """The drafts of one DATA folder. Safe to call from any thread; every call touches the disk."""

    def __init__(self, data: Path) -> None:
        self.folder = data / FOLDER
        self._lock = threading.RLock()

    def list_all(self) -> list[Draft]:
        """All, the last changed first. One whose record is damaged is told in the server's log and hides no other."""
        found = []
        for path in self.folder.glob("d????????.json"):
            try:
                found.append(self._read(path))
            except NoDraft:
                continue  # deleted meanwhile
            except StudyRefused as damaged:
                _log.error("%s", damaged)
        return sorted(found, key=lambda draft: (draft.changed_at, draft.id), reverse=True)

    def get(self, draft: str) -> Draft:
        """That one. Raises ``NoDraft``."""
        path = self._path(draft)
        if not path.is_file():
            raise NoDraft(f"no draft {draft!r}; look at the list again")
        return self._read(path)

    def seen(self, draft: str, revision: int) -> Draft:
        """That one, as it was seen. Raises ``StaleDraft`` where ``revision`` is not its own."""
        held = self.get(draft)
        if held.revision != revision:
            raise StaleDraft(
                f"draft {held.name} was seen at revision {revision}, {held.changed_by} has changed it to "
                f"{held.revision}; look at it again"
            )
        return held

    def plan_of(self, draft: Draft) -> PlanDocument:
        """Its plan document."""
        try:
            return from_canonical(self._document(draft.id, draft.digest).read_bytes())
        except (OSError, msgspec.MsgspecError) as error:
            now = self.get(draft.id)
            if now.digest != draft.digest:  # its plan was replaced between the look at the record and at the plan
                raise StaleDraft(
                    f"draft {now.name} has just been changed by {now.changed_by}; look at it again"
                ) from None
            raise StudyRefused(f"the plan of draft {draft.id} cannot be read: {error}; delete the draft") from None

    def create(self, name: str, author: str, plan: PlanDocument, rests_on: RestsOn, note: str = "") -> Draft:
        """A new draft: the plan as it stands, to be changed."""
        with self._lock:
            names = {each.name for each in self.list_all()}
            if len(names) >= MOST:
                raise StudyRefused(f"there are {MOST} drafts; delete one first")
            if name in names:
                raise StudyRefused(f"a draft is called {name!r} already; give another name")
            self.folder.mkdir(parents=True, exist_ok=True)
            now, body = _now(), canonical(plan)
            draft = Draft(
                f"d{secrets.token_hex(4)}", name, author, now, now, author, 1, rests_on, digest_of(plan), note
            )
            write_whole(self._document(draft.id, draft.digest), body)
            write_whole(self._path(draft.id), msgspec.json.encode(draft))
            return draft

    def change(self, draft: str, seen: int, by: str, change: Change, plan: PlanDocument | None = None) -> Draft:
        """Replace the record, and its plan where one is given. Raises ``StaleDraft`` where ``seen`` is not its revision."""
        with self._lock:
            before = self.seen(draft, seen)
            changed = msgspec.structs.replace(
                change(before), revision=before.revision + 1, changed_at=_now(), changed_by=by
            )
            if any(each.name == changed.name and each.id != draft for each in self.list_all()):
                raise StudyRefused(f"a draft is called {changed.name!r} already; give another name")
            if plan is not None:
                changed = msgspec.structs.replace(changed, digest=digest_of(plan), proofs=[])
                write_whole(self._document(draft, changed.digest), canonical(plan))
            write_whole(self._path(draft), msgspec.json.encode(changed))
            if changed.digest != before.digest:
                self._document(draft, before.digest).unlink(missing_ok=True)
            return changed

    def prove(self, draft: str, seen: int, kind: str, answer: bytes) -> Draft:
        """Keep a study's answer beside the draft that it is of; the latest of each kind. Not a change of the draft."""
        with self._lock:
            before = self.get(draft)
            if before.revision != seen:
                raise StaleDraft(f"draft {before.name} has changed since the study began; run it again")
            older, digest = [each for each in before.proofs if each.kind == kind], hashlib.sha256(answer).hexdigest()
            write_whole(self.folder / f"{draft}.{digest[:16]}.answer", answer)
            proofs = [each for each in before.proofs if each.kind != kind] + [Proof(kind, digest, _now())]
            write_whole(self._path(draft), msgspec.json.encode(msgspec.structs.replace(before, proofs=proofs)))
            for each in older:
                if each.digest != digest:
                    (self.folder / f"{draft}.{each.digest[:16]}.answer").unlink(missing_ok=True)
            return self.get(draft)

    def answer_of(self, draft: Draft, kind: str) -> bytes | None:
        """The answer of a study that was kept; ``None`` where there is none, or it has just been replaced."""
        proof = next((each for each in draft.proofs if each.kind == kind), None)
        if proof is None:
            return None
        try:
            return (self.folder / f"{draft.id}.{proof.digest[:16]}.answer").read_bytes()
        except FileNotFoundError:
            return None

    def keep_proof(self, proof: bytes) -> str:
        """Keep what was shown with a proposal, by its digest."""
        digest = hashlib.sha256(proof).hexdigest()
        self.folder.mkdir(parents=True, exist_ok=True)
        write_whole(self.folder / f"proof-{digest}.json", proof)
        return digest

    def find_proof(self, digest: str) -> bytes | None:
        """What was shown with a proposal; ``None`` where it is not kept (any more)."""
        path = self.folder / f"proof-{digest}.json"
        return path.read_bytes() if _DIGEST.match(digest) and path.is_file() else None

    def delete(self, draft: str) -> None:
        """Throw it away; the record first, so that what is left names nothing."""
        with self._lock:
            path = self._path(draft)
            if not path.is_file():
                raise NoDraft(f"no draft {draft!r}; look at the list again")
            path.unlink()  # one whose record is damaged can be thrown away too
            for path in self.folder.glob(f"{draft}.*"):
                path.unlink(missing_ok=True)

    def _path(self, draft: str) -> Path:
        if not _ID.match(draft):
            raise NoDraft(f"no draft {draft[:40]!r}; look at the list again")
        return self.folder / f"{draft}.json"

    def _document(self, draft: str, digest: str) -> Path:
        return self.folder / f"{draft}.{digest[:16]}.plan"

    def _read(self, path: Path) -> Draft:
        try:
            return msgspec.json.decode(path.read_bytes(), type=Draft)
        except FileNotFoundError:
            raise NoDraft(f"no draft {path.stem!r} any more; look at the list again") from None
        except (OSError, msgspec.MsgspecError) as error:
            raise StudyRefused(f"{path.name} cannot be read: {error}; delete that file") from None


def renamed(name: str, note: str) -> Change:
    """The change that gives another name and note."""
    return lambda draft: msgspec.structs.replace(draft, name=name, note=note)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def write_whole(path: Path, body: bytes) -> None:
    """Write it whole or not at all, also over a power cut."""
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    with beside.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
