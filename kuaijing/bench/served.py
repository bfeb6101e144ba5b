"""A server of its own for a bench: ``kuaijing serve`` as a process on a free port, with a data folder on a real disk.

The bench knows it as a stranger would, by its command line and its doors; only the account is made directly in the data folder.
"""

import contextlib
import importlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kuaijing.bench.ending import end
from kuaijing.bench.output import BenchRefused
from kuaijing.web.identity.accounts import Accounts
from kuaijing.web.identity.roles import UserRole
from kuaijing.web.identity.sessions import COOKIE

HOST = "127.0.0.1"
USER = "bench"
READY_WITHIN_S = 120.0
_IN_MEMORY = ("tmpfs", "ramfs")


@dataclass(frozen=True, slots=True)
class Served:
    """A running server and how to talk to it."""

    port: int
    cookie: str
    pid: int
    ready_s: float
    """From the start of the process to health ``ok``."""
    answering_s: float
    """From the start of the process to its first answer to health."""


def kuaijing(*arguments: str) -> list[str]:
    """The command line of one's own installation."""
    return [sys.executable, "-m", "kuaijing.app.cli", *arguments]


def told(*arguments: str) -> None:
    """Run a subcommand to its end; what it refuses, the bench refuses."""
    done = subprocess.run(kuaijing(*arguments), capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchRefused(f"`kuaijing {' '.join(arguments)}` failed: {done.stderr.strip()[-2000:]}")


def psutil() -> Any:
    """The library that measures processes, of the extra ``bench``."""
    try:
        return importlib.import_module("psutil")
    except ImportError:
        raise BenchRefused("psutil is missing; pip install 'kuaijing[bench]'") from None


def is_in_memory(folder: Path) -> bool:
    """Whether a folder lies on a file system that keeps nothing: there an fsync costs nothing and proves nothing."""
    path = folder.resolve()
    mounts = [each for each in psutil().disk_partitions(all=True) if path.is_relative_to(each.mountpoint)]
    return bool(mounts) and max(mounts, key=lambda each: len(each.mountpoint)).fstype in _IN_MEMORY


@contextlib.contextmanager
def scratch_folder(beside: Path | None) -> Iterator[Path]:
    """An empty folder on a real disk, gone afterwards: in ``beside``, else in the system's temporary folder."""
    within = Path(tempfile.gettempdir()) if beside is None else beside
    if not within.is_dir():
        raise BenchRefused(f"--scratch {within} is no folder; name one on a real disk")
    if is_in_memory(within):
        raise BenchRefused(f"{within} is in memory, where an fsync proves nothing; name a disk with --scratch DIR")
    folder = Path(tempfile.mkdtemp(prefix="kuaijing-bench-", dir=within))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def serving(city: Path, data: Path) -> Iterator[Served]:
    """The server until the block ends; ready, that is no longer warming, when the block begins."""
    password = secrets.token_urlsafe(24)
    accounts = Accounts(data)
    accounts.add(USER, UserRole.ADMINISTRATOR, password, replace=True)
    accounts.close()
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = int(free.getsockname()[1])
    said = data.parent / f"server-{port}.log"
    with said.open("w") as log:
        began = time.monotonic()
        process = subprocess.Popen(
            kuaijing("serve", "--city", str(city), "--data", str(data), "--host", HOST, "--port", str(port)),
            stdout=log,
            stderr=log,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        try:
            answering_s, ready_s = _until_ready(process, port, began, said)
            yield Served(port, _signed_in(port, password), process.pid, ready_s, answering_s)
            if process.poll() is not None:
                raise BenchRefused(f"the server ended while it was measured: {_end_of(said)}")
        finally:
            end(process)


def _until_ready(process: "subprocess.Popen[bytes]", port: int, began: float, said: Path) -> tuple[float, float]:
    answering_s: float | None = None
    while time.monotonic() - began < READY_WITHIN_S:
        if process.poll() is not None:
            raise BenchRefused(f"the server did not start: {_end_of(said)}")
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/api/health", timeout=5) as answer:
                status = json.load(answer)["status"]
        except (OSError, urllib.error.URLError):
            time.sleep(0.02)
            continue
        now = time.monotonic() - began
        answering_s = now if answering_s is None else answering_s
        if status == "ok":
            return answering_s, now
        time.sleep(0.05)
    raise BenchRefused(f"the server was not ready within {READY_WITHIN_S:g} s: {_end_of(said)}")


def _signed_in(port: int, password: str) -> str:
    body = json.dumps({"user": USER, "password": password}).encode()
    request = urllib.request.Request(
        f"http://{HOST}:{port}/api/session", body, {"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        cookies = answer.headers.get_all("Set-Cookie") or []
    named = [each.split(";")[0] for each in cookies if each.startswith(f"{COOKIE}=")]
    if not named:
        raise BenchRefused(f"the server gave no {COOKIE} cookie at sign-in")
    return str(named[0])


def _end_of(said: Path) -> str:
    return said.read_text(errors="replace").strip()[-2000:]
