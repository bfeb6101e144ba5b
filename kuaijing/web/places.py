"""Places as people give them: in one of three coordinate systems, surveyed against ground and plan before the core sees them."""

from typing import Literal

from kuaijing.domain.places import Place
from kuaijing.measures.coordinates import to_wgs84
from kuaijing.measures.instants import Instant
from kuaijing.measures.points import Point
from kuaijing.web.services import Services
from kuaijing.wire.problems import BadRequest, Fault
from kuaijing.wire.requests import PlaceBody


def point_of(lon: float, lat: float, crs: Literal["wgs84", "gcj02", "bd09"] = "wgs84") -> Point:
    """The WGS-84 point."""
    if crs == "wgs84":
        return Point(lon, lat)
    x, y = to_wgs84([lon], [lat], crs)
    return Point(float(x[0]), float(y[0]))


async def place_of(services: Services, body: PlaceBody, at: Instant) -> Place:
    """The surveyed place: tier, beat and street that hold there at that hour."""
    return services.survey(point_of(body.lon, body.lat, body.crs), body.text.strip(), at)


def pair(name: str, text: str) -> Point:
    """A ``lon,lat`` query parameter as a point."""
    lon, lat = (float(part) for part in text.split(","))
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise BadRequest([Fault(name, text, "not a place on Earth", "give lon,lat in degrees, such as 117.12,36.65")])
    return Point(lon, lat)
