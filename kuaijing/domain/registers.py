"""Registers: named tables of documents with versions (devices, later roster, equipment, premises).

What a document says is the register's own affair and lies beside the log. Here is only that each change was asked for by somebody who
saw the version before it, with a reason, and the digest by which the log vouches for what lies in the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kuaijing.domain.commands import ChangeRegister, Context, ShowSecret
from kuaijing.domain.errors import DomainError, Fault, Invalid, NotAllowed, ValueUnknown, refuse_all
from kuaijing.domain.lookups import reason_given
from kuaijing.measures.instants import Instant

if TYPE_CHECKING:
    from kuaijing.domain.state import Draft, State

REGISTERS = ("devices",)
"""Every register that there is."""

CHANGES = ("enter", "change", "retire", "restore")
MOST_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class RegisterMark:
    """Where one entry of a register stands; the document itself lies in the store's table."""

    version: int
    digest: str
    retired: bool


@dataclass(frozen=True, slots=True)
class RegisterChanged:
    """An entry was entered, changed, retired or restored. ``digest`` is salted, so that it tells nothing of a secret within."""

    register: str
    id: str
    version: int
    change: str
    digest: str
    at: Instant


@dataclass(frozen=True, slots=True)
class SecretShown:
    """Somebody was shown what the entry keeps secret (an authentication code)."""

    register: str
    id: str
    version: int
    at: Instant


class UnknownEntry(DomainError):
    """The register has no such entry."""

    category = "missing"

    def __init__(self, register: str, entry: str) -> None:
        super().__init__(register, entry)
        self.register, self.entry = register, entry

    def __str__(self) -> str:
        return f"register {self.register} has no entry {self.entry!r}; look at the list and name one of it, or enter it"

    def fields(self) -> tuple[Fault, ...]:
        """The entry."""
        return (Fault("id", self.entry, "not in the register", "name one of the list, or enter it"),)


class StaleRegister(DomainError):
    """The entry has changed since it was looked at."""

    category = "conflict"

    def __init__(self, register: str, entry: str, seen: int, version: int, retired: bool) -> None:
        super().__init__(register, entry, seen, version, retired)
        self.register, self.entry, self.seen, self.version, self.retired = register, entry, seen, version, retired

    def __str__(self) -> str:
        said = "was taken for new" if self.seen == 0 else f"was seen at version {self.seen}"
        now = f"it is {'retired ' if self.retired else ''}at version {self.version}"
        return f"{self.register} {self.entry} {said}, {now}; look again and repeat what still holds"

    def fields(self) -> tuple[Fault, ...]:
        """The version."""
        return (Fault("version", str(self.seen), f"the entry is at {self.version}", "look again and repeat"),)

    def current(self) -> dict[str, object]:
        """Where the entry stands now."""
        return {"register": self.register, "id": self.entry, "version": self.version, "retired": self.retired}


def mark_key(register: str, entry: str) -> str:
    """By which the state holds an entry's mark."""
    return f"{register}/{entry}"


def _change(state: State, command: ChangeRegister, context: Context) -> tuple[RegisterChanged, ...]:
    refuse_all(_faults(command))
    held = state.registers.get(mark_key(command.register, command.id))
    if held is None and command.change != "enter":
        raise UnknownEntry(command.register, command.id)
    version = 0 if held is None else held.version
    if command.seen != version:
        raise StaleRegister(command.register, command.id, command.seen, version, held is not None and held.retired)
    if held is not None:
        _refuse_out_of_turn(command, held)
    reason_given(context, "a change of a register")
    changed = RegisterChanged(
        command.register, command.id, version + 1, command.change, command.digest, context.received_at
    )
    return (changed,)


def _refuse_out_of_turn(command: ChangeRegister, held: RegisterMark) -> None:
    if command.change == "enter":
        raise NotAllowed("entry", command.id, "entered already", "a new identifier", "change or restore it instead")
    if held.retired != (command.change == "restore"):
        status, remedy = ("retired", "restore it first") if held.retired else ("in use", "leave it or retire it first")
        wanted = "in use" if held.retired else "retired"
        raise NotAllowed("entry", command.id, status, wanted, remedy)


def _faults(command: ChangeRegister) -> list[DomainError]:
    errors: list[DomainError] = []
    if command.register not in REGISTERS:
        errors.append(ValueUnknown("register", command.register, REGISTERS))
    if command.change not in CHANGES:
        errors.append(ValueUnknown("change", command.change, CHANGES))
    if not command.id.strip():
        errors.append(Invalid("id", command.id, "an entry has a name", "give one"))
    if not command.document or len(command.document) > MOST_BYTES:
        size = str(len(command.document))
        errors.append(Invalid("document", size, f"1 to {MOST_BYTES} bytes", "shorten it"))
    return errors


def _show(state: State, command: ShowSecret, context: Context) -> tuple[SecretShown, ...]:
    held = state.registers.get(mark_key(command.register, command.id))
    if held is None:
        raise UnknownEntry(command.register, command.id)
    reason_given(context, "a look at a secret")
    return (SecretShown(command.register, command.id, held.version, context.received_at),)


DECIDE = {ChangeRegister: _change, ShowSecret: _show}


def _changed(draft: Draft, event: RegisterChanged) -> None:
    mark = RegisterMark(event.version, event.digest, event.change == "retire")
    draft.registers.put(mark_key(event.register, event.id), mark)


def _shown(draft: Draft, event: SecretShown) -> None:
    """A look changes nothing; it stands in the log."""


RegisterEvent = RegisterChanged | SecretShown

EVOLVE = {RegisterChanged: _changed, SecretShown: _shown}
