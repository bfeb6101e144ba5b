"""Every page there is, read from the router, and what it takes to see it filled."""

import re
from dataclasses import dataclass
from typing import Any

from tests.e2e.served import ROOT

_ROUTER = (ROOT / "ui" / "src" / "pages" / "router.ts").read_text(encoding="utf-8")


@dataclass(frozen=True)
class EachPage:
    """A page, who looks at it, and what shows that it stands (``data-test``)."""

    path: str
    user: str = "chief"
    size: tuple[int, int] = (1366, 768)

    @property
    def name(self) -> str:
        """For pictures and test names."""
        return self.path.strip("/") or "room"


_KNOWN = {
    "/unit": EachPage("/unit", "officer", (390, 844)),
    "/wall": EachPage("/wall", size=(1920, 1080)),
}
PAGES = [_KNOWN.get(path, EachPage(path)) for path in re.findall(r"path: '(/[a-z]*)'", _ROUTER)]
"""A page added to the router is looked at without being named here."""


def proper_names(state: dict[str, Any], points: list[dict[str, Any]]) -> list[str]:
    """What stays Chinese on an English screen: names of the city, its places and people, and what people wrote; longest first."""
    plan = state["plan"]
    names = [state["city_name"], "快警", "虚构城市", "中文", "中", plan["name"], "两人打架", "张三", "鼓楼"]
    names += [unit["leader"] for unit in state["units"]]
    names += [closure["name"] for closure in state["closures"]]
    names += [each["name"] for part in ("platforms", "beats") for each in plan[part]]
    names += [point["name"] for point in points]
    names += [incident["place"][part] for incident in state["incidents"] for part in ("text", "road")]
    return sorted({name for name in names if name}, key=len, reverse=True)


def without(names: list[str], text: str) -> str:
    """A text, the proper names taken out."""
    for name in names:
        text = text.replace(name, "")
    return text
