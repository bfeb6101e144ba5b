"""Plots and maps of a report as inline SVG: histogram of arrivals, attainment by hour, beats and platforms, gains and losses.

Colours tell apart for colour-blind eyes and in grey print; every plot is also said in words or a table beside it.
"""

import html
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import shapely

from kuaijing.domain.plan_document import PlanDocument
from kuaijing.studies.blocks import Blocks
from kuaijing.studies.demand_lines import HotSpotLine
from kuaijing.studies.what_if_lines import BlockLine, Comparison

COLOURS: Final = ("#5b6673", "#1f6fb2", "#c2410c", "#4d7c0f", "#7c3aed", "#0f766e")
_FILLS: Final = (
    "#dbeafe",
    "#fef3c7",
    "#dcfce7",
    "#fae8ff",
    "#ffe4e6",
    "#e0f2fe",
    "#ede9fe",
    "#fef9c3",
    "#d1fae5",
    "#f3e8ff",
)
_WIDTH, _HEIGHT = 720.0, 250.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 46.0, 12.0, 12.0, 40.0
_MAP_WIDTH: Final = 720.0
_CITY_MARGIN_M: Final = 300.0


def letters(count: int) -> list[str]:
    """Names of plans: A, B, …"""
    return [chr(ord("A") + row) for row in range(count)]


def arrivals(found: Comparison) -> str:
    """Share of calls by response time, a line a plan, the limits of the first plan marked."""
    shares = [np.array(plan.arrivals, float) / max(1, sum(plan.arrivals)) for plan in found.plans]
    used = max(int(np.flatnonzero(each)[-1]) for each in shares) + 2
    used = min(len(shares[0]), max(used, 12))
    top = max(float(each[:used].max()) for each in shares) * 1.1
    across = used * found.bin_s
    parts = [_axes(across, top, _every(across), "s", 5, percent=True)]
    for tier in found.plans[0].tiers:
        if tier.limit_s < across:
            x = _x(tier.limit_s, across)
            parts.append(
                f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{_HEIGHT - _BOTTOM}" stroke="#94a3b8" stroke-dasharray="4 3"/>'
                f'<text x="{x + 3:.1f}" y="{_TOP + 10}" class="s">{_said(tier.name)} {tier.limit_s:g} s</text>'
            )
    for row, each in enumerate(shares):
        points = " ".join(
            f"{_x(edge * found.bin_s, across):.1f},{_y(float(each[min(bin_, used - 1)]), top):.1f}"
            for bin_ in range(used)
            for edge in (bin_, bin_ + 1)
        )
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{COLOURS[row]}" stroke-width="{2.2 if row else 1.6}"/>'
        )
    return _svg(parts, _WIDTH, _HEIGHT, "响应用时分布 distribution of response times")


def by_hour(found: Comparison) -> str:
    """Share within the limit by hour of the day, a line a plan; calls as bars behind."""
    low = min((hour.within for plan in found.plans for hour in plan.hours if hour.within is not None), default=0.0)
    floor = max(0.0, min(0.9, np.floor(low * 10) / 10))
    calls = [hour.calls for hour in found.plans[0].hours]
    most = max(1, *calls)
    parts = [_axes(24.0, 1.0, 3.0, "时 h", 5, percent=True, floor=floor)]
    width = (_WIDTH - _LEFT - _RIGHT) / 24
    for hour, count in enumerate(calls):
        height = (_HEIGHT - _TOP - _BOTTOM) * 0.45 * count / most
        parts.append(
            f'<rect x="{_x(hour, 24) + 2:.1f}" y="{_HEIGHT - _BOTTOM - height:.1f}" width="{width - 4:.1f}" '
            f'height="{height:.1f}" fill="#e2e8f0"/>'
        )
    for row, plan in enumerate(found.plans):
        points = " ".join(
            f"{_x(hour.hour + 0.5, 24):.1f},{_y(hour.within, 1.0, floor):.1f}"
            for hour in plan.hours
            if hour.within is not None
        )
        parts.append(f'<polyline points="{points}" fill="none" stroke="{COLOURS[row]}" stroke-width="2"/>')
    return _svg(parts, _WIDTH, _HEIGHT, "按小时的按时到达率 share within the limit by hour")


