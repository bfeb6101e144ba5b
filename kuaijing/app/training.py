"""What a training log begins with: the plan that is in force in the service's own log beside it. Only looks; the service may be running."""

import logging
from pathlib import Path

from kuaijing.domain.plan import PlanPutInForce
from kuaijing.domain.plan_document import PlanDocument
from kuaijing.engine.codec import decode_event
from kuaijing.store import StoreError, has_log, open_beside

_log = logging.getLogger(__name__)


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
