"""What the ``masked`` audience is not shown: caller's name and telephone, the words of a call and of a follow-up, the name of a
unit's leader."""

from msgspec.structs import replace

from kuaijing.wire.answers import TimelineEntry
from kuaijing.wire.live import Put
from kuaijing.wire.pictures import CallView, IncidentView, StateView, UnitView


def masked_call(call: CallView) -> CallView:
    """The call without what identifies a person."""
    return replace(call, words="", caller="", phone="", masked=True)


def masked_unit(unit: UnitView) -> UnitView:
    """The unit without its leader's name."""
    return replace(unit, leader="")


def masked_incident(incident: IncidentView) -> IncidentView:
    """The incident with who goes on with it, and not the words to them."""
    if incident.follow_up is None or not incident.follow_up.text:
        return incident
    return replace(incident, follow_up=replace(incident.follow_up, text=""))


def masked_entry(entry: TimelineEntry) -> TimelineEntry:
    """The entry of the log without the words of a follow-up."""
    follow_up = entry.data.get("follow_up")
    if not isinstance(follow_up, dict):
        return entry
    return replace(entry, data={**entry.data, "follow_up": {**follow_up, "text": ""}})


def masked_put(put: Put) -> Put:
    """New values as the masked audience gets them."""
    if not put.calls and not put.units and not put.incidents:
        return put
    return replace(
        put,
        calls=[masked_call(call) for call in put.calls],
        units=[masked_unit(unit) for unit in put.units],
        incidents=[masked_incident(incident) for incident in put.incidents],
    )


def masked_state(state: StateView) -> StateView:
    """The whole picture as the masked audience gets it."""
    return replace(
        state,
        audience="masked",
        calls=[masked_call(call) for call in state.calls],
        units=[masked_unit(unit) for unit in state.units],
        incidents=[masked_incident(incident) for incident in state.incidents],
    )
