"""What a street or a block of the generated city is; small integers, so that whole cities fit in arrays."""

from enum import IntEnum


class Street(IntEnum):
    """Standing of a street; a lower number is a bigger street. ``BORDER`` bounds a face and is no street."""

    RING = 1
    AVENUE = 2
    ARTERIAL = 3
    COLLECTOR = 4
    LOCAL = 5
    COUNTRY = 6
    ESTATE = 7
    ALLEY = 8
    NARROW = 9
    FOOTPATH = 10
    BORDER = 11


DRIVABLE_MAX = Street.ALLEY
"""Streets up to this standing take a car; ``NARROW`` takes a motorcycle, ``FOOTPATH`` only feet."""


class Zone(IntEnum):
    """Where in the city a place lies."""

    OLD = 0
    CENTRE = 1
    URBAN = 2
    EDGE = 3
    RURAL = 4
    VILLAGE = 5


class Use(IntEnum):
    """What a block is used for."""

    ESTATE = 0
    OLD_HOUSES = 1
    COMMERCE = 2
    INDUSTRY = 3
    SCHOOL = 4
    HOSPITAL = 5
    PARK = 6
    SQUARE = 7
    MARKET = 8
    MALL = 9
    OFFICES = 10
    FIELDS = 11
    WOOD = 12
    VILLAGE = 13
    STATION = 14
    WATER = 15
    RIVER = 16
