"""A piece of a shift at sixty times: every incident of the log was on the screen, once, and the page neither errs nor grows wild.

The whole shift is ``kuaijing bench screens --only soak``, which also tells the slopes; half a minute is too short for one.
"""

import json
import os
import subprocess

from tests.e2e.served import KUAIJING, ROOT


def test_every_incident_of_the_log_is_shown_once_and_the_page_stays_small() -> None:
    done = subprocess.run(
        [KUAIJING, "bench", "--json", "screens", "--only", "soak", "--minutes", "0.5"],
        env={"NUMBA_CACHE_DIR": str(ROOT / ".venv" / "numba-cache"), **os.environ},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr or done.stdout
    told = {row["figure"]: row["value"] for row in map(json.loads, done.stdout.splitlines())}

    assert told["incidents_in_log"] >= 1
    assert told["incidents_not_shown"] == told["incidents_shown_twice"] == 0
    assert told["console_errors"] == told["foreign_requests"] == 0
    assert told["heap_most"] < 80
    assert told["nodes_most"] < 12_000
