"""Numbers for new things: incident ``20261121-0042`` (city-local day and counter), call ``c20261121-0042``, assignment ``…-0042.3``.

A command that leaves an identifier empty has it filled in by the single writer, so that two that come together never get the same.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from kuaijing.domain.commands import Command, OrderUnits, RaiseHelp, TakeCall, UnitOrder, UnlinkCall
from kuaijing.domain.state import State
from kuaijing.domain.words import IncidentStatus
from kuaijing.measures.instants import Instant, from_datetime, to_datetime


def local_day(at: Instant, zone: ZoneInfo) -> str:
    """City-local day, ``20261121``."""
    return to_datetime(at).astimezone(zone).strftime("%Y%m%d")


def day_start(day: str, zone: ZoneInfo) -> Instant:
    """Instant at which the local day begins, whatever the zone's clock does that night."""
    return from_datetime(datetime.strptime(day, "%Y%m%d").replace(tzinfo=zone))


def day_after(day: str) -> str:
    """The next day."""
    next_date: date = datetime.strptime(day, "%Y%m%d").date() + timedelta(days=1)
    return next_date.strftime("%Y%m%d")


def next_incident(state: State, at: Instant, zone: ZoneInfo) -> str:
    """The next incident number of that local day."""
    day = local_day(at, zone)
    return f"{day}-{state.numbers.incidents.get(day, 0) + 1:04d}"


def next_call(state: State, at: Instant, zone: ZoneInfo) -> str:
    """The next call number of that local day."""
    day = local_day(at, zone)
    return f"c{day}-{state.numbers.calls.get(day, 0) + 1:04d}"


def numbered(state: State, command: Command, at: Instant, zone: ZoneInfo) -> Command:
    """The command with every identifier that it left empty."""
    if isinstance(command, TakeCall):
        incident = next_incident(state, at, zone) if command.incident == "" else command.incident
        return replace(command, call=command.call or next_call(state, at, zone), incident=incident)
    if isinstance(command, RaiseHelp):
        incident = command.incident or next_incident(state, at, zone)
        return replace(command, call=command.call or next_call(state, at, zone), incident=incident)
    if isinstance(command, UnlinkCall) and not command.incident:
        return replace(command, incident=_had_before(state, command.call) or next_incident(state, at, zone))
    if isinstance(command, OrderUnits):
        return replace(command, orders=_assignments(state, command))
    return command


def _had_before(state: State, call: str) -> str | None:
    """The incident that was merged when this call was linked away from it."""
    return next(
        (
            incident.id
            for incident in state.incidents.values()
            if incident.status == IncidentStatus.MERGED and incident.merged_calls == (call,)
        ),
        None,
    )


def _assignments(state: State, command: OrderUnits) -> tuple[UnitOrder, ...]:
    incident = state.incidents.get(command.incident)
    made = 0 if incident is None else incident.assignments_made
    orders = []
    for order in command.orders:
        made += 1
        orders.append(order if order.assignment else replace(order, assignment=f"{command.incident}.{made}"))
    return tuple(orders)
