"""The load: terminals in a process of their own. Each has its connection, drives along a road and sends a location when it is due.

Raw sockets and one loop, so that thousands of terminals cost a fraction of a core. What is due is sent at the exact second plus the
terminal's phase: the measured second of a fix tells whoever judges it when it was due, to the microsecond.
"""

import contextlib
import select
import socket
import struct
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from kuaijing.bench.walks import FloatArray
from kuaijing.feeds.jt808.framing import checksum, escape

CODE = "bench-terminal"
_PAUSE_S = 0.002
_ALL_WITHIN_S = 120.0


@dataclass(frozen=True, slots=True)
class TerminalsOrder:
    """What the process is to do. ``places`` has shape ``(walks, seconds, 2)``; terminal ``i`` drives walk ``i`` modulo their number."""

    port: int
    count: int
    every_s: float
    seconds: int
    places: FloatArray


@dataclass(frozen=True, slots=True)
class TerminalsTold:
    """What they saw."""

    sent: int
    late_s: float
    """99th percentile of how late a frame was sent."""
    cores: float
    closed: int
    """Connections that the server ended."""


def key_of(number: int) -> str:
    """Telephone number of a terminal."""
    return f"{13_000_000_000 + number:012d}"


def phase_of(number: int, count: int, every_s: float) -> float:
    """Seconds after a round's begin at which it sends."""
    return number / count * every_s


def terminals(order: TerminalsOrder, pipe: "Connection[Any, Any]") -> None:
    """Connect, authenticate, say that all are there, send from the moment that is told, tell what was seen."""
    sockets = [socket.create_connection(("127.0.0.1", order.port), timeout=_ALL_WITHIN_S) for _ in range(order.count)]
    poll = select.epoll()
    for number, line in enumerate(sockets):
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.sendall(_frame(0x0102, number, 0, CODE.encode()))
        line.setblocking(False)
        poll.register(line, select.EPOLLIN)
    pipe.send(_authenticated(sockets, poll))
    begin = float(pipe.recv())
    told, marks, dead = _sent(order, sockets, begin)
    pipe.send(told)
    pipe.recv()
    for number, line in enumerate(sockets):  # replies that were late
        if number not in dead:
            with contextlib.suppress(OSError):
                marks += _drained(line)
    pipe.send(marks // 2)
    for line in sockets:
        line.close()


def _authenticated(sockets: list[socket.socket], poll: select.epoll) -> int:
    lines = {line.fileno(): line for line in sockets}
    answered: set[int] = set()
    until = time.monotonic() + _ALL_WITHIN_S
    while len(answered) < len(sockets) and time.monotonic() < until:
        for number, _ in poll.poll(1.0):
            lines[number].recv(65536)
            answered.add(number)
    poll.close()
    return len(answered)


def _sent(order: TerminalsOrder, sockets: list[socket.socket], begin: float) -> tuple[TerminalsTold, int, set[int]]:
    count, every_s = order.count, order.every_s
    tracks = order.places.tolist()
    phases = [phase_of(number, count, every_s) for number in range(count)]
    dead: set[int] = set()
    sent = marks = round_ = number = 0
    lateness: list[float] = []
    cpu = 0.0
    times: dict[int, bytes] = {}
    while True:
        after = round_ * every_s + phases[number]
        if after >= order.seconds:
            break
        due = begin + after
        wait = due - time.time()
        if wait > 0:
            if cpu == 0.0 and sent:
                cpu = -time.process_time()
            time.sleep(max(wait, _PAUSE_S))
            continue
        if number not in dead:
            second = int(due)
            clock = times.get(second)
            if clock is None:
                times = {second: _bcd(second)}
                clock = times[second]
            lon, lat = tracks[number % len(tracks)][int(after)]
            body = struct.pack(
                ">IIIIHHH",
                0,
                3 | 4 * (lat < 0) | 8 * (lon < 0),
                round(abs(lat) * 1e6),
                round(abs(lon) * 1e6),
                60,
                288,
                65535,
            )
            try:
                marks += _drained(sockets[number])
                sockets[number].send(_frame(0x0200, number, round_ + 1, body + clock))
                sent += 1
            except OSError:
                dead.add(number)
            if sent % 16 == 0:
                lateness.append(-wait)
        number += 1
        if number == count:
            number, round_ = 0, round_ + 1
    cores = (cpu + time.process_time()) / order.seconds if cpu else 0.0
    lateness.sort()
    late = lateness[int(0.99 * (len(lateness) - 1))] if lateness else 0.0
    return TerminalsTold(sent, late, cores, len(dead)), marks, dead


def _drained(line: socket.socket) -> int:
    """Marks of the frames that wait to be read."""
    try:
        data = line.recv(65536)
    except BlockingIOError:
        return 0
    if not data:
        raise ConnectionResetError
    return data.count(b"\x7e")


def _frame(msg_id: int, number: int, serial: int, body: bytes) -> bytes:
    plain = struct.pack(">HH6sH", msg_id, len(body), bytes.fromhex(key_of(number)), serial & 0xFFFF) + body
    return b"\x7e" + escape(plain + bytes([checksum(plain)])) + b"\x7e"


def _bcd(second: int) -> bytes:
    return bytes.fromhex(time.strftime("%y%m%d%H%M%S", time.gmtime(second + 8 * 3600)))


def needs_files(count: int) -> int:
    """Open files of a process with so many connections."""
    return count + 200
