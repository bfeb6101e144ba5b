"""Holdings for a test's shelf."""

from kuaijing.studies.shelf import Holding


def holding(name: str, what: str) -> Holding:
    return Holding(
        name, what, "file.csv", "0" * 64, "2026-01-01T00:00:00+00:00", "tester", "wgs84", 1, 0, 0, 0, 0, 0, 0, 0
    )
