"""``kuaijing warm``: compile every search, estimate and the simulator once into the cache, so that a server starts warm."""

import argparse
import time


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(arguments: argparse.Namespace) -> int:
    """Compile."""
    from kuaijing.engine.advice import warm_advice
    from kuaijing.routing import warm
    from kuaijing.simulation.compiled.running import warm as warm_simulator
    from kuaijing.store.history.unfolding import warm as warm_history

    began = time.monotonic()
    warm()
    warm_advice()
    warm_history()
    warm_simulator()
    print(f"searches, estimates and the simulator ready in {time.monotonic() - began:.1f} s")
    return 0
