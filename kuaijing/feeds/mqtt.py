"""Positions from an MQTT broker: OwnTracks on ``owntracks/USER/DEVICE``, our own batches on ``kuaijing/positions`` and
beneath it.

The broker checks its clients and which topic each may write to (see docs/positions.md for Mosquitto's lines); it
answers for them as a gateway account does, and still only a device of the register moves a unit. The session
outlives a lost connection for an hour, so that the broker keeps what comes meanwhile; a retained message is the last
word of a device that may be long gone, so it counts as backfill and as no contact. One message may have a megabyte,
ten thousand may wait; the broker is told the former.
"""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import aiomqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from kuaijing.feeds import json_batch, owntracks
from kuaijing.feeds.normaliser import Normaliser, trusted
from kuaijing.feeds.readings import BadReading, DeviceReading
from kuaijing.wire.problems import Fault

OWNTRACKS_TOPIC: Final = "owntracks/+/+"
BATCH_TOPIC: Final = "kuaijing/positions/#"
LARGEST: Final = 1024 * 1024
MOST_WAITING: Final = 10_000
SESSION_S: Final = 3600
_QOS: Final = 1
_WAITS_S: Final = (1.0, 2.0, 5.0, 10.0, 30.0)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is and who we are there."""

    host: str
    port: int = 1883
    user: str = ""
    password: str = ""
    tls: bool = False
    ca_file: str = ""
    """Certificate authority of an island network; empty: the system's."""
    client_id: str = "kuaijing"


class MqttFeed:
    """Listens at one broker until stopped; a broker that is away is tried again for ever."""

    def __init__(self, normaliser: Normaliser, broker: Broker) -> None:
        self._normaliser, self._broker = normaliser, broker
        self.connected = False
        self.counts: Counter[str] = Counter()
        """``messages``, ``readings``, and reasons of refusal."""
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin; does not wait for the broker."""
        self._task = asyncio.create_task(self._run(), name="mqtt")

    async def stop(self) -> None:
        """End; the broker keeps the session."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self.connected = False

    def take(self, topic: str, payload: bytes, *, retained: bool) -> None:
        """One message; whatever is in it, the next one is served."""
        self.counts["messages"] += 1
        protocol = owntracks.PROTOCOL if topic.startswith("owntracks/") else json_batch.PROTOCOL
        try:
            if len(payload) > LARGEST:
                self.counts["too_large"] += 1
                return
            found = _decoded(protocol, topic, payload)
        except BadReading as bad:
            self.counts["unreadable"] += 1
            self._normaliser.unreadable(protocol, bad)
            return
        if isinstance(found, owntracks.Gone):
            if not retained:
                self._normaliser.gone(protocol, found.key)
            return
        readings = [replace(each, backfill=True, sos=False) for each in found] if retained else found
        self.counts["readings"] += len(readings)
        for refused in self._normaliser.take(protocol, readings, trusted, connected=True, contact=not retained):
            if refused is not None:
                self.counts[refused.reason] += 1

    async def _run(self) -> None:
        failures = 0
        while True:
            began = asyncio.get_running_loop().time()
            try:
                await self._listen()
            except aiomqtt.MqttError as error:
                _log.warning("broker %s:%d: %s; trying again", self._broker.host, self._broker.port, error)
            except OSError as error:
                _log.warning("broker %s:%d cannot be reached: %s", self._broker.host, self._broker.port, error)
            except Exception:
                _log.exception("listening at the broker failed; it begins anew")
            finally:
                self.connected = False
            failures = 0 if asyncio.get_running_loop().time() - began > _WAITS_S[-1] else failures + 1
            await asyncio.sleep(_WAITS_S[min(failures, len(_WAITS_S) - 1)])

    async def _listen(self) -> None:
        async with self._client() as client:
            await client.subscribe(OWNTRACKS_TOPIC, qos=_QOS)
            await client.subscribe(BATCH_TOPIC, qos=_QOS)
            self.connected = True
            async for message in client.messages:
                payload = message.payload
                if isinstance(payload, bytes):
                    self._safely(message.topic.value, payload, bool(message.retain))

    def _safely(self, topic: str, payload: bytes, retained: bool) -> None:
        try:
            self.take(topic, payload, retained=retained)
        except Exception:
            self.counts["failed"] += 1
            _log.exception("a message on %.100s could not be taken", topic)

    def _client(self) -> aiomqtt.Client:
        broker = self._broker
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.MaximumPacketSize = LARGEST + 1024
        properties.SessionExpiryInterval = SESSION_S
        return aiomqtt.Client(
            broker.host,
            broker.port,
            username=broker.user or None,
            password=broker.password or None,
            identifier=broker.client_id,
            protocol=aiomqtt.ProtocolVersion.V5,
            clean_start=False,
            properties=properties,
            tls_params=aiomqtt.TLSParameters(ca_certs=broker.ca_file or None) if broker.tls else None,
            max_queued_incoming_messages=MOST_WAITING,
            timeout=10,
        )


def _decoded(protocol: str, topic: str, payload: bytes) -> Sequence[DeviceReading] | owntracks.Gone:
    if protocol == owntracks.PROTOCOL:
        user, device = owntracks.topic_parts(topic)
        if not (user and device):  # else the message itself could say whose it is, which the broker has not checked
            fault = Fault("topic", topic[:64], "names no user or no device", "publish to owntracks/USER/DEVICE")
            raise BadReading([fault])
        return owntracks.decode(payload, user, device)
    return json_batch.decode(payload)
