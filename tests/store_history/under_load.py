"""A process that writes a history until it is killed, and says which fixes are surely in the file.

Each line of standard output is the number of fixes, from the first one on, that were durable when it was written. The clock is so
fast that ten minutes are over every few dozen milliseconds and are sealed.
"""

import sys
from pathlib import Path

from kuaijing.measures.instants import after
from kuaijing.store.history import HistorySettings, PositionHistory, history
from tests.store_history.street import NOON, judged

UNITS = 20
AT_ONCE = 10


def fix_numbered(number: int) -> object:
    """Every process that writes gives the same fixes: a fix each 60 s of each unit."""
    return judged(f"u{number % UNITS}", number // UNITS * 60, 112.9 + number * 1e-6)


def main(folder: Path) -> None:
    """Write for ever."""
    history._QUIET_S = 0.0  # type: ignore[misc]
    seconds = [0.0]
    kept = PositionHistory(
        folder / "positions.sqlite", lambda: after(NOON, seconds[0]), HistorySettings(flush_s=0.002, grace_s=0.0)
    )
    kept.start()
    print("ready", flush=True)
    number = 0
    while True:
        kept.take([fix_numbered(each) for each in range(number, number + AT_ONCE)])  # type: ignore[misc]
        number += AT_ONCE
        seconds[0] = number // UNITS * 60
        if kept.flush():
            print(number, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
