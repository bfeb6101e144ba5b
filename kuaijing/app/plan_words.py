"""Answers of the planning studies as text for a terminal: Chinese first, English beside it."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kuaijing.studies.beat_plan import BeatFigures
    from kuaijing.studies.fleet_questions import DayPlan, WorthLine
    from kuaijing.studies.platforms import FleetStudy, LeastForce
    from kuaijing.studies.rerun import Rerun
    from kuaijing.studies.what_if_lines import Comparison, DifferenceLine, FigureLine

_WIDTH: Final = 54
_MOST_BLOCKS: Final = 5
DIFFERENCES: Final = {
    "within": ("按时到达(派警起) within limit, from order", "points"),
    "within_citizen": ("按时到达(报警起) within limit, from call", "points"),
    "mean_s": ("平均出警用时 mean response", "s"),
    "median_s": ("中位出警用时 median response", "s"),
    "p90_s": ("九成出警用时 90th percentile", "s"),
    "late_a_day": ("超时起数/日 late a day", "number"),
    "utilisation": ("警力占用率 utilisation", "points"),
    "visible": ("见警分钟/时 visible-unit minutes an hour", "number"),
}


def beats_text(figures: "BeatFigures") -> str:
    """A cut of beats."""
    lines = [
        f"{len(figures.beats)} 个网格 beats:工作量最大/平均 balance {figures.balance:.3f}"
        + (f"(现 today {figures.balance_today:.3f})" if figures.balance_today is not None else ""),
        f"  平均驾驶 mean drive {figures.drive_s:.0f} s"
        + (f"(现 today {figures.drive_today_s:.0f} s)" if figures.drive_today_s is not None else "")
        + f" · 紧凑度 compactness {figures.compactness:.2f} · 边界 borders {figures.border_km:.0f} km"
        + f" · 仅靠桥相连 joined by a bridge alone {figures.crossings}"
        + (f" · 改属 moved {figures.moved:.0%}" if figures.moved is not None else ""),
    ]
    lines += [
        f"  {_pad(line.beat, 20)}{line.incidents_per_day:7.1f} 起/日 a day {line.work_hours_per_day:6.1f} h "
        f"{line.drive_s:5.0f} s {line.area_km2:6.2f} km²  {line.platform[0]:.5f},{line.platform[1]:.5f}"
        for line in figures.beats
    ]
    return "\n".join(lines)


def fleet_text(study: "FleetStudy") -> str:
    """A placing."""
    units = ", ".join(f"{name} {number}" for name, number in study.units.items())
    lines = [
        f"{len(study.sites)} 个平台 places · {units} · 占用 busy {study.busy:.1%}",
        f"  按时到达(期望) expected within limit: {_shares(study.attained)}",
        f"  全部空闲时 if every unit were free:    {_shares(study.all_free)}",
        f"  任何警力的上限 no force attains more:  {_shares(study.attainable)}",
        "  已证明最优 proven optimal" if study.optimal else f"  距已证界 from the proven bound: {study.gap:.2%}",
    ]
    lines += [
        f"  {_pad(line.platform or '新 new', 8)}{line.lon:.5f},{line.lat:.5f}  "
        + ", ".join(f"{name} {number}" for name, number in line.units.items())
        for line in study.sites
    ]
    lines += [f"  无法达到 not attainable: {each}" for each in unattainable_words(study)]
    return "\n".join(lines)


def worth_text(lines: "Sequence[WorthLine]") -> str:
    """What one unit more or less would do; a line break first, nothing without lines."""
    base = next((line for line in lines if line.change == 0), None)
    if base is None:
        return ""
    said = [
        f"    {line.unit_class} {line.change:+d}: "
        + ", ".join(
            f"{tier} {(line.attained.get(tier, 0.0) - share) * 100:+.2f}" for tier, share in base.attained.items()
        )
        for line in lines
        if line.change
    ]
    return "\n  多一个或少一个 one unit more or less (pp)\n" + "\n".join(said)


def unattainable_words(study: "FleetStudy") -> list[str]:
    """Places that no site reaches in time, one a line."""
    said = [
        f"{each.name or f'{each.lon:.5f},{each.lat:.5f}'} ({each.tier}, {each.limit_s:g} s, {each.share:.1%})"
        for each in study.unattainable
    ]
    if study.unattainable_more:
        said.append(f"另有 and {study.unattainable_more} 处 more")
    return said


def force_text(found: "LeastForce", *, confirmed: bool) -> str:
    """The least force beside its neighbours."""
    basis = "模拟 95 % 区间下限 lower end of the simulated 95 % interval" if confirmed else "期望覆盖 expected cover"
    if found.least is None:
        head = f"任何警力都不够 no force: {found.why_not}"
    else:
        head = f"最少 least: {found.least} × {found.unit_class}, {_shares(found.target)} ({basis})"
    lines = [head]
    for step in found.steps:
        mark = "达标 meets" if step.meets else "不达标 misses"
        lines.append(f"  {step.count:4d}  {_shares(step.attained) or '工作量已超 drowns in the work'}  {mark}")
    return "\n".join(lines)


def day_text(plan: "DayPlan") -> str:
    """The moves through a day."""
    lines = [
        f"全天 over the day: {_shares(plan.attained)};不移动 if nobody moves: {_shares(plan.stay_attained)}",
    ]
    for period in plan.periods:
        lines.append(f"{period.from_hour:02d}:00-{period.until_hour:02d}:00  {_shares(period.study.attained)}")
        lines += [
            f"    {move.unit_class}: {move.from_place} → {move.to_place} ({move.metres:.0f} m)" for move in period.moves
        ]
    return "\n".join(lines)


def comparison_text(found: "Comparison") -> str:
    """Plans beside each other."""
    names = "ABCDEF"
    lines = [
        f"{found.replications} × {found.days:g} 天 days, seed {found.seed}, {found.calls} 起 calls "
        f"({found.calls_a_day:.1f} 起/日 a day); 95 % 区间 intervals"
    ]
    for letter, plan in zip(names, found.plans, strict=False):
        units = ", ".join(f"{name} {number}" for name, number in plan.cost.units.items())
        lines.append(f"方案 plan {letter}: {plan.name} {plan.version} · {plan.cost.platforms} 平台 · {units}")
        for tier in plan.tiers:
            lines.append(
                f"  {_pad(f'{tier.name} {tier.limit_s:g} s 派警起 from order')}{figure_text(tier.response, 'share')}"
            )
            lines.append(f"  {_pad('    报警起 from call')}{figure_text(tier.citizen, 'share')}")
        rows: Sequence[tuple[str, FigureLine, str]] = (
            ("按时到达率(派警起) within limit", plan.within, "share"),
            ("平均出警用时 mean response", plan.mean_s, "s"),
            ("中位 median", plan.median_s, "s"),
            ("九成 90th percentile", plan.p90_s, "s"),
            ("超时起数/日(报警起) late a day", plan.late_a_day, "number"),
            ("等待派警 waited for a unit", plan.queued, "share"),
            ("警力占用率 utilisation", plan.utilisation, "share"),
            ("见警分钟/时 visible-unit minutes an hour", plan.visible_minutes_an_hour, "number"),
        )
        lines += [f"  {_pad(title)}{figure_text(figure, unit)}" for title, figure, unit in rows]
        lines.append(
            f"  {_pad('每公里街道见警分钟/时 by km of street')}{plan.visible_per_street_km:.2f}\n"
            f"  {_pad('人时/日 officer hours a day')}民警 police {plan.cost.police_hours_a_day:.0f}, "
            f"辅警 auxiliaries {plan.cost.auxiliary_hours_a_day:.0f}, 车组时 unit hours {plan.cost.unit_hours_a_day:.0f}"
        )
    for letter, differences in zip(names[1:], found.differences, strict=False):
        lines.append(f"{letter} − A(同一批警情 on the same calls, paired)")
        lines += [f"  {_pad(difference_name(each))}{difference_text(each)}" for each in differences]
        lines += _blocks(found, names.index(letter))
    lines += [f"注 note: {note}" for note in found.notes]
    return "\n".join(lines)


def rerun_text(found: "Rerun") -> str:
    """A day again."""
    measured = found.measured
    left = ", ".join(f"{why} {count}" for why, count in found.left_out.items())
    return "\n".join(
        [
            f"{found.day}: {found.incidents} 起警情重演 incidents rerun" + (f"; 未计 left out: {left}" if left else ""),
            "变更 changes: " + ("; ".join(found.changes) or "无 none"),
            "当日实测(仅供校准) measured that day, for calibration only: "
            f"{figure_text(measured.within, 'share')}; 平均 mean {_plain(measured.mean_s)} s; "
            f"无到场 without an arrival {measured.without_arrival}",
            comparison_text(found.comparison),
        ]
    )


def difference_name(line: "DifferenceLine") -> str:
    """Of a difference."""
    if line.figure.startswith("tier:"):
        return f"{line.figure[5:]} 按时到达 within limit"
    return DIFFERENCES[line.figure][0]


def difference_text(line: "DifferenceLine") -> str:
    """A signed figure with its interval; a star where it leaves out 0."""
    unit = "points" if line.figure.startswith("tier:") else DIFFERENCES[line.figure][1]
    if line.value is None:
        return "—"
    scale, mark = (100, " 个百分点 pp") if unit == "points" else (1, " s" if unit == "s" else "")
    text = f"{_near_zero(line.value * scale):+.2f}{mark}"
    if line.low is not None and line.high is not None:
        text += f"  [{_near_zero(line.low * scale):+.2f}, {_near_zero(line.high * scale):+.2f}]"
    return text + ("  *" if line.certain else "")


def figure_text(figure: "FigureLine", unit: str) -> str:
    """A figure with interval and counts."""
    if figure.value is None:
        return "—"
    scale, mark = (100, " %") if unit == "share" else (1, " s" if unit == "s" else "")
    text = f"{figure.value * scale:.1f}{mark}"
    if figure.low is not None and figure.high is not None:
        text += f"  [{figure.low * scale:.1f}, {figure.high * scale:.1f}]"
    return text + (f"  {figure.met}/{figure.of}" if figure.of is not None else "")


def _blocks(found: "Comparison", row: int) -> Iterable[str]:
    known = [block for block in found.blocks if block.low[row] > 0 or block.high[row] < 0]
    known.sort(key=lambda block: block.gain[row])
    worst, best = known[:_MOST_BLOCKS], known[::-1][:_MOST_BLOCKS]
    yield (
        f"  片区 blocks: {sum(b.gain[row] > 0 for b in known)} 得 gain, {sum(b.gain[row] < 0 for b in known)} 失 lose, "
        f"{len(found.blocks) - len(known)} 不显著 not certain, {found.blocks_without_enough} 警情太少 too few calls"
    )
    for block in [b for b in best if b.gain[row] > 0] + [b for b in worst if b.gain[row] < 0]:
        yield (
            f"    {block.lon:.5f},{block.lat:.5f}  {block.within[0]:.0%} → {block.within[row]:.0%}  "
            f"({block.gain[row]:+.0%}, {block.calls} 起 calls)"
        )


def _shares(shares: Mapping[str, float]) -> str:
    return ", ".join(f"{tier} {share:.1%}" for tier, share in shares.items())


def _plain(value: float | None) -> str:
    return "—" if value is None or math.isnan(value) else f"{value:.0f}"


def _near_zero(value: float) -> float:
    return 0.0 if abs(value) < 5e-3 else value


def _pad(text: str, width: int = _WIDTH) -> str:
    return text + " " * max(1, width - sum(2 if ord(char) > 0x2E80 else 1 for char in text))
