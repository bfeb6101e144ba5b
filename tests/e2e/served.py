"""A real ``kuaijing`` process on a free port, watched from outside: started, asked whether it is well, stopped. Knows no screen."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
KUAIJING = Path(sys.executable).with_name("kuaijing")
PASSWORD = "correct horse battery"
PATIENCE_S = 30.0


def run(*arguments: object, words: str = "") -> None:
    """One command of ``kuaijing`` to its end."""
    done = subprocess.run(
        [KUAIJING, *map(str, arguments)], input=words, env=_environment(), capture_output=True, text=True, timeout=240
    )
    assert done.returncode == 0, done.stderr or done.stdout


def until(true: Callable[[], Any], what: str, patience_s: float = PATIENCE_S) -> Any:
    """Wait for something to be the case; what it is."""
    late = time.monotonic() + patience_s
    while not (found := true()):
        assert time.monotonic() < late, f"waited {patience_s:g} s in vain until {what}"
        time.sleep(0.1)
    return found


@dataclass
class Served:
    """A running server."""

    url: str
    data: Path
    process: subprocess.Popen[str]
    said: list[str]
    clients: list[httpx.Client] = field(default_factory=list)

    def health(self) -> dict[str, Any]:
        """What the server says of itself."""
        answer: dict[str, Any] = httpx.get(f"{self.url}/api/health", timeout=10, trust_env=False).json()
        return answer

    def client(self, user: str, password: str = PASSWORD) -> httpx.Client:
        """Somebody at the door, signed in."""
        client = httpx.Client(base_url=self.url, timeout=20, trust_env=False)
        self.clients.append(client)
        answer = client.post("/api/session", json={"user": user, "password": password})
        assert answer.status_code == 200, answer.text
        return client

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """The process stands still, its sockets open: the worst way to lose a server."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)


@contextmanager
def serving(*arguments: object, data: Path, health: str = "ok") -> Iterator[Served]:
    """``kuaijing`` with these arguments until the block ends; ready when it says so."""
    port = _free_port()
    process = subprocess.Popen(
        [KUAIJING, *map(str, arguments), "--port", str(port)],
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said: list[str] = []
    reader = threading.Thread(target=_listen, args=(process, said), daemon=True)
    reader.start()
    served = Served(f"http://127.0.0.1:{port}", data, process, said)

    def well() -> bool:
        assert process.poll() is None, "the server ended: " + "".join(said)
        with contextlib.suppress(httpx.HTTPError):
            return bool(served.health()["status"] == health)
        return False

    try:
        until(well, f"{served.url} is {health}", 120.0)
        yield served
    finally:
        for client in served.clients:
            client.close()
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
        reader.join(5)


def _listen(process: subprocess.Popen[str], said: list[str]) -> None:
    assert process.stdout is not None
    with process.stdout as lines:
        said.extend(lines)


def _environment() -> dict[str, str]:
    return {"NUMBA_CACHE_DIR": str(ROOT / ".venv" / "numba-cache"), **os.environ, "PYTHONUNBUFFERED": "1"}


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
