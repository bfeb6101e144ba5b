"""A route: a door and what is done behind it."""

from kuaijing.web.doors import Act, Door

Route = tuple[Door, Act]
