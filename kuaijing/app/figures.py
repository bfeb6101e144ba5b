"""What ``/metrics`` tells of a running city. Units and devices are counted, never named; persons are not even counted.

Gathered when asked for, from what the parts count anyway. Names follow Prometheus: ``kuaijing_`` first, the unit of measure last.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

from kuaijing.app.gateways import Gateways
from kuaijing.app.plan_book import PlanBook
from kuaijing.engine.engine import Engine
from kuaijing.engine.figures import ACK_BOUNDS_S
from kuaijing.engine.live import LivePicture
from kuaijing.measures.instants import Instant
from kuaijing.store.history import PositionHistory
from kuaijing.web.devices import last_heard, state_of
from kuaijing.wire.alerts import alerts_of

STATES = ("reporting", "connected", "silent", "never", "retired")


class Figures:
    """Gathers everything."""

    def __init__(
        self,
        engine: Engine,
        live: LivePicture,
        gateways: Gateways,
        history: PositionHistory,
        plans: PlanBook,
        now: Callable[[], Instant],
        silent_s: float,
    ) -> None:
        self._engine, self._live, self._gateways, self._history = engine, live, gateways, history
        self._plans, self._now, self._silent_s = plans, now, silent_s
        self.consoles: Callable[[], int] = lambda: 0

    def __call__(self) -> Iterable[Metric]:
        """Every family."""
        yield from self._positions()
        yield from self._devices()
        yield from self._doors()
        yield from self._kept()
        yield from self._core()
        yield from self._screens()

    def _positions(self) -> Iterator[Metric]:
        reports = CounterMetricFamily(
            "kuaijing_position_reports", "Position reports by what became of them", labels=["outcome"]
        )
        for outcome, count in sorted(self._live.pipeline.counts.items()):
            reports.add_metric([outcome], count)
        yield reports
        yield _gauge("kuaijing_live_units", "Units with a position", len(self._live.view().units))
        yield _counter("kuaijing_live_fixes", "Fixes that moved a unit", self._live.table.number)

    def _devices(self) -> Iterator[Metric]:
        register, now = self._gateways.register, self._now()
        facts = self._live.pipeline.facts()
        states: Counter[str] = Counter(dict.fromkeys(STATES, 0))
        connected = 0
        for device in register.list_devices():
            contact = register.find_contact(device.id)
            connected += contact is not None and contact.connected
            last = last_heard(contact, facts.get(device.id))
            states[state_of(device, contact, last, now, self._silent_s)] += 1
        family = GaugeMetricFamily("kuaijing_devices", "Devices of the register by state", labels=["state"])
        for state, count in states.items():
            family.add_metric([state], count)
        yield family
        yield _gauge("kuaijing_devices_connected", "Devices of the register with an open connection", connected)
        suspects = sum(fact.crs_suspected is not None for fact in facts.values())
        yield _gauge("kuaijing_devices_crs_suspected", "Devices that seem to lie about their coordinates", suspects)
        strangers = register.strangers
        yield _gauge("kuaijing_devices_unknown", "Strangers that wait for approval", len(strangers.all()))
        yield _counter("kuaijing_devices_unknown_dropped", "Strangers that had to make room", strangers.dropped)
        faults = CounterMetricFamily(
            "kuaijing_device_faults", "Refused at a door before judgement", labels=["protocol", "reason"]
        )
        for (protocol, reason), count in sorted(register.faults.by_reason.items()):
            faults.add_metric([protocol, reason], count)
        yield faults

    def _doors(self) -> Iterator[Metric]:
        terminals, broker = self._gateways.terminals, self._gateways.broker
        if terminals is not None:
            yield _gauge("kuaijing_jt808_connections", "Open JT/T 808 connections", len(terminals.connections()))
            frames = CounterMetricFamily("kuaijing_jt808", "What the JT/T 808 door counted", labels=["what"])
            for what, count in sorted(terminals.counts.items()):
                frames.add_metric([what], count)
            yield frames
        if broker is not None:
            yield _gauge("kuaijing_mqtt_connected", "Whether the broker is there", int(broker.connected))
            messages = CounterMetricFamily("kuaijing_mqtt", "What came from the broker", labels=["what"])
            for what, count in sorted(broker.counts.items()):
                messages.add_metric([what], count)
            yield messages

    def _kept(self) -> Iterator[Metric]:
        state = self._history.state()
        yield _gauge("kuaijing_history_writing", "Whether the position history can be written", int(state.writing))
        yield _gauge("kuaijing_history_queued_fixes", "Fixes that wait for the disk", state.queued)
        yield _counter("kuaijing_history_lost_fixes", "Fixes that were not kept", state.lost)
        yield _counter("kuaijing_history_written_fixes", "Fixes on the disk since the start", state.written)
        yield _gauge("kuaijing_history_points", "Fixes in sealed segments", state.points)
        yield _gauge("kuaijing_history_bytes", "Size of the history's file", state.bytes)

    def _core(self) -> Iterator[Metric]:
        engine, figures = self._engine, self._engine.figures
        yield _gauge("kuaijing_core_degraded", "1 while the log cannot be written", int(engine.health != "ok"))
        yield _gauge("kuaijing_core_waiting_commands", "Commands in the inbox", engine.waiting)
        yield _counter("kuaijing_core_commits", "Group commits", figures.commits)
        yield _counter("kuaijing_core_commands_refused", "Commands that were refused", figures.refused)
        yield _gauge("kuaijing_core_log_entries", "Entries of the log", engine.picture.version)
        counted, buckets = 0, []
        for bound, count in zip([*map(str, ACK_BOUNDS_S), "+Inf"], figures.buckets, strict=True):
            counted += count
            buckets.append((bound, counted))
        waits = HistogramMetricFamily("kuaijing_core_ack_seconds", "From a command's arrival to its acknowledgement")
        waits.add_metric([], buckets=buckets, sum_value=figures.waited_s)
        yield waits

    def _screens(self) -> Iterator[Metric]:
        yield _gauge("kuaijing_consoles", "Live connections of screens", self.consoles())
        alerts = GaugeMetricFamily("kuaijing_alerts", "Alerts that stand, by kind", labels=["kind"])
        standing = alerts_of(self._engine.picture.state, self._plans.current(), self._now())
        for kind, count in sorted(Counter(alert.kind for alert in standing).items()):
            alerts.add_metric([kind], count)
        yield alerts


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(name, told, value=value)


def _counter(name: str, told: str, value: float) -> Metric:
    return CounterMetricFamily(name, told, value=value)
