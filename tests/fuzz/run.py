"""``make fuzz``: every decoder for its share of a minute. By atheris, guided by what the bytes reach; where Python has no wheel of it,
by hypothesis, and the output says so. Exit status 1 where a target raised, hung for five seconds or took a gigabyte.
"""

import argparse
import importlib.util
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.fuzz.targets import TARGETS, seeds

_START_S = 2.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.run", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="in total (default 60)")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(TARGETS)} (default: all)")
    given = parser.parse_args()
    names = given.names or list(TARGETS)
    unknown = [name for name in names if name not in TARGETS]
    if unknown:
        parser.error(f"no target {', '.join(unknown)}; there are {', '.join(TARGETS)}")
    if importlib.util.find_spec("atheris") is None:
        print(
            f"fuzz: atheris is not installed for Python {sys.version.split()[0]}; hypothesis covers instead", flush=True
        )
        by = by_hypothesis
    else:
        by = _by_atheris
    each_s = given.seconds / len(names)
    return max(by(name, each_s) for name in names)


def _by_atheris(name: str, seconds: float) -> int:
    with tempfile.TemporaryDirectory(prefix="kuaijing-fuzz-") as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        for number, seed in enumerate(seeds(name)):
            (corpus / str(number)).write_bytes(seed)
        limits = [
            f"-max_total_time={max(1, round(seconds - _START_S))}",
            "-max_len=8192",
            "-rss_limit_mb=1024",
            "-timeout=5",
        ]
        command = [sys.executable, "-m", "tests.fuzz.one", name, *limits, f"-artifact_prefix={folder}/", str(corpus)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        said = done.stderr.splitlines() + done.stdout.splitlines()
        count = next((line.split()[1] for line in said if line.startswith("Done ")), "?")
        print(f"fuzz: {name}: {'passed' if done.returncode == 0 else 'FAILED'}, {count} inputs by atheris", flush=True)
        if done.returncode:
            print("\n".join(said[-60:]))
            for found in Path(folder).glob("*-*"):
                print(f"fuzz: {name}: input as hex: {found.read_bytes().hex()}")
        return int(done.returncode != 0)


def by_hypothesis(name: str, seconds: float) -> int:
    """Exit status of one target, tried for so long."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st

    until = time.monotonic() + seconds
    begin = st.sampled_from(list(seeds(name)))
    cut = st.tuples(begin, st.integers(0, 200), st.binary(max_size=64), begin)
    bytes_ = st.binary(max_size=2048) | cut.map(lambda made: made[0][: made[1]] + made[2] + made[3][made[1] :])
    count = 0

    @settings(
        max_examples=500, deadline=5000, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(bytes_)
    def tried(data: bytes) -> None:
        nonlocal count
        count += 1
        TARGETS[name](data)

    try:
        while time.monotonic() < until:
            tried()
    except Exception as fault:
        print(f"fuzz: {name}: FAILED after {count} inputs by hypothesis: {fault!r}", flush=True)
        return 1
    print(f"fuzz: {name}: passed, {count} inputs by hypothesis", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
