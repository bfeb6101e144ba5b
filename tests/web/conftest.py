"""One town for every test of a module that only looks or makes incidents of its own."""

from collections.abc import Iterator

import pytest

from tests.web.town import Town, running_town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with running_town(tmp_path_factory.mktemp("town")) as running:
        yield running
