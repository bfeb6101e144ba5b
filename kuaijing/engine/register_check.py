"""Do the tables of the registers hold what the log vouches for? Every version of every entry against its salted digest."""

from dataclasses import dataclass

from kuaijing.domain.registers import REGISTERS, RegisterChanged
from kuaijing.engine.codec import decode_event
from kuaijing.engine.ports import Store
from kuaijing.engine.register_seal import salted_digest


@dataclass(frozen=True, slots=True)
class RegisterFault:
    """A version of an entry that is not what the log vouches for."""

    entry: str
    """``register/id``."""
    version: int
    problem: str


def verify_registers(store: Store) -> tuple[int, list[RegisterFault]]:
    """How many changes of registers the log knows, and which of them the tables do not hold as they were made."""
    told: dict[tuple[str, str], dict[int, str]] = {}
    for row in store.log.read(0, types=(RegisterChanged.__name__,)):
        event = decode_event(row.type, row.schema, row.body)
        if isinstance(event, RegisterChanged):
            told.setdefault((event.register, event.id), {})[event.version] = event.digest
    faults: list[RegisterFault] = []
    for (register, entry), digests in told.items():
        held = {row.version: row for row in store.registers.history(register, entry)}
        for version, digest in digests.items():
            found = held.pop(version, None)
            if found is None:
                faults.append(RegisterFault(f"{register}/{entry}", version, "is missing"))
            elif salted_digest(found.salt, found.document) != digest:
                faults.append(RegisterFault(f"{register}/{entry}", version, "was altered"))
        faults += [RegisterFault(f"{register}/{entry}", version, "is not in the log") for version in held]
    for register in REGISTERS:
        strange = [row for row in store.registers.list_newest(register) if (register, row.id) not in told]
        faults += [RegisterFault(f"{register}/{row.id}", row.version, "is not in the log") for row in strange]
    return sum(map(len, told.values())), faults
