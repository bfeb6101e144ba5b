"""The command line: what there is, how a refusal looks, that help is quick, that a server starts and stops cleanly."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from kuaijing.app.cli import main
from kuaijing.city.folder import counts_of, folder_in_the_making, write_manifest, write_roads
from kuaijing.engine.seals import SealFault, SealReport
from kuaijing.store import open_store
from tests.grid_ground import grid_ground


def _run(*words: str, stdin: str = "", timeout: float = 60) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kuaijing.app.cli", *words]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=timeout, check=False)


def test_help_names_every_subcommand_without_importing_numbers() -> None:
    code = "import sys; from kuaijing.app.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
    told = subprocess.run(
        [sys.executable, "-c", code + "print('numpy' in sys.modules)"], capture_output=True, text=True, check=True
    ).stdout
    for name in ("demo", "serve", "city", "user", "plan", "backup", "verify", "warm", "openapi", "bench"):
        assert re.search(rf"^\s+{name}\s", told, re.M), name
    assert told.rstrip().endswith("False")


def test_settings_are_listed_without_a_city(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["serve", "--settings"])

    assert ended.value.code == 0
    assert "jt808.port" in capsys.readouterr().out.splitlines()


def test_an_account_is_made_listed_and_removed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = str(tmp_path / "data")
    added = _run(
        "user",
        "add",
        "王伟",
        "--role",
        "officer",
        "--unit",
        "U1",
        "--data",
        data,
        "--password-stdin",
        stdin="a long one\n",
    )
    assert added.returncode == 0, added.stderr
    assert main(["user", "list", "--data", data]) == 0
    assert capsys.readouterr().out == "王伟\tofficer\tU1\n"
    assert main(["user", "remove", "王伟", "--data", data]) == 0
    assert main(["user", "remove", "王伟", "--data", data]) == 2
    assert "王伟" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["serve", "--city", "nowhere", "--data", "d"], "kuaijing city import"),
        (["user", "list", "--data", "nowhere"], "nowhere"),
        (["verify", "--data", "nowhere"], "nowhere"),
        (["backup", "--data", "nowhere", "--out", "copy"], "nowhere"),
        (["demo", "--speed", "0"], "1 to 60"),
        (["demo", "--city", "nowhere", "--port", "0"], "nowhere"),
    ],
)
def test_a_refusal_is_one_message_and_exit_status_2(
    words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert "Traceback" not in told.err


@pytest.mark.parametrize("words", [["verify"], ["backup", "--out", "copy"]])
def test_a_folder_without_a_log_is_refused_and_left_as_it_was(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("demo").mkdir()
    assert main([*words, "--data", "demo"]) == 2
    assert "demo holds no log" in capsys.readouterr().err
    assert not list(Path("demo").iterdir())
    open_store("demo/data").close()
    assert main([*words, "--data", "demo"]) == 2
    assert "demo/data does" in capsys.readouterr().err
    assert [path.name for path in Path("demo").iterdir()] == ["data"]
    assert not Path("copy").exists()


def test_verify_compares_the_day_seals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    open_store(tmp_path).close()
    assert main(["verify", "--data", str(tmp_path)]) == 0
    assert "0 day seals true" in capsys.readouterr().out
    false = SealReport(2, 0, (SealFault("20261120", 7, "state1:aa", "state1:bb"),))
    monkeypatch.setattr("kuaijing.engine.seals.verify_seals", lambda store: false)
    assert main(["verify", "--data", str(tmp_path)]) == 1
    assert "BROKEN: the seal of 20261120 (entry 7)" in capsys.readouterr().out


def test_a_port_in_use_is_said_clearly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["demo", "--city", str(tmp_path), "--data", str(tmp_path / "d"), "--port", str(port)]) == 2
    assert f"port {port} on 127.0.0.1 is in use" in capsys.readouterr().err


@pytest.fixture(scope="module")
def small_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A grid of streets as a city folder, without map and search."""
    ground, out = grid_ground(7, 7, 250.0), tmp_path_factory.mktemp("grid") / "city"
    with folder_in_the_making(out) as making:
        facts = {
            "name": "试验市",
            "hash": write_roads(making, ground, ground.names),
            "bbox": list(ground.bbox),
            "timezone": "Asia/Shanghai",
            "fictional": True,
            "crs_of_source": "wgs84",
            "attribution": "",
            "counts": counts_of(ground, ground.names),
            "dropped": {},
            "made_by": "test",
        }
        write_manifest(making, facts)
    return out


