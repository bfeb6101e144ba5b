"""``kuaijing devices`` at the door of a running server: sign in, look, enter, change, import; a refusal is one message."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kuaijing.app.cli import main
from tests.web.town import PASSWORD, Town, running_town

Devices = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with running_town(tmp_path_factory.mktemp("town")) as running:
        yield running


@pytest.fixture
def devices(town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Devices:
    def run(*words: str, user: str = "chief", stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n{stdin}"))
        status = main(["devices", *words, "--server", town.url, "--user", user, "--password-stdin"])
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


def test_a_stranger_is_approved_changed_and_retired(town: Town, devices: Devices) -> None:
    town.city.gateways.register.unknown("jt808", "013912345678", town.city.clock.now(), {"plate": "豫A12345"})
    unit = town.plan.force[0].unit
    assert "plate=豫A12345" in devices("unknown")[1]

    words = ("approve", "jt808", "13912345678", "--unit", unit, "--name", "一号车", "--reason", "核实")
    assert devices(*words)[:2] == (0, "jt808:013912345678 entered\n")
    assert devices("change", "jt808:013912345678", "--unit", "", "--reason", "送修")[0] == 0
    assert devices("code", "jt808:013912345678", "--reason", "调试", "--reason", "调试")[1].strip().isalnum()
    assert devices("retire", "jt808:013912345678", "--reason", "报废")[0] == 0

    lines = devices("history", "jt808:013912345678")[1].splitlines()
    assert [line.split("\t")[2:5] for line in lines] == [
        ["chief", "enter", unit],
        ["chief", "change", ""],
        ["chief", "retire", ""],
    ]
    assert "retired" in devices("list")[1]


def test_one_that_never_called_is_entered_and_not_approved(devices: Devices) -> None:
    status, _, said = devices("approve", "osmand", "p-1", "--reason", "x")
    assert (status, "has called" in said) == (2, True)
    assert devices("enter", "osmand", "p-1", "--reason", "x", "--code-stdin", stdin="4711-x\n")[0] == 0
    assert devices("code", "osmand:p-1", "--reason", "x")[1] == "4711-x\n"


def test_a_list_is_imported_whole_or_not_at_all_and_again_without_harm(
    town: Town, devices: Devices, tmp_path: Path
) -> None:
    sheet, unit = tmp_path / "devices.csv", town.plan.force[1].unit
    sheet.write_text(f"protocol,key,unit\nowntracks,wang/phone,{unit}\nosmand,p-2,nobody\n", "utf-8")
    status, _, said = devices("import", str(sheet), "--reason", "批量")
    assert status == 2
    assert "row 3 unit 'nobody'" in said
    assert "p-2" not in devices("list")[1]

    sheet.write_text(f"protocol,key,unit\nowntracks,wang/phone,{unit}\nosmand,p-2,\n", "utf-8")
    assert devices("import", str(sheet), "--check", "--reason", "批量")[1].startswith("2 devices to enter")
    assert devices("import", str(sheet), "--reason", "批量")[1].startswith("2 devices entered")
    assert devices("import", str(sheet), "--reason", "批量")[1].startswith("0 devices entered, 2 were")
    assert devices("retire", "owntracks:wang/phone", "--reason", "x")[0] == 0


@pytest.mark.parametrize(
    ("words", "user", "said"),
    [
        (("enter", "osmand", "p-9", "--reason", "x"), "wang", "administrator"),
        (("retire", "osmand:nobody", "--reason", "x"), "chief", "no entry 'osmand:nobody'"),
        (("enter", "osmand", "p-9", "--unit", "nobody", "--reason", "x"), "chief", "unit nobody: not known"),
        (("list",), "stranger", "name or password is wrong"),
    ],
)
def test_what_the_server_refuses_is_said(devices: Devices, words: tuple[str, ...], user: str, said: str) -> None:
    status, _, told = devices(*words, user=user)
    assert status == 2
    assert said in told
    assert "Traceback" not in told


def test_a_server_that_is_not_there_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("x\n"))
    words = ["devices", "list", "--server", "http://127.0.0.1:9", "--user", "x", "--password-stdin"]
    assert main(words) == 2
    assert "does not answer" in capsys.readouterr().err
