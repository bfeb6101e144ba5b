"""Which release this is, as installed."""

from importlib.metadata import PackageNotFoundError, version


def release() -> str:
    """Version of the installed package; ``0`` in a bare checkout."""
    try:
        return version("kuaijing")
    except PackageNotFoundError:
        return "0"