def _started(*words: str) -> tuple[subprocess.Popen[str], str]:
    """A process and the address that it prints."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "kuaijing.app.cli", *words],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment,
    )  # fmt: skip
    assert process.stdout is not None
    told = ""
    for line in process.stdout:
        told += line
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            return process, found.group()
    process.communicate(timeout=10)
    raise AssertionError(told)


def _stopped(process: subprocess.Popen[str]) -> float:
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=20)
    assert process.returncode == 0, told
    assert "Traceback" not in told
    return time.monotonic() - began


@pytest.fixture
def open_client() -> Iterator[Callable[[str], httpx.Client]]:
    with ExitStack() as opened:
        yield lambda address: opened.enter_context(httpx.Client(base_url=address, timeout=20, trust_env=False))


def test_the_demo_lives_stops_at_once_and_starts_again_where_it_was(
    small_city: Path, tmp_path: Path, open_client: Callable[[str], httpx.Client]
) -> None:
    words = ("demo", "--city", str(small_city), "--data", str(tmp_path), "--port", "0", "--speed", "20")
    process, address = _started(*words)
    try:
        client = open_client(address)
        assert client.post("/api/session", json={"user": "demo", "password": "kuaijing-demo"}).status_code == 200
        west, south, east, north = client.get("/api/state").json()["bbox"]
        place = {"lon": (west + east) / 2, "lat": (south + north) / 2}
        until = time.monotonic() + 90
        while client.post("/api/calls", json={"place": place, "kind": "fight"}).status_code != 201:  # no plan yet
            assert time.monotonic() < until
            time.sleep(0.1)
        incidents: list[dict[str, object]] = []
        while not any(
            each["arrived"] for each in incidents
        ):  # called, advised, ordered, driven and measured, all by HTTP
            assert time.monotonic() < until, incidents  # the desk waits 45 s of the city's time before it orders
            time.sleep(0.5)
            incidents = client.get("/api/incidents").json()
        state = client.get("/api/state").json()
        assert (state["mode"], state["clock"]["speed"]) == ("demo", 20.0)
        assert state["plan"]["provisional"] is True
        assert sum(unit["fix"] is not None for unit in state["units"]) > 3
        stopped_at = state["clock"]["now"]
    finally:
        seconds = _stopped(process)
    assert seconds < 4  # two on an idle machine
    again = _run("verify", "--data", str(tmp_path / "data"))
    assert again.returncode == 0, again.stdout
    process, address = _started(*words, "--no-actors")
    try:
        client = open_client(address)
        client.post("/api/session", json={"user": "demo", "password": "kuaijing-demo"})
        later = client.get("/api/state").json()
        assert later["clock"]["now"] > stopped_at
        assert {each["id"] for each in incidents} <= {each["id"] for each in client.get("/api/incidents").json()}
    finally:
        _stopped(process)


def test_serve_has_no_password_and_no_plan_of_its_own(
    small_city: Path, tmp_path: Path, open_client: Callable[[str], httpx.Client]
) -> None:
    data = str(tmp_path / "data")
    process, address = _started("serve", "--city", str(small_city), "--data", data, "--port", "0")
    try:
        asked = {"user": "demo", "password": "kuaijing-demo"}
        answer = httpx.post(f"{address}/api/session", json=asked, trust_env=False)
        assert answer.status_code == 503
        assert "kuaijing user add" in answer.json()["detail"]
        made = _run(
            "user", "add", "wang", "--role", "dispatcher", "--data", data, "--password-stdin", stdin="a long one\n"
        )
        assert made.returncode == 0, made.stderr  # also while the server runs
        asked = {"user": "wang", "password": "a long one"}
        assert httpx.post(f"{address}/api/session", json=asked, trust_env=False).status_code == 200
        health = httpx.get(f"{address}/api/health", trust_env=False).json()
        assert health["status"] == "ok"
        assert "no plan in force" in health["detail"]
        client = open_client(address)
        client.post("/api/session", json=asked)
        refused = client.post("/api/calls", json={"place": {"lon": 117.0, "lat": 36.6}, "kind": "fight"})
        assert refused.json()["type"].endswith(":no-plan")
        assert "kuaijing plan import" in refused.json()["detail"]
        copied = _run("backup", "--data", data, "--out", str(tmp_path / "copy"))
        assert copied.returncode == 0, copied.stderr
    finally:
        _stopped(process)
