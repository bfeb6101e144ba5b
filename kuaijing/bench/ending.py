"""How a bench ends a program that it started: asked first, then ended."""

import subprocess

_PATIENCE_S = 20.0


def end(process: "subprocess.Popen[bytes]") -> None:
    """It is gone when this returns."""
    process.terminate()
    try:
        process.wait(timeout=_PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
