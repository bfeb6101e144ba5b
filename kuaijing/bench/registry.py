"""The benches there are, with a line of help each.

Bench ``name`` is the module ``kuaijing.bench.<name>`` (``-`` becomes ``_``) with ``add_arguments(parser)`` and
``run(arguments) -> Iterable[Row]``. It is imported only when it is chosen. What it cannot do as asked it raises as
``BenchRefused``.
"""

from typing import Final

BENCHES: Final[dict[str, str]] = {
    "dispatch": "units to an incident by road, turn-aware, beside scipy",
}
