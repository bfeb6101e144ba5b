"""The five clocks of an incident over a day: dispatch, arrival, control of the scene, settlement, whole handling.

Each runs from one moment to another of the same incident; the arrival is the measured one (its latest bound), and where there is
none the first pressed one stands in for control and settlement, since whoever controls a scene has been there.
"""

from collections.abc import Iterable
from typing import Final

import numpy as np

from kuaijing.domain.incidents import Incident
from kuaijing.domain.words import IncidentStatus
from kuaijing.engine.recorded import IncidentFile
from kuaijing.measures.instants import Instant, seconds_between
from kuaijing.wire.reports import ClockFigures

NAMES: Final = {
    "dispatch": ("派警(报警至首次派警)", "Dispatch: call to first order"),
    "arrival": ("到场(首次派警至实测到场)", "Arrival: first order to measured arrival"),
    "control": ("控制(到场至现场控制)", "Control: arrival to scene controlled"),
    "settlement": ("处置(到场至处置完毕)", "Settlement: arrival to settled"),
    "whole": ("全程(报警至结案)", "Whole: call to closed"),
}


def five_clocks(files: Iterable[IncidentFile]) -> list[ClockFigures]:
    """Mean, median and 90th percentile of each; merged incidents are left to the one that took them over."""
    seconds: dict[str, list[float]] = {clock: [] for clock in NAMES}
    for file in files:
        if file.incident.status == IncidentStatus.MERGED:
            continue
        for clock, (start, end) in _spans(file).items():
            if start is not None and end is not None:
                seconds[clock].append(seconds_between(start, end))
    return [_figures(clock, all_of) for clock, all_of in seconds.items()]


def _spans(file: IncidentFile) -> dict[str, tuple[Instant | None, Instant | None]]:
    incident = file.incident
    measured = None if incident.arrived is None else incident.arrived.latest
    pressed = [part.on_scene_at for part in file.assignments if part.on_scene_at is not None]
    there = measured if measured is not None else min(pressed, default=None)
    return {
        "dispatch": (incident.called_at, incident.first_ordered_at),
        "arrival": (incident.first_ordered_at, measured),
        "control": (there, incident.controlled_at),
        "settlement": (there, incident.settled_at),
        "whole": (incident.called_at, _closed_at(incident)),
    }


def _closed_at(incident: Incident) -> Instant | None:
    return incident.closed_at if incident.status == IncidentStatus.CLOSED else None


def _figures(clock: str, seconds: list[float]) -> ClockFigures:
    forwards = np.array([each for each in seconds if each >= 0])
    name, name_en = NAMES[clock]
    if not len(forwards):
        return ClockFigures(clock, name, name_en, 0, None, None, None, len(seconds))
    return ClockFigures(
        clock=clock,
        name=name,
        name_en=name_en,
        counted=len(forwards),
        mean_s=float(forwards.mean()),
        median_s=float(np.median(forwards)),
        p90_s=float(np.percentile(forwards, 90)),
        backwards=len(seconds) - len(forwards),
    )
