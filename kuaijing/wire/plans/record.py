"""One feature, row or list item of a plan document, read field by field; what is wrong is noted and a harmless value returned.

The caller raises once everything has been read, so that all faults are listed together.
"""

import math
import re
from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from kuaijing.domain.plan_document import Hours, MalformedHours, hours_of
from kuaijing.measures.instants import Instant, from_datetime
from kuaijing.wire.plans.faults import Faults

_IDENTIFIER = re.compile(r"^[\w.:-]{1,64}$")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class Record:
    """Named values of one thing in one file."""

    def __init__(self, faults: Faults, file: str, where: str, values: Mapping[str, object]) -> None:
        self._faults, self.file, self.where, self._values = faults, file, where, values

    def fault(self, field: str, value: object, problem: str, remedy: str) -> None:
        """Note a fault of this record."""
        self._faults.add(self.file, self.where, field, value, problem, remedy)

    def only(self, *known: str) -> None:
        """Every other field is a fault: a misspelt name must not be passed over in silence."""
        for field in self._values:
            if field not in known:
                self.fault(str(field), None, "is not known here", f"use one of {', '.join(known)}")

    def raw(self, field: str) -> object:
        """The value as it stands, ``None`` where absent."""
        return self._values.get(field)

    def absent(self, field: str) -> bool:
        """Whether the field is not there or empty."""
        value = self._values.get(field)
        return value is None or (isinstance(value, str) and not value.strip())

    def text(self, field: str, *, default: str | None = None, longest: int = 200) -> str:
        """Words; required unless a default is given."""
        if self.absent(field):
            if default is None:
                self.fault(field, None, "is missing", "give it")
            return default or ""
        value = self._values[field]
        if not isinstance(value, str):
            self.fault(field, value, "is not text", "put it in quotes")
            return ""
        value = value.strip()
        if len(value) > longest:
            self.fault(field, value, f"is longer than {longest} characters", "shorten it")
        if _UNSEEN.search(value):
            self.fault(field, ascii(value), "holds characters that cannot be seen", "type it again")
        return value

    def identifier(self, field: str, *, default: str | None = None) -> str:
        """A name made of letters, digits and ``_ . : -``."""
        if (
            not self.absent(field)
            and isinstance(self._values[field], int)
            and not isinstance(self._values[field], bool)
        ):
            value = str(self._values[field]) if self.file.endswith(".geojson") else None
            if value is not None:
                return value
        value = self.text(field, default=default, longest=64)
        if value and not _IDENTIFIER.match(value):
            self.fault(field, value, "is no identifier", "use letters, digits and _ . : - only, at most 64")
        return value

    def number(
        self, field: str, low: float, high: float, *, default: float | None = None, faulty: float | None = None
    ) -> float:
        """A finite number in ``[low, high]``; required unless a default is given. ``faulty`` stands for what is no such number."""
        otherwise = float(faulty if faulty is not None else low if default is None else default)
        if self.absent(field):
            if default is None:
                self.fault(field, None, "is missing", f"give a number from {low:g} to {high:g}")
            return otherwise
        value = self._values[field]
        try:
            figure = math.nan if isinstance(value, bool) or not isinstance(value, int | float | str) else float(value)
        except (ValueError, OverflowError):
            figure = math.nan
        if not low <= figure <= high:
            problem = "is no number" if math.isnan(figure) else "is out of range"
            self.fault(field, value, problem, f"give a number from {low:g} to {high:g}")
            return otherwise
        return figure

    def count(self, field: str, low: int, high: int, *, default: int | None = None) -> int:
        """A whole number in ``[low, high]``."""
        figure = self.number(field, low, high, default=default)
        if figure != int(figure):
            self.fault(field, figure, "is not a whole number", f"give a whole number from {low} to {high}")
        return int(figure)

    def hours(self, field: str) -> Hours | None:
        """Hours of the local day; ``None`` where absent."""
        if self.absent(field):
            return None
        text = self.text(field, longest=120)
        try:
            return hours_of(text) if text else None
        except MalformedHours:
            self.fault(field, text, "is malformed", "write it as 06:00-23:00, several joined by commas")
            return None

    def instant(self, field: str, zone: ZoneInfo) -> Instant | None:
        """A date, or a date and time; without a zone of its own it is the city's local time. ``None`` where absent."""
        if self.absent(field):
            return None
        value = self._values[field]
        try:
            if isinstance(value, str):
                value = datetime.fromisoformat(value.strip())
            if isinstance(value, date) and not isinstance(value, datetime):
                value = datetime.combine(value, time())
            if not isinstance(value, datetime):
                raise ValueError(value)
            return from_datetime(value if value.tzinfo is not None else value.replace(tzinfo=zone))
        except (ValueError, OverflowError):
            self.fault(field, value, "is no date", "write it as 2026-11-21 or 2026-11-21T08:00:00+08:00")
            return None

    def texts(self, field: str) -> tuple[str, ...]:
        """A list of words, or words joined by ``;``."""
        value = self._values.get(field)
        if value is None:
            return ()
        if isinstance(value, str):
            value = re.split(r"[;；]", value)
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            self.fault(
                field, value, "is no list of words", "write it as a list, each word in quotes where it is a number"
            )
            return ()
        if len(value) > 64 or any(len(word) > 64 for word in value):
            self.fault(field, None, "is too long", "give at most 64 words of 64 characters")
            return ()
        return tuple(word.strip() for word in value if word.strip())

    def yes(self, field: str, *, default: bool | None = None) -> bool:
        """Yes or no."""
        if self.absent(field) and default is not None:
            return default
        value = self._values.get(field)
        if isinstance(value, bool):
            return value
        word = str(value).strip().lower() if value is not None else ""
        if word in ("yes", "true", "1", "是", "在岗"):
            return True
        if word not in ("no", "false", "0", "否", "不在岗"):
            self.fault(field, value, "is neither yes nor no", "write yes or no (是 or 否)")
        return False
