"""A painting as the whole picture that a client is given, with the newest positions: the same for the live room and for a replay."""

from typing import Final

from msgspec.structs import replace

from kuaijing.web.painting import Fixes, Painted, Sources
from kuaijing.wire.changes import in_order
from kuaijing.wire.masking import masked_state
from kuaijing.wire.pictures import WIRE_VERSION, ClockView, StateView, TodayView, UnitView

_NOTHING_TODAY: Final = TodayView(0, {}, {}, None, [])


def state_view(shown: Painted, sources: Sources, clock: ClockView, version: int, audience: str) -> StateView:
    """The whole picture at ``version``, masked where the audience is."""
    city = sources.city
    state = StateView(
        wire=WIRE_VERSION,
        version=version,
        picture=sources.engine.picture.version,
        city=city.id,
        city_name=city.name,
        fictional=city.fictional,
        mode=city.mode,
        audience=audience,
        ground=city.ground,
        bbox=city.bbox,
        clock=clock,
        plan=shown.plan,
        units=in_order(with_fix(unit, sources.fixes) for unit in shown.units.values()),
        incidents=in_order(shown.incidents.values()),
        calls=in_order(shown.calls.values()),
        closures=in_order(shown.closures.values()),
        today=shown.today or _NOTHING_TODAY,
        reach=shown.reach,
        shift=shown.shift,
        alerts=in_order(shown.alerts.values()),
        health=shown.health,
        area_calls=in_order(shown.area_calls.values()),
    )
    return state if audience == "full" else masked_state(state)


def with_fix(unit: UnitView, fixes: Fixes) -> UnitView:
    """The unit with its newest position."""
    fix = fixes.find_fix(unit.id)
    return unit if fix == unit.fix else replace(unit, fix=fix)
