"""What the ``masked`` audience is not shown: caller's name and telephone, the words of a call, the name of a unit's leader."""

from msgspec.structs import replace

from kuaijing.wire.live import Put
from kuaijing.wire.pictures import CallView, StateView, UnitView


def masked_call(call: CallView) -> CallView:
    """The call without what identifies a person."""
    return replace(call, words="", caller="", phone="", masked=True)


def masked_unit(unit: UnitView) -> UnitView:
    """The unit without its leader's name."""
    return replace(unit, leader="")


def masked_put(put: Put) -> Put:
    """New values as the masked audience gets them."""
    if not put.calls and not put.units:
        return put
    return replace(
        put, calls=[masked_call(call) for call in put.calls], units=[masked_unit(unit) for unit in put.units]
    )


def masked_state(state: StateView) -> StateView:
    """The whole picture as the masked audience gets it."""
    calls = [masked_call(call) for call in state.calls]
    units = [masked_unit(unit) for unit in state.units]
    return replace(state, audience="masked", calls=calls, units=units)
