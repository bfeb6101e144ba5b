"""The alert that the position history cannot be written: live goes on, but nobody will be able to prove where units were."""

from collections.abc import Callable

from kuaijing.measures.instants import Instant, to_datetime
from kuaijing.wire.pictures import AlertView


def history_alert(stopped_since: Callable[[], Instant | None]) -> Callable[[], list[AlertView]]:
    """What ``painting.Sources.more_alerts`` asks for: one alert while the history stands still."""

    def alerts() -> list[AlertView]:
        since = stopped_since()
        return [] if since is None else [AlertView("history", "history_stopped", to_datetime(since), None, None)]

    return alerts
