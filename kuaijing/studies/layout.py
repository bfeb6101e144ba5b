"""Which column of a record file means what: a small YAML, or ``called_at=报警时间,lon=经度,lat=纬度`` on the command line.

Described for users in docs/demand.md.
"""

from pathlib import Path
from typing import Final

import msgspec
import yaml

from kuaijing.studies.refused import StudyRefused

ORIGINS: Final = ("call", "patrol", "alarm", "community", "camera", "officer_help", "other")
"""Who told: what officers found themselves is ``patrol`` or ``officer_help``."""


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One column: its name, and how its values are read."""

    column: str
    format: str | None = None
    """Of a time, as ``strptime`` has it; without one ISO 8601."""
    scale: float = 1.0
    """Figures are multiplied by it: 60 where the file has minutes and seconds are wanted."""
    values: dict[str, str] = {}
    """Words of the file and what they mean; ``*`` is every other word."""


class Layout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file's columns; what is not named is not in the file."""

    lon: Column | str
    lat: Column | str
    called_at: Column | str | None = None
    kind: Column | str | None = None
    grade: Column | str | None = None
    origin: Column | str | None = None
    on_scene_s: Column | str | None = None
    id: Column | str | None = None
    weight: Column | str | None = None
    """Of a hazard or a count: how much it is."""
    encoding: str | None = None
    """Of a CSV; UTF-8, else GB 18030, where none is said."""
    sheet: str | None = None
    """Of a workbook; the first where none is said."""
    separator: str = ","


FIELDS: Final = ("lon", "lat", "called_at", "kind", "grade", "origin", "on_scene_s", "id", "weight")
"""Of a layout: those that name a column."""


def column(given: Column | str | None) -> Column | None:
    """The column as an object."""
    return Column(given) if isinstance(given, str) else given


def columns_of(layout: Layout) -> dict[str, str]:
    """Columns of the file that the layout names, and the field that each is first named for."""
    found: dict[str, str] = {}
    for field in FIELDS:
        named = column(getattr(layout, field))
        if named is not None:
            found.setdefault(named.column, field)
    return found


def read_layout(given: str) -> Layout:
    """The layout of a YAML file, or of ``name=column`` pairs joined by commas. Raises ``StudyRefused``."""
    try:
        if "=" in given and not Path(given).is_file():
            pairs = dict(pair.partition("=")[::2] for pair in given.split(","))
            return msgspec.convert({name.strip(): value.strip() for name, value in pairs.items()}, Layout)
        return msgspec.convert(_yaml(Path(given).read_bytes()), Layout, strict=False)
    except OSError as error:
        raise StudyRefused(
            f"--columns {given}: {error.strerror}; name a YAML file, or write called_at=…,lon=…,lat=…"
        ) from None
    except (msgspec.MsgspecError, yaml.YAMLError, UnicodeDecodeError) as error:
        known = ", ".join(Layout.__struct_fields__)
        raise StudyRefused(f"--columns {given} is not usable: {error}; it can name {known}") from None


def read_kinds(given: Path) -> dict[str, str]:
    """Words of the file and our codes of kinds: YAML ``词: code``, or a CSV of two columns. Raises ``StudyRefused``."""
    try:
        text = given.read_bytes().decode("utf-8-sig")
        if given.suffix.lower() == ".csv":
            rows = [line.split(",") for line in text.splitlines() if line.strip()]
            return {row[0].strip(): row[1].strip() for row in rows if len(row) > 1}
        return msgspec.convert(_yaml(text), dict[str, str])
    except OSError as error:
        raise StudyRefused(f"--kinds {given}: {error.strerror}; name a YAML or CSV file") from None
    except (msgspec.MsgspecError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise StudyRefused(f"--kinds {given} is not a table of words and codes: {error}") from None


def _yaml(text: bytes | str) -> object:
    """Every scalar as the text that stands there: 110 is a word, and so is no."""
    return yaml.load(text, Loader=yaml.BaseLoader)  # BaseLoader makes nothing but texts, lists and tables
