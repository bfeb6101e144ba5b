"""A lean HTTP/1.1 client for load: kept connections, one request at a time on each, nothing but what the doors need.

A general client costs more than the server that it asks, and on a shared machine would be measured in its place.
"""

import asyncio
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Door:
    """Where the server is and who asks. Crosses into the load processes."""

    host: str
    port: int
    cookie: str


class Line:
    """One kept connection."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: bytes = b"", key: str = "") -> tuple[int, bytes]:
        """Status and body of the answer."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._door.host, self._door.port)
        reader, writer = self._streams
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: {self._door.host}:{self._door.port}",
            f"Cookie: {self._door.cookie}",
        ]
        if body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        if key:
            lines.append(f"Idempotency-Key: {key}")
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = next(
            (int(line.split(":", 1)[1]) for line in head.split("\r\n") if line.lower().startswith("content-length:")), 0
        )
        answer = await reader.readexactly(length)
        return int(head.split(" ", 2)[1]), answer

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


class Lines:
    """As many connections as requests are under way at once."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._idle: list[Line] = []

    async def ask(self, method: str, path: str, body: bytes = b"", key: str = "") -> tuple[int, bytes]:
        """Ask on a connection that is free."""
        line = self._idle.pop() if self._idle else Line(self._door)
        answer = await line.ask(method, path, body, key)
        self._idle.append(line)
        return answer

    def close(self) -> None:
        """Hang up on all."""
        for line in self._idle:
            line.close()
        self._idle.clear()
