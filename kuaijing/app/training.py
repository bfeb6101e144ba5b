"""What training begins with and what it keeps away from: the plan in force in the service's own log beside it, which it only looks at, and
the doors by which real vehicles are reached, which stay shut."""

import logging
from pathlib import Path

from kuaijing.app.refused import Refused
from kuaijing.app.settings import Settings
from kuaijing.domain.plan import PlanPutInForce
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.engine.codec import decode_event
from kuaijing.store import StoreError, has_log, open_beside

_log = logging.getLogger(__name__)


def refuse_real_terminals(settings: Settings) -> None:
    """Raises ``Refused`` where training would open a door by which orders and messages go out to terminals."""
    found = []
    if settings.jt808.port:
        found.append(f"jt808.port={settings.jt808.port}")
    if settings.mqtt.host:
        found.append(f"mqtt.host={settings.mqtt.host}")
    if found:
        raise Refused(
            f"training was given {' and '.join(found)}, by which its orders could reach vehicles in service; "
            "leave it out (also of the environment): training opens no door to terminals"
        )


def find_service_plan(data: Path) -> PlanDocument | None:
    """The plan in force in the live log of ``data``; ``None`` where there is no such log, or no plan in it."""
    from kuaijing.wire.plans import from_canonical

    if not has_log(data):
        return None
    try:
        store = open_beside(data)
        try:
            rows = list(store.log.read(0, types=(PlanPutInForce.__name__,)))
            event = decode_event(rows[-1].type, rows[-1].schema, rows[-1].body) if rows else None
            body = store.plans.find(event.digest) if isinstance(event, PlanPutInForce) else None
        finally:
            store.close()
    except StoreError as error:
        _log.warning("training begins without the service's plan: %s", error)
        return None
    return None if body is None else from_canonical(body)
