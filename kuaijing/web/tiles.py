"""The offline base map: vector tiles as they lie in the city folder, and what a map needs to know of them."""

from typing import Any

from kuaijing.web.doors import Asked, Raw, look
from kuaijing.web.identity.roles import WATCHING
from kuaijing.web.problems import not_found
from kuaijing.web.routes import Route
from kuaijing.web.services import Services

_DAY = "private, max-age=86400"


def routes(services: Services) -> list[Route]:
    """The doors of this file."""

    async def tile(asked: Asked[Any]) -> Raw:
        place = [_number(name, asked.path[name]) for name in ("z", "x", "y")]
        data = None if services.tiles is None else services.tiles.tile(*place)
        headers = {"Cache-Control": _DAY, "ETag": f'"{services.city.ground[:16]}-{"-".join(map(str, place))}"'}
        if data is None:
            return Raw(b"", "application/vnd.mapbox-vector-tile", 204, headers)
        return Raw(data, "application/vnd.mapbox-vector-tile", 200, headers | {"Content-Encoding": "gzip"})

    async def about(_: Asked[Any]) -> dict[str, Any]:
        if services.tiles is None:
            raise not_found("base map", services.city.name, "import the city again; its folder has no base.pmtiles")
        about: dict[str, Any] = services.tiles.tilejson("/tiles/{z}/{x}/{y}")
        return about

    return [
        (
            look(
                "/tiles/{z}/{x}/{y}",
                "A vector tile",
                None,
                empty=204,
                media_type="application/vnd.mapbox-vector-tile",
                roles=WATCHING,
            ),
            tile,
        ),
        (look("/api/map/style", "TileJSON of the base map", dict[str, Any], roles=WATCHING), about),
    ]


def _number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 8):
        raise not_found(f"tile {name}", text, "tiles are /tiles/{z}/{x}/{y} with whole numbers")
    return int(text)
