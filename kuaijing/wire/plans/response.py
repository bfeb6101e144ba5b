"""Kinds of incident and response plans out of ``response.yaml``."""

import re

import yaml

from kuaijing.domain.plan_document import Follower, Kind, ResponsePlan
from kuaijing.domain.words import UnitClass
from kuaijing.wire.plans import files
from kuaijing.wire.plans.faults import Faults
from kuaijing.wire.plans.record import Record

_LETTERS = re.compile(r"^[a-z0-9]{0,12}$")


def yaml_mapping(file: str, content: bytes, faults: Faults) -> dict[str, object] | None:
    """The mapping that a YAML file holds; ``None`` with a fault noted where it holds none."""
    try:
        loaded = yaml.safe_load(content.decode("utf-8-sig"))  # not the C loader: deep nesting overflows its stack
    except UnicodeDecodeError as error:
        faults.add(file, "", "", None, f"is not UTF-8 (byte {error.start})", "save it as UTF-8")
        return None
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}" if error.problem_mark else ""
        faults.add(file, line, "", None, f"is no YAML: {error.problem}", "correct the line")
        return None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        faults.add(file, "", "", None, f"is no YAML: {error}", "write it again")
        return None
    if not isinstance(loaded, dict):
        faults.add(file, "", "", None, "is no mapping of names to values", "see docs/contracts.md")
        return None
    return loaded


def read_response(content: bytes, faults: Faults) -> tuple[tuple[Kind, ...], tuple[ResponsePlan, ...]]:
    """``response.yaml``."""
    loaded = yaml_mapping(files.RESPONSE, content, faults)
    if loaded is None:
        return (), ()
    Record(faults, files.RESPONSE, "", loaded).only("kinds", "plans")
    kinds = tuple(_kind(record) for record in _items(loaded, "kinds", "code", faults))
    plans = tuple(_plan(record, faults) for record in _items(loaded, "plans", "id", faults))
    return kinds, plans


def _items(loaded: dict[str, object], field: str, named_by: str, faults: Faults) -> list[Record]:
    items = loaded.get(field)
    if not isinstance(items, list) or not items:
        faults.add(files.RESPONSE, "", field, None, "is missing or no list", "give at least one")
        return []
    records = []
    for index, item in enumerate(items):
        if isinstance(item, dict):
            records.append(Record(faults, files.RESPONSE, f"{field}[{index}] ({item.get(named_by)})", item))
        else:
            faults.add(files.RESPONSE, f"{field}[{index}]", "", item, "is no mapping", "see docs/contracts.md")
    return records


def _kind(record: Record) -> Kind:
    record.only("code", "scheme", "parent", "name", "name_en", "letters", "grade", "plan")
    letters = record.text("letters", default="", longest=12).lower()
    if not _LETTERS.match(letters):
        record.fault("letters", letters, "are not Latin letters or digits", "give pinyin initials such as dj")
    return Kind(
        code=record.identifier("code"),
        scheme=record.text("scheme", default="", longest=64),
        parent=record.identifier("parent", default="") or None,
        name=record.text("name"),
        name_en=record.text("name_en", default=""),
        letters=letters,
        grade=record.count("grade", 1, 4),
        plan=record.identifier("plan"),
    )


def _plan(record: Record, faults: Faults) -> ResponsePlan:
    record.only(
        "id", "name", "name_en", "first", "support", "classes", "capabilities", "followers", "acknowledge_s",
        "guidance", "guidance_en",
    )  # fmt: skip
    classes = record.texts("classes")
    for name in classes:
        if name not in set(UnitClass):
            record.fault("classes", name, "is no class of unit", f"use some of {', '.join(UnitClass)}")
    identifier = record.identifier("id")
    return ResponsePlan(
        id=identifier,
        name=record.text("name", default=identifier),
        name_en=record.text("name_en", default=""),
        first=record.count("first", 1, 50),
        support=record.count("support", 0, 50, default=0),
        classes=classes,
        capabilities=record.texts("capabilities"),
        followers=_followers(record, faults),
        acknowledge_s=record.number("acknowledge_s", 1, 3600, default=30),
        guidance=record.text("guidance", default="", longest=4000),
        guidance_en=record.text("guidance_en", default="", longest=4000),
    )


def _followers(plan: Record, faults: Faults) -> tuple[Follower, ...]:
    items = plan.raw("followers")
    if items is None:
        return ()
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        plan.fault("followers", items, "is no list of {who, name, capability}", "see docs/contracts.md")
        return ()
    followers = []
    for index, item in enumerate(items):
        record = Record(faults, plan.file, f"{plan.where} followers[{index}]", item)
        record.only("who", "name", "name_en", "capability")
        followers.append(
            Follower(
                who=record.identifier("who"),
                name=record.text("name", default=""),
                name_en=record.text("name_en", default=""),
                capability=record.text("capability", default="", longest=64),
            )
        )
    return tuple(followers)
