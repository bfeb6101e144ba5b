"""Words and figures of a planning report as HTML: shares with counts and intervals, differences with how sure they are."""

import html
from collections.abc import Sequence

from kuaijing.studies.what_if_lines import Comparison, DifferenceLine, FigureLine

SEEN = 0.005
"""Smaller differences print as nought."""
CLASSES = {"command_vehicle": "指挥车 command", "car": "警车 car", "motorcycle": "摩托 motorcycle"}
NAMES = {
    "within": ("按时到达率", "share within the limit, from order", "pp"),
    "within_citizen": ("按时到达率(报警起)", "share within the limit, from call", "pp"),
    "mean_s": ("平均响应用时", "mean response", "s"),
    "median_s": ("中位响应用时", "median response", "s"),
    "p90_s": ("九成响应用时", "90th percentile", "s"),
    "late_a_day": ("每日超时起数", "late a day", ""),
    "utilisation": ("警力占用率", "utilisation", "pp"),
    "visible": ("见警分钟/时", "visible-unit minutes an hour", ""),
}


def section(title: str, title_en: str, body: str) -> str:
    """One section under a heading in both languages."""
    return f"<section><h2>{title} <span>{title_en}</span></h2>{body}</section>"


def paragraphs(lines: Sequence[str]) -> str:
    """Lines of HTML as paragraphs."""
    return "".join(f"<p>{line}</p>" for line in lines)


def english(text: str) -> str:
    """A paragraph of English beside the Chinese."""
    return f"<p class=en>{text}</p>"


def escaped(text: str) -> str:
    """Text as HTML."""
    return html.escape(text)


def share_of(figure: FigureLine) -> str:
    """A share in per cent."""
    return "—" if figure.value is None else f"{figure.value * 100:.1f} %"


def number_of(figure: FigureLine, digits: int = 1) -> str:
    """A figure."""
    return "—" if figure.value is None else f"{figure.value:.{digits}f}"


def interval_of(figure: FigureLine, mark: str = " %", digits: int = 1) -> str:
    """Its 95 % interval."""
    if figure.low is None or figure.high is None:
        return "区间未知 no interval"
    scale = 100 if mark else 1
    return f"{figure.low * scale:.{digits}f}–{figure.high * scale:.{digits}f}{mark}"


def counts_of(figure: FigureLine) -> str:
    """Numerator and denominator."""
    return "" if figure.of is None else f"{figure.met:,} / {figure.of:,} 起"


def units_in_words(units: dict[str, int]) -> str:
    """Units by class."""
    return ",".join(f"{CLASSES.get(name, escaped(name))} {number}" for name, number in units.items())


def difference_name(found: Comparison, line: DifferenceLine) -> str:
    """What differs."""
    if line.figure.startswith("tier:"):
        tier = next((each for each in found.plans[0].tiers if each.tier == line.figure[5:]), None)
        return f"{escaped(tier.name) if tier else escaped(line.figure[5:])} 按时到达率 <span>{escaped(tier.name_en) if tier else ''}</span>"
    name, name_en, _ = NAMES[line.figure]
    return f"{name} <span>{name_en}</span>"


def weight_of(line: DifferenceLine) -> str:
    """How much a difference weighs."""
    scale = 100 if line.figure.startswith("tier:") or NAMES[line.figure][2] == "pp" else 1
    if line.certain and line.value is not None and abs(line.value * scale) < SEEN:
        return "小到可忽略 negligible"
    return "可信 certain" if line.certain else "不显著 not certain"


def signed_plainly(value: float) -> str:
    """Signed, two digits, never a negative nought."""
    return "0.00" if abs(value) < SEEN else f"{value:+.2f}"


def signed(line: DifferenceLine) -> str:
    """A difference with its interval."""
    unit = "pp" if line.figure.startswith("tier:") else NAMES[line.figure][2]
    if line.value is None:
        return "—"
    scale = 100 if unit == "pp" else 1
    mark = {"pp": " 个百分点 pp", "s": " s", "": ""}[unit]
    text = signed_plainly(line.value * scale)
    if line.low is not None and line.high is not None:
        text += f" [{signed_plainly(line.low * scale)}, {signed_plainly(line.high * scale)}]"
    return text + mark
