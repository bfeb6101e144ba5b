"""Real data that is not part of the product: found beside the checkout, else the test says that it is absent and skips."""

from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared_data(name: str) -> Path:
    """Path of ``shared/data/<name>``; skips the calling test with a message where it is absent."""
    path = _ROOT / name
    if not path.exists():
        pytest.skip(f"real data absent: shared/data/{name}")
    return path
