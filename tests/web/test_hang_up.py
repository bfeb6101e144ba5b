"""A client that goes away in the middle of its request is not logged as our failure."""

import logging
import socket
import time
from urllib.parse import urlsplit

import pytest

from tests.web.town import Town


def test_a_client_that_hangs_up_leaves_no_trace_of_a_failure(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    desk, at = town.signed_in("wang"), urlsplit(town.url)
    with socket.create_connection((at.hostname or "", at.port or 0)) as line:
        head = f"POST /api/calls HTTP/1.1\r\nHost: {at.netloc}\r\nCookie: {town.cookie(desk)}\r\n"
        line.sendall(f"{head}Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{{".encode())
        time.sleep(0.3)
    time.sleep(0.3)

    assert desk.get("/api/health").status_code == 200
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
