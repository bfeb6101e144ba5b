"""Expected incidents laid on a city's streets for the live reach; without a history street length stands in (the reach says so)."""

import logging
from pathlib import Path

from kuaijing.city.ground import Ground
from kuaijing.demand import DemandError, StreetDemand, on_streets
from kuaijing.engine.advice import CityStreets
from kuaijing.studies.city_rates import rates_of
from kuaijing.studies.histories import HISTORY
from kuaijing.studies.refused import StudyRefused

__all__ = ["HISTORY", "demand_of", "rates_of"]

_log = logging.getLogger(__name__)


def demand_of(ground: Ground, streets: CityStreets, data: Path) -> StreetDemand | None:
    """Demand laid on the streets; ``None`` where no history is known or it cannot be used, which is logged."""
    try:
        learnt = rates_of(ground, streets, data)
        return None if learnt is None else on_streets(learnt, streets.pieces, streets.count)
    except (DemandError, StudyRefused, OSError, ValueError) as error:
        _log.warning("the histories of %s give no demand, street length stands in: %s", data, error)
        return None
