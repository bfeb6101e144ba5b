"""One target under atheris: ``python -m tests.fuzz.one NAME [libFuzzer options]``."""

import sys

import atheris

with atheris.instrument_imports(include=["kuaijing.feeds"]):
    from tests.fuzz.targets import TARGETS


def main() -> None:
    target = TARGETS[sys.argv[1]]
    atheris.Setup([sys.argv[0], *sys.argv[2:]], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
