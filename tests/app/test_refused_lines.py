"""What the machine refuses (a folder, a file, a port's name) is said in one line, without a trace; exit status 2."""

from pathlib import Path

import pytest

from kuaijing.app.cli import main
from kuaijing.web.identity.accounts import FILE


def test_a_port_that_is_no_number_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PORT", "abc")

    with pytest.raises(SystemExit) as left:
        main(["serve", "--city", "c", "--data", "d"])

    assert left.value.code == 2
    assert "--port: invalid int value: 'abc'" in capsys.readouterr().err


def test_an_accounts_file_that_is_none_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / FILE).write_bytes(b"no database " * 100)

    assert main(["user", "list", "--data", str(tmp_path)]) == 2

    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert str(tmp_path / FILE) in said
    assert "not a database" in said


def test_a_folder_that_cannot_be_made_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["user", "add", "wang", "--role", "dispatcher", "--password-stdin", "--data", "/proc/none"]

    assert main(words) == 2

    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "/proc/none" in said
