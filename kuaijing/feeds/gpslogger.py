"""GPSLogger for Android, "custom URL": a query or a form made from the user's template. Speed is in m/s.

Template: ``?id=%SER&lat=%LAT&lon=%LON&timestamp=%TIME&altitude=%ALT&bearing=%DIR&accuracy=%ACC&spd=%SPD&batt=%BATT``
(``%TIMESTAMP`` will do).
"""

from collections.abc import Mapping

from kuaijing.feeds.readings import DeviceReading, Fields

PROTOCOL = "gpslogger"


def decode(query: Mapping[str, str]) -> list[DeviceReading]:
    """The reading of one query; raises ``BadReading``."""
    fields = Fields(query)
    key = fields.text(fields.first("id", "ser"), required=True)
    reading = DeviceReading(
        key=key,
        lon=fields.number("lon", required=True),
        lat=fields.number("lat", required=True),
        measured_at=fields.moment(fields.first("timestamp", "time"), required=True),
        speed_mps=fields.known(fields.first("spd", "speed")),
        heading_deg=fields.heading(fields.first("bearing", "dir")),
        accuracy_m=fields.known(fields.first("accuracy", "acc")) or None,
    )
    fields.refuse_if_faulty(key)
    return [reading]
