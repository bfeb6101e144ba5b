"""Sections of a planning report as HTML: words first, then the table, then the plot. Chinese first, English beside it.

Written for a deputy mayor: what is promised and how sure that is, what it costs, who gains and who loses, what no force can attain. Every
share has its numerator, denominator and 95 % interval. Nothing here computes a figure.
"""

from collections.abc import Sequence

from kuaijing.domain.plan_document import PlanDocument
from kuaijing.studies.city_study import CityStudy
from kuaijing.studies.demand_lines import HotSpotLine
from kuaijing.studies.report_made import beats_section, day_section, fleet_section, force_section
from kuaijing.studies.report_parts import ReportParts
from kuaijing.studies.report_plots import COLOURS, CityMap, arrivals, by_hour, letters
from kuaijing.studies.report_words import (
    counts_of,
    difference_name,
    english,
    escaped,
    interval_of,
    number_of,
    paragraphs,
    section,
    share_of,
    signed,
    units_in_words,
    weight_of,
)
from kuaijing.studies.what_if_lines import Comparison, FigureLine


def sections(city: CityStudy, plan: PlanDocument, parts: ReportParts, spots: Sequence[HotSpotLine]) -> list[str]:
    """All that there is something for, in the order of reading."""
    drawn = CityMap(city.blocks)
    found: list[str] = []
    if parts.comparison is not None:
        found += [_promise(parts.comparison), _beside(parts.comparison)]
    if parts.rerun is not None:
        found.append(_rerun(parts))
    found.append(_map(plan, drawn, spots))
    if parts.comparison is not None:
        found += [_plots(parts.comparison), _gains(parts.comparison, drawn), _cost(parts.comparison)]
    if parts.beats is not None:
        found.append(beats_section(parts))
    if parts.fleet is not None:
        found.append(fleet_section(parts, {tier.id: tier.name for tier in plan.tiers}))
    if parts.force is not None:
        found.append(force_section(parts))
    if parts.day is not None:
        found.append(day_section(parts))
    found.append(_method(parts))
    return found


def _promise(found: Comparison) -> str:
    last = found.plans[-1]
    cards = "".join(
        f'<div class="card"><div class="tier">{escaped(tier.name)} <span>{escaped(tier.name_en)} · {tier.limit_s:g} s</span></div>'
        f'<div class="big">{share_of(tier.response)}</div><div class="iv">95 %:{interval_of(tier.response)}</div>'
        f'<div class="iv">{counts_of(tier.response)}</div><div class="iv">报警起 from the call:{share_of(tier.citizen)}</div></div>'
        for tier in last.tiers
    )
    words = [
        f"按每日 {found.calls_a_day:.0f} 起警情计,方案 {letters(len(found.plans))[-1]}“{escaped(last.version)}”预计每日有 "
        f"<b>{number_of(last.late_a_day)}</b> 起超过时限(报警起算,95 % 区间 {interval_of(last.late_a_day, '', 1)}),"
        f"平均响应 <b>{number_of(last.mean_s, 0)} 秒</b>,九成在 <b>{number_of(last.p90_s, 0)} 秒</b>内到达。",
        *(_verdict(found, row) for row in range(1, len(found.plans))),
    ]
    beside = (
        f"At {found.calls_a_day:.0f} incidents a day the plan is expected to leave {number_of(last.late_a_day)} a day beyond their limit, "
        f"counted from the call (95 % interval {interval_of(last.late_a_day, '', 1)}); mean response {number_of(last.mean_s, 0)} s, "
        f"nine in ten within {number_of(last.p90_s, 0)} s. The cards show, by tier, the share reached in time counted from the order."
    )
    return section(
        "承诺与区间",
        "The promise and its interval",
        f'<div class="cards">{cards}</div>' + paragraphs(words) + english(beside),
    )