class CityMap:
    """The ground of every map: blocks and water, to scale."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        west, south, east, north = shapely.total_bounds(blocks.shapes)
        margin = _CITY_MARGIN_M
        self._west, self._north = west - margin, north + margin
        self._scale = _MAP_WIDTH / (east - west + 2 * margin)
        self._height = (north - south + 2 * margin) * self._scale

    def plan(self, plan: PlanDocument, hot_spots: Sequence[HotSpotLine]) -> str:
        """Beats in pale colours, platforms with their vehicles, hot spots as rings."""
        parts = [self._ground("#f8fafc")]
        for row, beat in enumerate(plan.beats):
            area = shapely.MultiPolygon([(polygon[0], polygon[1:]) for polygon in beat.polygons])
            d = self._path(self._blocks.plane.shape(area))
            parts.append(
                f'<path d="{d}" fill="{_FILLS[row % len(_FILLS)]}" fill-opacity=".75" stroke="#475569" stroke-width="1.2"/>'
            )
        parts.append(self._water())
        for spot in hot_spots:
            x, y = self._at(spot.lon, spot.lat)
            size = 6 + 40 * spot.share**0.5
            parts.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" fill="#dc2626" fill-opacity=".18" stroke="#dc2626" stroke-width="1.2"/>'
            )
        for platform in plan.platforms:
            x, y = self._at(platform.point.lon, platform.point.lat)
            units = sum(unit.platform == platform.id and unit.on_duty for unit in plan.force)
            parts.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6.5" fill="#0f172a" stroke="#fff" stroke-width="1.5"/>'
                f'<text x="{x + 9:.1f}" y="{y + 4:.1f}" class="m">{_said(platform.name)}'
                f"{f' ({units})' if units else ''}</text>"
            )
        parts.append(self._scale_bar())
        return _svg(parts, _MAP_WIDTH, self._height, "网格、平台与热点 beats, platforms and hot spots")

    def gains(self, lines: Sequence[BlockLine], row: int) -> str:
        """Blocks that gain in blue, that lose in orange (hatched), the uncertain in grey, those with too few calls left blank."""
        parts = [
            '<defs><pattern id="lose" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            '<rect width="5" height="5" fill="#fb923c"/><line x1="0" y1="0" x2="0" y2="5" stroke="#9a3412" stroke-width="1.6"/>'
            "</pattern></defs>",
            self._ground("#ffffff"),
        ]
        for line in lines:
            certain = line.low[row] > 0 or line.high[row] < 0
            fill = "#cbd5e1" if not certain else "#2563eb" if line.gain[row] > 0 else "url(#lose)"
            opacity = 1.0 if not certain else min(1.0, 0.45 + 2.5 * abs(line.gain[row]))
            d = self._path(self._blocks.shapes[line.block])
            parts.append(
                f'<path d="{d}" fill="{fill}" fill-opacity="{opacity:.2f}" stroke="#94a3b8" stroke-width=".5"/>'
            )
        parts += [self._water(), self._scale_bar()]
        return _svg(parts, _MAP_WIDTH, self._height, "按时到达率的得失 gains and losses by block")

    def _ground(self, fill: str) -> str:
        d = "".join(self._path(shape) for shape in self._blocks.shapes)
        return f'<path d="{d}" fill="{fill}" stroke="#dbe2ea" stroke-width=".6"/>'

    def _water(self) -> str:
        d = "".join(self._path(shape) for shape in self._blocks.water)
        return f'<path d="{d}" fill="#bfdbfe" stroke="none"/>' if d else ""

    def _at(self, lon: float, lat: float) -> tuple[float, float]:
        x, y = self._blocks.plane.metres(np.array([lon]), np.array([lat]))[0]
        return (float(x) - self._west) * self._scale, (self._north - float(y)) * self._scale

    def _path(self, shape: Any) -> str:
        drawn = []
        simple = shapely.simplify(shape, 1.0 / self._scale * 0.4)
        for polygon in shapely.get_parts(simple):
            if polygon.geom_type != "Polygon" or polygon.is_empty:
                continue
            for ring in (polygon.exterior, *polygon.interiors):
                xy = shapely.get_coordinates(ring)
                x, y = (xy[:, 0] - self._west) * self._scale, (self._north - xy[:, 1]) * self._scale
                drawn.append("M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(x[:-1], y[:-1], strict=True)) + "Z")
        return "".join(drawn)

    def _scale_bar(self) -> str:
        length, y = 1000 * self._scale, self._height - 14
        return (
            f'<path d="M12 {y - 4:.1f}V{y:.1f}H{12 + length:.1f}V{y - 4:.1f}" fill="none" stroke="#0f172a"/>'
            f'<text x="{16 + length:.1f}" y="{y:.1f}" class="s">1 km · 上北 north is up</text>'
        )


def _axes(across: float, top: float, step: float, unit: str, rows: int, *, percent: bool, floor: float = 0.0) -> str:
    parts = []
    for row in range(rows + 1):
        value = floor + (top - floor) * row / rows
        y = _y(value, top, floor)
        parts.append(
            f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#e2e8f0"/>'
            f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" class="s e">{value * 100:.0f} %</text>'
        )
    tick = 0.0
    while tick <= across + 1e-9:
        x = _x(tick, across)
        parts.append(f'<text x="{x:.1f}" y="{_HEIGHT - _BOTTOM + 16}" class="s c">{tick:g}</text>')
        tick += step
    parts.append(f'<text x="{_WIDTH - _RIGHT}" y="{_HEIGHT - 6}" class="s e">{unit}</text>')
    return "".join(parts)


def _every(across: float) -> float:
    return next(step for step in (15.0, 30.0, 60.0, 120.0) if across / step <= 13)


def _x(value: float, across: float) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * value / across


def _y(value: float, top: float, floor: float = 0.0) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * (value - floor) / max(1e-9, top - floor)


def _svg(parts: Sequence[str], width: float, height: float, title: str) -> str:
    return (
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="{_said(title)}"><title>{_said(title)}</title>'
        + "".join(parts)
        + "</svg>"
    )


def _said(text: str) -> str:
    return html.escape(text)
