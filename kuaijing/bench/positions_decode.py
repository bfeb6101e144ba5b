"""Decoding alone: a stream of location frames to JSON-ready objects, on one core, beside a plain decoder; answers compared.

By processor time, which a neighbour on the machine disturbs least.
"""

import struct
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import numpy as np

from kuaijing.bench.output import OURS, BenchRefused, Row
from kuaijing.bench.positions_plain import plain_frames
from kuaijing.feeds.jt808.decode import describe
from kuaijing.feeds.jt808.framing import FrameReader, read_inner, write_frame

PEER = "plain struct decoder"
_ROUNDS = 3
_READ_BYTES = 64 * 1024


def decode_rows(count: int, seed: int) -> Iterator[Row]:
    """Frames a second of both, taken in turns; the best of three each."""
    stream = location_stream(count, seed)
    different = sum(_shared(one) != other for one, other in zip(_decoded(stream), plain_frames(stream), strict=True))
    if different:
        raise BenchRefused(
            f"{different} of {count} frames were read differently by the peer; this is a fault of the program"
        )
    best: dict[str, float] = {}
    ways: dict[str, Callable[[bytes], Iterator[dict[str, Any]]]] = {OURS: _decoded, PEER: plain_frames}
    for _ in range(_ROUNDS):
        for engine, way in ways.items():
            begun = time.process_time()
            deque(way(stream), maxlen=0)
            best[engine] = max(best.get(engine, 0.0), count / (time.process_time() - begun))
    case = f"{count} location frames, one core"
    for engine, rate in best.items():
        yield Row("positions", case, engine, "decoded to objects", rate, "frames/s")
    begun = time.process_time()
    encode = msgspec.json.Encoder().encode
    for found in _decoded(stream):
        encode(found)
    yield Row("positions", case, OURS, "decoded to JSON text", count / (time.process_time() - begun), "frames/s")


def location_stream(count: int, seed: int) -> bytes:
    """Frames of a fleet: places, speeds, times, mileage, fuel, signal and satellites all different, some bytes escaped."""
    rng = np.random.default_rng(seed)
    lat, lon = (
        rng.integers(20_000_000, 40_000_000, count).tolist(),
        rng.integers(100_000_000, 120_000_000, count).tolist(),
    )
    speed, heading = rng.integers(0, 1200, count).tolist(), rng.integers(0, 360, count).tolist()
    second, mileage = rng.integers(0, 60, count).tolist(), rng.integers(0, 1 << 31, count).tolist()
    frames = []
    for n in range(count):
        time_bcd = bytes.fromhex(f"2611210930{second[n]:02d}")
        body = struct.pack(">IIIIHHH", 0, 3, lat[n], lon[n], 60, speed[n], heading[n]) + time_bcd
        body += struct.pack(">BBIBBHBBBBBB", 1, 4, mileage[n], 2, 2, 550, 0x30, 1, 25, 0x31, 1, 14)
        frames.append(write_frame(0x0200, f"{13_900_000_000 + n % 5000}", n & 0xFFFF, body))
    return b"".join(frames)


def _decoded(stream: bytes) -> Iterator[dict[str, Any]]:
    """As the door does: bytes as they come from a socket, frames cut, checked, read."""
    reader = FrameReader()
    for first in range(0, len(stream), _READ_BYTES):
        for inner in reader.frames(stream[first : first + _READ_BYTES]):
            yield describe(read_inner(inner))


def _shared(found: dict[str, Any]) -> dict[str, Any]:
    return {name: found[name] for name in ("msg_id", "phone", "serial", "body")}
