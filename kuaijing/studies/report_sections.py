"""Sections of a planning report as HTML: words first, then the table, then the plot. Chinese first, English beside it.

Written for a deputy mayor: what is promised and how sure that is, what it costs, who gains and who loses, what no force can attain. Every
share has its numerator, denominator and 95 % interval. Nothing here computes a figure.
"""

import html
from collections.abc import Sequence

from kuaijing.domain.plan_document import PlanDocument
from kuaijing.studies.city_study import CityStudy
from kuaijing.studies.demand_lines import HotSpotLine
from kuaijing.studies.report_parts import ReportParts
from kuaijing.studies.report_plots import COLOURS, CityMap, arrivals, by_hour, letters
from kuaijing.studies.what_if_lines import Comparison, DifferenceLine, FigureLine

_CLASSES = {"command_vehicle": "指挥车 command", "car": "警车 car", "motorcycle": "摩托 motorcycle"}
_NAMES = {
    "within": ("按时到达率", "share within the limit, from order", "pp"),
    "within_citizen": ("按时到达率(报警起)", "share within the limit, from call", "pp"),
    "mean_s": ("平均响应用时", "mean response", "s"),
    "median_s": ("中位响应用时", "median response", "s"),
    "p90_s": ("九成响应用时", "90th percentile", "s"),
    "late_a_day": ("每日超时起数", "late a day", ""),
    "utilisation": ("警力占用率", "utilisation", "pp"),
    "visible": ("见警分钟/时", "visible-unit minutes an hour", ""),
}


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
        found.append(_beats(parts))
    if parts.fleet is not None:
        found.append(_fleet(parts))
    if parts.force is not None:
        found.append(_force(parts))
    if parts.day is not None:
        found.append(_day(parts))
    found.append(_method(parts))
    return found


def _promise(found: Comparison) -> str:
    last = found.plans[-1]
    cards = "".join(
        f'<div class="card"><div class="tier">{_e(tier.name)} <span>{_e(tier.name_en)} · {tier.limit_s:g} s</span></div>'
        f'<div class="big">{_share(tier.response)}</div><div class="iv">95 %:{_interval(tier.response)}</div>'
        f'<div class="iv">{_of(tier.response)}</div></div>'
        for tier in last.tiers
    )
    words = [
        f"按每日 {found.calls_a_day:.0f} 起警情计,方案“{_e(last.name)}”预计每日有 "
        f"<b>{_number(last.late_a_day)}</b> 起超过时限(报警起算,95 % 区间 {_interval(last.late_a_day, '', 1)}),"
        f"平均响应 <b>{_number(last.mean_s, 0)} 秒</b>,九成在 <b>{_number(last.p90_s, 0)} 秒</b>内到达。",
        *(_verdict(found, row) for row in range(1, len(found.plans))),
    ]
    english = (
        f"At {found.calls_a_day:.0f} incidents a day the plan is expected to leave {_number(last.late_a_day)} a day beyond their limit, "
        f"counted from the call (95 % interval {_interval(last.late_a_day, '', 1)}); mean response {_number(last.mean_s, 0)} s, "
        f"nine in ten within {_number(last.p90_s, 0)} s. The cards show, by tier, the share reached in time counted from the order."
    )
    return _section(
        "承诺与区间", "The promise and its interval", f'<div class="cards">{cards}</div>' + _p(words) + _en(english)
    )


def _verdict(found: Comparison, row: int) -> str:
    late = next(each for each in found.differences[row - 1] if each.figure == "late_a_day")
    before = _e(found.plans[0].name)
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
        f'<th><i style="background:{COLOURS[row]}"></i>{name} {_e(plan.name)}<br><span>{_e(plan.version)}</span></th>'
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
                else f"{_share(own.response)} <span>{_interval(own.response)}<br>{_of(own.response)}</span>"
            )
        rows.append((f"{_e(tier.name)} {tier.limit_s:g} s", _e(tier.name_en), cells))
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
                    f"{_share(each) if share else _number(each)} <span>{_interval(each) if share else _interval(each, '', 1)}</span>"
                    for each in figures
                ],
            )
        )
    body = "".join(
        f"<tr><td>{name}<br><span>{name_en}</span></td>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
        for name, name_en, cells in rows
    )
    differences = "".join(_differences(found, row) for row in range(1, len(found.plans)))
    return _section(
        "方案对比", "Plans beside each other", f"<table><tr><th></th>{head}</tr>{body}</table>{differences}"
    )


