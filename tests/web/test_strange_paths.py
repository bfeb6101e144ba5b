"""Paths that no file can have are answered like any other path that a person may type."""

import pytest

from tests.web.town import Town


@pytest.mark.parametrize("path", ["/" + "a" * 300, "/" + "b/" * 3000, "/" + "x" * 60_000])
def test_a_path_longer_than_any_files_name_is_no_fault_of_the_server(town: Town, path: str) -> None:
    assert town.client().get(path).status_code in (
        200,
        503,
    )  # the page that every path shares, or that it was not built
    assert town.client().get(path + ".js").status_code == 404
