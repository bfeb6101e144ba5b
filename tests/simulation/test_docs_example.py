"""The example of docs/simulation.md runs as it stands there."""

import re
from pathlib import Path

import pytest

EXAMPLES = re.findall(r"```python\n(.*?)```", Path("docs/simulation.md").read_text(encoding="utf-8"), re.S)


def test_the_first_example_of_the_docs_runs_and_prints_its_figures(capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(EXAMPLES[0], "docs/simulation.md", "exec"), {})

    assert "share within the limit" in capsys.readouterr().out
