"""A private PostgreSQL cluster for tests: Debian's binaries, a temporary folder, a Unix socket, gone afterwards."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

INSTALL = "PostgreSQL's server programs are missing; install them with: apt-get install postgresql"


def binaries() -> Path:
    """Folder of ``initdb`` and ``postgres``, newest version first; an error that says what to install otherwise."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path is None or not Path(on_path).resolve().with_name("postgres").exists():
        raise RuntimeError(INSTALL)
    return Path(on_path).resolve().parent


@contextmanager
def cluster() -> Iterator[str]:
    """Start one; gives the socket's folder, which is also the address."""
    programs = binaries()
    folder = Path(tempfile.mkdtemp(prefix="kj-pg-"))
    data = folder / "data"
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    try:
        _run(str(programs / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale")
        settings = f"-c listen_addresses= -c unix_socket_directories={folder} -c max_connections=40"
        log = str(folder / "log")
        _run(str(programs / "pg_ctl"), "-D", str(data), "-o", settings, "-l", log, "-w", "start")
        try:
            yield str(folder)
        finally:
            _run(str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(*command: str) -> None:
    as_postgres = ("runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()
    done = subprocess.run(
        [*as_postgres, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        cwd="/",
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed: {done.stdout}")
