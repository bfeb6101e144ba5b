"""``kuaijing warm``: compile every road search once into the cache, so that a server starts warm."""

import argparse
import time


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(arguments: argparse.Namespace) -> int:
    """Compile."""
    from kuaijing.routing import warm

    began = time.monotonic()
    warm()
    print(f"road searches ready in {time.monotonic() - began:.1f} s")
    return 0