def _verdict(found: Comparison, row: int) -> str:
    late = next(each for each in found.differences[row - 1] if each.figure == "late_a_day")
    before = f"A {escaped(found.plans[0].name)}"
    if late.value is None or late.low is None or late.high is None or not late.certain:
        return (
            f"与“{before}”相比,超时起数看不出可靠的差别。<span class=en>No reliable difference in late arrivals.</span>"
        )
    fewer = late.value < 0
    low, high = sorted((abs(late.low), abs(late.high)))
    return (
        f"与“{before}”相比,同一批警情下每日超时{'减少' if fewer else '增加'} <b>{abs(late.value):.2f}</b> 起"
        f"(95 % 区间 {low:.2f} 至 {high:.2f})。"
        f"<span class=en>On the same calls {abs(late.value):.2f} {'fewer' if fewer else 'more'} late a day.</span>"
    )


def _beside(found: Comparison) -> str:
    names = letters(len(found.plans))
    head = "".join(
        f'<th><i style="background:{COLOURS[row]}"></i>{name} {escaped(plan.name)}<br><span>{escaped(plan.version)}</span></th>'
        for row, (name, plan) in enumerate(zip(names, found.plans, strict=True))
    )
    rows = []
    for tier in found.plans[0].tiers:
        cells = []
        for plan in found.plans:
            own = next((each for each in plan.tiers if each.tier == tier.tier), None)
            cells.append(
                "—"
                if own is None
                else f"{share_of(own.response)} <span>{interval_of(own.response)}<br>{counts_of(own.response)}</span>"
            )
        rows.append((f"{escaped(tier.name)} {tier.limit_s:g} s", escaped(tier.name_en), cells))
    plain: list[tuple[str, str, str, bool]] = [
        ("within", "按时到达率(派警起)", "within limit, from order", True),
        ("within_citizen", "按时到达率(报警起)", "within limit, from call", True),
        ("mean_s", "平均响应用时 s", "mean response", False),
        ("median_s", "中位响应用时 s", "median", False),
        ("p90_s", "九成响应用时 s", "90th percentile", False),
        ("late_a_day", "每日超时起数(报警起)", "late a day, from call", False),
        ("queued", "等待派警", "waited for a unit", True),
        ("utilisation", "警力占用率", "utilisation", True),
        ("visible_minutes_an_hour", "见警分钟/时", "visible-unit minutes an hour", False),
    ]
    for key, name, name_en, share in plain:
        figures: list[FigureLine] = [getattr(plan, key) for plan in found.plans]
        rows.append(
            (
                name,
                name_en,
                [
                    f"{share_of(each) if share else number_of(each)} <span>{interval_of(each, ' %' if share else '')}</span>"
                    for each in figures
                ],
            )
        )
    body = "".join(
        f"<tr><td>{name}<br><span>{name_en}</span></td>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
        for name, name_en, cells in rows
    )
    differences = "".join(_differences(found, row) for row in range(1, len(found.plans)))
    return section("方案对比", "Plans beside each other", f"<table><tr><th></th>{head}</tr>{body}</table>{differences}")


def _differences(found: Comparison, row: int) -> str:
    cells = "".join(
        f"<tr><td>{difference_name(found, each)}</td><td>{signed(each)}</td><td>{weight_of(each)}</td></tr>"
        for each in found.differences[row - 1]
    )
    title = f"{letters(row + 1)[row]} − A:同一批警情逐轮配对 paired on the same calls"
    return f"<h3>{title}</h3><table class=d><tr><th></th><th>差值 [95 %] difference</th><th></th></tr>{cells}</table>"


def _map(plan: PlanDocument, drawn: CityMap, spots: Sequence[HotSpotLine]) -> str:
    words = f"{len(plan.beats)} 个网格,{len(plan.platforms)} 个平台(括号内为警组数)。" + (
        f"红圈为近一年警情热点(Gi*,误报控制在 5 %),共 {len(spots)} 处。" if spots else ""
    )
    beside = "Beats and platforms (units in brackets)" + ("; red rings: hot spots of the last year." if spots else ".")
    return section(
        "网格、平台与热点",
        "Beats, platforms, hot spots",
        paragraphs([words]) + english(beside) + drawn.plan(plan, spots),
    )


