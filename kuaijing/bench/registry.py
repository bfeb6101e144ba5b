"""The benches there are, with a line of help each.

Bench ``name`` is the module ``kuaijing.bench.<name>`` (``-`` becomes ``_``; ``MODULES`` names those that are called otherwise)
with ``add_arguments(parser)`` and ``run(arguments) -> Iterable[Row]``. It is imported only when it is chosen. What it cannot do
as asked it raises as ``BenchRefused``.
"""

from typing import Final

BENCHES: Final[dict[str, str]] = {
    "dispatch": "units to an incident by road, turn-aware, beside scipy",
    "engine": "one server under 1,000 units, 50 commands a second and 100 live consoles",
    "history": "ten million fixes: written, bytes each, a unit's half hour, who was near; beside plain SQLite rows",
    "import": "a city out of a road file: time and memory, beside reading the file alone",
    "planning": "p-median, p-center, covers, districts and the hypercube, beside plain models",
    "positions": "terminals: decoding, 5,000 of them at the door, 10,000 connections, fixes to the disk; beside peers",
    "simulation": "the simulator beside SimPy on the same calls; redeployment policies on real roads",
    "recover": "opening a log of 10,000 incidents; a full snapshot to a new console",
    "screens": "a real Chromium: 1,000 units that move, start, weight, a long shift; beside an empty map and a symbol layer",
    "replay": "a full day of 5,000 incidents and 1,000 units: start, any moment; beside folding from the day's start",
}

MODULES: Final[dict[str, str]] = {"import": "importing"}
"""Where the bench's name is no name for a module."""


def module_of(name: str) -> str:
    """The module of a bench."""
    return f"kuaijing.bench.{MODULES.get(name, name.replace('-', '_'))}"
