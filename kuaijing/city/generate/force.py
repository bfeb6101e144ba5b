"""The platforms' force: one command vehicle, two cars, four motorcycles each; call signs, crews, leaders.

Platform 20 has the command vehicle 2001, the cars 2011 and 2012 and the motorcycles 2021 to 2024. A platform has 8 police and
24 auxiliaries in three reliefs, so that about 3 and 8 are on the street at a time: each car crew is led by a police officer,
motorcycles ride singly and are led from the command vehicle.
"""

import csv
import io
from dataclasses import dataclass

import numpy as np

from kuaijing.city.generate.words import WORDS

FIRST_PLATFORM = 20
POLICE, AUXILIARIES = 8, 24
FORCE_COLUMNS = tuple(
    "id,call_sign,class,platform,beat,crew_police,crew_auxiliary,leader,capabilities,on_duty,lon,lat".split(",")  # noqa: SIM905
)
"""Columns of ``force.csv``; see docs/contracts.md."""

_UNITS = (
    ("command_vehicle", "01", 1, 2, "command;video;negotiation;mediation;cordon;first_aid;extinguisher"),
    ("car", "11", 1, 1, "arrest;mediation;first_aid;extinguisher"),
    ("car", "12", 1, 1, "arrest;traffic;cordon;water_rescue;first_aid"),
    ("motorcycle", "21", 0, 1, "traffic;extinguisher"),
    ("motorcycle", "22", 0, 1, "traffic;first_aid"),
    ("motorcycle", "23", 0, 1, "arrest;extinguisher"),
    ("motorcycle", "24", 0, 1, "mediation;first_aid"),
)


@dataclass(frozen=True)
class Post:
    """A platform as the force list needs it."""

    number: int
    lon: float
    lat: float


def officer_name(rng: np.random.Generator) -> str:
    """A name that nobody in particular bears."""
    surnames, given = WORDS["surname"], WORDS["given"]
    picks = rng.integers(0, len(given), 1 + int(rng.random() < 0.55))
    return surnames[int(rng.integers(len(surnames)))] + "".join(given[index] for index in picks.tolist())


def force_csv(posts: list[Post], rng: np.random.Generator) -> str:
    """The force list as CSV text, one row a unit."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(FORCE_COLUMNS)
    for post in posts:
        for kind, suffix, police, auxiliary, capabilities in _UNITS:
            sign = f"{post.number}{suffix}"
            crew = (police, auxiliary, officer_name(rng), capabilities, "yes", f"{post.lon:.6f}", f"{post.lat:.6f}")
            writer.writerow([sign, sign, kind, post.number, f"B{post.number}", *crew])
    return out.getvalue()