def _plots(found: Comparison) -> str:
    legend = "".join(
        f'<span class="k"><i style="background:{COLOURS[row]}"></i>{name} {escaped(plan.name)}</span>'
        for row, (name, plan) in enumerate(zip(letters(len(found.plans)), found.plans, strict=True))
    )
    return section(
        "到达用时分布与各时段", "Response times, and hour by hour",
        f"<p>{legend}</p>{arrivals(found)}<p>灰柱为警情数,折线为按时到达率。"
        f"<span class=en>Bars: incidents; lines: share within the limit.</span></p>{by_hour(found)}",
    )  # fmt: skip


def _gains(found: Comparison, drawn: CityMap) -> str:
    if len(found.plans) < 2:
        return ""
    row = len(found.plans) - 1
    certain = [each for each in found.blocks if each.low[row] > 0 or each.high[row] < 0]
    gain, lose = (sum((each.gain[row] > 0) is up for each in certain) for up in (True, False))
    words = (
        f"<b>{gain}</b> 个片区按时到达率上升(蓝),<b>{lose}</b> 个下降(橙色斜纹),{len(found.blocks) - len(certain)} 个看不出差别(灰),"
        f"{found.blocks_without_enough} 个警情太少、不作判断(白)。"
    )
    beside = f"{gain} blocks gain (blue), {lose} lose (hatched), {len(found.blocks) - len(certain)} show no certain difference (grey)."
    return section(
        "谁得谁失", "Who gains, who loses", paragraphs([words]) + english(beside) + drawn.gains(found.blocks, row)
    )


def _cost(found: Comparison) -> str:
    rows = "".join(
        f"<tr><td>{name} {escaped(plan.name)}</td><td>{units_in_words(plan.cost.units)}</td><td>{plan.cost.platforms}</td>"
        f"<td>{plan.cost.unit_hours_a_day:.0f}</td><td>{plan.cost.police_hours_a_day:.0f}</td>"
        f"<td>{plan.cost.auxiliary_hours_a_day:.0f}</td></tr>"
        for name, plan in zip(letters(len(found.plans)), found.plans, strict=True)
    )
    return section(
        "警力投入", "What it takes",
        "<table><tr><th></th><th>车组 units</th><th>平台 platforms</th><th>车组时/日 unit hours</th>"
        f"<th>民警时/日 police hours</th><th>辅警时/日 auxiliary hours</th></tr>{rows}</table>",
    )  # fmt: skip


def _rerun(parts: ReportParts) -> str:
    found = parts.rerun
    assert found is not None
    measured = found.measured
    simulated = found.comparison.plans[0]
    mean = "—" if measured.mean_s is None else f"{measured.mean_s:.0f} s"
    words = [
        f"{escaped(found.day)} 的 {found.incidents} 起真实警情,变更:{escaped(';'.join(found.changes) or '无 none')}。",
        f"校准:当日实测按时到达率 {share_of(measured.within)}({interval_of(measured.within)},{counts_of(measured.within)}),平均 {mean};"
        f"同一方案模拟为 {share_of(simulated.within)}({interval_of(simulated.within)}),平均 {number_of(simulated.mean_s, 0)} s。"
        "比较的是模拟与模拟,实测只用来看模拟可不可信。",
    ]
    beside = "What is compared is simulated with simulated; the measured figures stand there for calibration alone."
    return section("真实一日重演", "A real day again", paragraphs(words) + english(beside))


def _method(parts: ReportParts) -> str:
    notes = [] if parts.comparison is None else [escaped(note) for note in parts.comparison.notes]
    if parts.comparison is not None:
        found = parts.comparison
        notes.insert(
            0, f"模拟 {found.replications} 轮 × {found.days:g} 天,种子 {found.seed},共 {found.calls} 起 simulated calls"
        )
    notes += [
        "各方案用同一批警情(公共随机数),差值只来自方案 Plans get the same calls, so a difference is theirs alone",
        "模拟不知道:当天的天气与临时管制、机组个人差异、多头同时挤占的接警台 Not known to the simulator: weather, persons, a crowded desk",
        "见警分钟按警组空闲时间与巡逻点停留推算,不是逐秒跟踪 Presence is reckoned from free time and patrol points, not tracked",
    ]
    items = "".join(f"<li>{note}</li>" for note in notes)
    return section("口径与局限", "Method and limits", f"<ul>{items}</ul>")