def _differences(found: Comparison, row: int) -> str:
    cells = "".join(
        f"<tr><td>{_difference_name(found, each)}</td><td>{_signed(each)}</td>"
        f"<td>{'可信 certain' if each.certain else '不显著 not certain'}</td></tr>"
        for each in found.differences[row - 1]
    )
    title = f"{letters(row + 1)[row]} − A:同一批警情逐轮配对 paired on the same calls"
    return f"<h3>{title}</h3><table class=d><tr><th></th><th>差值 [95 %] difference</th><th></th></tr>{cells}</table>"


def _map(plan: PlanDocument, drawn: CityMap, spots: Sequence[HotSpotLine]) -> str:
    words = f"{len(plan.beats)} 个巡区,{len(plan.platforms)} 个平台(括号内为警组数)。" + (
        f"红圈为近一年警情热点(Gi*,误报控制在 5 %),共 {len(spots)} 处。" if spots else ""
    )
    english = "Beats and platforms (units in brackets)" + ("; red rings: hot spots of the last year." if spots else ".")
    return _section(
        "巡区、平台与热点", "Beats, platforms, hot spots", _p([words]) + _en(english) + drawn.plan(plan, spots)
    )


def _plots(found: Comparison) -> str:
    legend = "".join(
        f'<span class="k"><i style="background:{COLOURS[row]}"></i>{name} {_e(plan.name)}</span>'
        for row, (name, plan) in enumerate(zip(letters(len(found.plans)), found.plans, strict=True))
    )
    return _section(
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
    english = f"{gain} blocks gain (blue), {lose} lose (hatched), {len(found.blocks) - len(certain)} show no certain difference (grey)."
    return _section("谁得谁失", "Who gains, who loses", _p([words]) + _en(english) + drawn.gains(found.blocks, row))


def _cost(found: Comparison) -> str:
    rows = "".join(
        f"<tr><td>{name} {_e(plan.name)}</td><td>{_units(plan.cost.units)}</td><td>{plan.cost.platforms}</td>"
        f"<td>{plan.cost.unit_hours_a_day:.0f}</td><td>{plan.cost.police_hours_a_day:.0f}</td>"
        f"<td>{plan.cost.auxiliary_hours_a_day:.0f}</td></tr>"
        for name, plan in zip(letters(len(found.plans)), found.plans, strict=True)
    )
    return _section(
        "警力投入", "What it takes",
        "<table><tr><th></th><th>车组 units</th><th>平台 platforms</th><th>车组时/日 unit hours</th>"
        f"<th>民警时/日 police hours</th><th>辅警时/日 auxiliary hours</th></tr>{rows}</table>",
    )  # fmt: skip


def _beats(parts: ReportParts) -> str:
    assert parts.beats is not None
    figures = parts.beats.figures
    today = "" if figures.balance_today is None else f"(现行 {figures.balance_today:.2f})"
    words = [
        f"最忙巡区的工作量是平均的 <b>{figures.balance:.2f}</b> 倍{today};平均驾驶 {figures.drive_s:.0f} 秒,"
        f"紧凑度 {figures.compactness:.2f},边界共 {figures.border_km:.0f} 公里。"
        + (f"有 {figures.moved:.0%} 的工作量改属其他巡区。" if figures.moved is not None else "")
    ]
    rows = "".join(
        f"<tr><td>{_e(line.beat)}</td><td>{line.incidents_per_day:.1f}</td><td>{line.work_hours_per_day:.1f}</td>"
        f"<td>{line.drive_s:.0f}</td><td>{line.area_km2:.1f}</td></tr>"
        for line in figures.beats
    )
    table = (
        "<table><tr><th>巡区 beat</th><th>起/日 a day</th><th>工作小时/日 work h</th><th>驾驶 s drive</th><th>km²</th></tr>"
        f"{rows}</table>"
    )
    return _section("巡区", "Beats", _p(words) + table)


def _fleet(parts: ReportParts) -> str:
    study = parts.fleet
    assert study is not None
    proof = "已证明没有更好的布点" if study.optimal else f"距已证明的上界 {study.gap:.2%}"
    english = "proven: no placing is better" if study.optimal else f"{study.gap:.2%} below the proven bound"
    rows = "".join(
        f"<tr><td>{_e(tier)}</td><td>{share:.1%}</td><td>{study.all_free.get(tier, 0):.1%}</td>"
        f"<td>{study.attainable.get(tier, 0):.1%}</td></tr>"
        for tier, share in study.attained.items()
    )
    table = (
        "<table><tr><th>圈层 tier</th><th>期望按时 expected</th><th>全部空闲时 all free</th>"
        f"<th>任何警力的上限 no force attains more</th></tr>{rows}</table>"
    )
    worth = ""
    base = next((line for line in parts.worth if line.change == 0), None)
    if base is not None:
        cells = "".join(
            f"<tr><td>{_CLASSES.get(line.unit_class, _e(line.unit_class))} {line.change:+d}</td>"
            + "".join(
                f"<td>{(line.attained.get(tier, 0) - share) * 100:+.2f}</td>" for tier, share in base.attained.items()
            )
            + "</tr>"
            for line in parts.worth
            if line.change
        )
        heads = "".join(f"<th>{_e(tier)}</th>" for tier in base.attained)
        worth = (
            "<h3>多一个或少一个车组值多少 What one unit more or less is worth</h3><p>重新布点后期望按时到达率的变化(百分点)。"
            f"<span class=en>Change of the expected share, percentage points, each time placed anew.</span></p>"
            f"<table class=d><tr><th></th>{heads}</tr>{cells}</table>"
        )
    return _section(
        "布点与上界", f"Placing and bound: {english}", _p([f"{proof}。"]) + table + worth + _unattainable(parts)
    )


def _unattainable(parts: ReportParts) -> str:
    study = parts.fleet or (parts.force.study if parts.force is not None else None)
    if study is None or not study.unattainable:
        return ""
    items = "".join(
        f"<li>{_e(each.name) or f'{each.lon:.5f}, {each.lat:.5f}'} — {_e(each.tier)},{each.limit_s:g} s,"
        f"占该圈层 {each.share:.1%} of its tier</li>"
        for each in study.unattainable
    )
    more = f"<li>另有 and {study.unattainable_more} 处 more</li>" if study.unattainable_more else ""
    return (
        "<h3>任何警力都达不到的地点 What no force can attain</h3><p>从任何候选点出发都不能在时限内到达:要么增设可停靠的点位,要么放宽时限。"
        "<span class=en>No candidate site reaches these in time: find a site nearer, or a longer limit.</span></p>"
        f"<ul class=cols>{items}{more}</ul>"
    )


def _force(parts: ReportParts) -> str:
    found = parts.force
    assert found is not None
    target = "、".join(f"{_e(tier)} {share:.0%}" for tier, share in found.target.items())
    kind = _CLASSES.get(found.unit_class, _e(found.unit_class))
    head = (
        f"达到 {target} 至少需要 <b>{found.least}</b> 个{kind}。"
        if found.least is not None
        else f"达到 {target}:<b>任何数量都不够</b>。{_e(found.why_not)}"
    )
    tiers = list(found.target)
    rows = ""
    for step in found.steps:
        cells = "".join(f"<td>{step.attained[t]:.1%}</td>" if t in step.attained else "<td>—</td>" for t in tiers)
        rows += f"<tr><td>{step.count}</td>{cells}<td>{'达标 meets' if step.meets else '不达标 misses'}</td></tr>"
    heads = "".join(f"<th>{_e(tier)}</th>" for tier in tiers)
    return _section(
        "最少警力", "The least force",
        _p([head]) + f"<table class=d><tr><th>{kind}</th>{heads}<th></th></tr>{rows}</table>"
        + ("" if parts.fleet is not None else _unattainable(parts)),
    )  # fmt: skip


def _day(parts: ReportParts) -> str:
    day = parts.day
    assert day is not None
    rows = []
    for period in day.periods:
        moves = "<br>".join(
            f"{_CLASSES.get(move.unit_class, _e(move.unit_class))}:{_e(move.from_place)} → {_e(move.to_place)}({move.metres:.0f} m)"
            for move in period.moves
        )
        shares = "<br>".join(f"{_e(tier)} {share:.1%}" for tier, share in period.study.attained.items())
        rows.append(
            f"<tr><td>{period.from_hour:02d}:00–{period.until_hour:02d}:00</td><td>{shares}</td><td>{moves or '不动 none'}</td></tr>"
        )
    return _section(
        "全天调动表", "Moves through the day",
        "<table class=d><tr><th>时段 period</th><th>期望按时 expected</th><th>时段开始时调动 moves when it begins</th></tr>"
        f"{''.join(rows)}</table>",
    )  # fmt: skip


def _rerun(parts: ReportParts) -> str:
    found = parts.rerun
    assert found is not None
    measured = found.measured
    simulated = found.comparison.plans[0]
    mean = "—" if measured.mean_s is None else f"{measured.mean_s:.0f} s"
    words = [
        f"{_e(found.day)} 的 {found.incidents} 起真实警情,变更:{_e(';'.join(found.changes) or '无 none')}。",
        f"校准:当日实测按时到达率 {_share(measured.within)}({_interval(measured.within)},{_of(measured.within)}),平均 {mean};"
        f"同一方案模拟为 {_share(simulated.within)}({_interval(simulated.within)}),平均 {_number(simulated.mean_s, 0)} s。"
        "比较的是模拟与模拟,实测只用来看模拟可不可信。",
    ]
    english = "What is compared is simulated with simulated; the measured figures stand there for calibration alone."
    return _section("真实一日重演", "A real day again", _p(words) + _en(english))


def _method(parts: ReportParts) -> str:
    notes = [] if parts.comparison is None else [_e(note) for note in parts.comparison.notes]
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
    return _section("口径与局限", "Method and limits", f"<ul>{items}</ul>")


# --- words ------------------------------------------------------------------------------------------------------------------


def _section(title: str, title_en: str, body: str) -> str:
    return f"<section><h2>{title} <span>{title_en}</span></h2>{body}</section>"


def _p(lines: Sequence[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def _en(text: str) -> str:
    return f"<p class=en>{text}</p>"


def _e(text: str) -> str:
    return html.escape(text)


def _share(figure: FigureLine) -> str:
    return "—" if figure.value is None else f"{figure.value * 100:.1f} %"


def _number(figure: FigureLine, digits: int = 1) -> str:
    return "—" if figure.value is None else f"{figure.value:.{digits}f}"


def _interval(figure: FigureLine, mark: str = " %", digits: int = 1) -> str:
    if figure.low is None or figure.high is None:
        return "区间未知 no interval"
    scale = 100 if mark else 1
    return f"{figure.low * scale:.{digits}f}–{figure.high * scale:.{digits}f}{mark}"


def _of(figure: FigureLine) -> str:
    return "" if figure.of is None else f"{figure.met:,} / {figure.of:,} 起"


def _units(units: dict[str, int]) -> str:
    return ",".join(f"{_CLASSES.get(name, _e(name))} {number}" for name, number in units.items())


def _difference_name(found: Comparison, line: DifferenceLine) -> str:
    if line.figure.startswith("tier:"):
        tier = next((each for each in found.plans[0].tiers if each.tier == line.figure[5:]), None)
        return f"{_e(tier.name) if tier else _e(line.figure[5:])} 按时到达率 <span>{_e(tier.name_en) if tier else ''}</span>"
    name, name_en, _ = _NAMES[line.figure]
    return f"{name} <span>{name_en}</span>"


def _signed(line: DifferenceLine) -> str:
    unit = "pp" if line.figure.startswith("tier:") else _NAMES[line.figure][2]
    if line.value is None:
        return "—"
    scale = 100 if unit == "pp" else 1
    mark = {"pp": " 个百分点 pp", "s": " s", "": ""}[unit]
    text = f"{line.value * scale:+.2f}"
    if line.low is not None and line.high is not None:
        text += f" [{line.low * scale:+.2f}, {line.high * scale:+.2f}]"
    return text + mark
