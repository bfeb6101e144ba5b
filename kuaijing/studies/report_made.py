"""Sections of a planning report on what was made: beats, placing and bound, the least force, moves through the day. Computes no figure."""

from collections.abc import Mapping

from kuaijing.studies.report_parts import ReportParts
from kuaijing.studies.report_words import CLASSES, escaped, paragraphs, section, signed_plainly


def beats_section(parts: ReportParts) -> str:
    """A cut of beats."""
    assert parts.beats is not None
    figures = parts.beats.figures
    today = "" if figures.balance_today is None else f"(现行 {figures.balance_today:.2f})"
    words = [
        f"最忙网格的工作量是平均的 <b>{figures.balance:.2f}</b> 倍{today};平均驾驶 {figures.drive_s:.0f} 秒,"
        f"紧凑度 {figures.compactness:.2f},边界共 {figures.border_km:.0f} 公里。"
        + (f"有 {figures.moved:.0%} 的工作量改属其他网格。" if figures.moved is not None else "")
    ]
    rows = "".join(
        f"<tr><td>{escaped(line.beat)}</td><td>{line.incidents_per_day:.1f}</td><td>{line.work_hours_per_day:.1f}</td>"
        f"<td>{line.drive_s:.0f}</td><td>{line.area_km2:.1f}</td></tr>"
        for line in figures.beats
    )
    table = (
        "<table><tr><th>网格 beat</th><th>起/日 a day</th><th>工作小时/日 work h</th><th>驾驶 s drive</th><th>km²</th></tr>"
        f"{rows}</table>"
    )
    return section("网格", "Beats", paragraphs(words) + table)


def fleet_section(parts: ReportParts, tiers: Mapping[str, str]) -> str:
    """A placing with its bound, the worth of a unit, and what no force attains."""
    study = parts.fleet
    assert study is not None
    proof = "已证明没有更好的布点" if study.optimal else f"距已证明的上界 {study.gap:.2%}"
    english = "proven: no placing is better" if study.optimal else f"{study.gap:.2%} below the proven bound"
    rows = "".join(
        f"<tr><td>{escaped(tiers.get(tier, tier))}</td><td>{share:.1%}</td><td>{study.all_free.get(tier, 0):.1%}</td>"
        f"<td>{study.attainable.get(tier, 0):.1%}</td></tr>"
        for tier, share in study.attained.items()
    )
    table = (
        "<table><tr><th>圈层 tier</th><th>期望按时 expected</th><th>全部空闲时 all free</th>"
        f"<th>任何警力的上限 no force attains more</th></tr>{rows}</table>"
    )
    worth = _worth(parts, tiers)
    return section(
        "布点与上界", f"Placing and bound: {english}", paragraphs([f"{proof}。"]) + table + worth + _unattainable(parts)
    )


def _worth(parts: ReportParts, tiers: Mapping[str, str]) -> str:
    base = next((line for line in parts.worth if line.change == 0), None)
    if base is None:
        return ""
    changes = {
        (line.unit_class, line.change): [
            (line.attained.get(tier, 0) - share) * 100 for tier, share in base.attained.items()
        ]
        for line in parts.worth
        if line.change
    }
    if all(abs(each) < 0.05 for row in changes.values() for each in row):
        words = (
            "在这样的负荷下,多一个或少一个车组都看不出变化:警力充裕,短板在点位。"
            "<span class=en>One unit more or less changes nothing to be seen: the force is ample, places are what limits.</span>"
        )
    else:
        words = (
            "重新布点后期望按时到达率的变化(百分点)。"
            "<span class=en>Change of the expected share, percentage points, each time placed anew.</span>"
        )
    heads = "".join(f"<th>{escaped(tiers.get(tier, tier))}</th>" for tier in base.attained)
    rows = ""
    for (name, change), row in changes.items():
        cells = "".join(f"<td>{signed_plainly(each)}</td>" for each in row)
        rows += f"<tr><td>{CLASSES.get(name, escaped(name))} {change:+d}</td>{cells}</tr>"
    return (
        "<h3>多一个或少一个车组值多少 What one unit more or less is worth</h3>"
        f"<p>{words}</p><table class=d><tr><th></th>{heads}</tr>{rows}</table>"
    )


def _unattainable(parts: ReportParts) -> str:
    study = parts.fleet or (parts.force.study if parts.force is not None else None)
    if study is None or not study.unattainable:
        return ""
    items = "".join(
        f"<li>{escaped(each.name) or f'{each.lon:.5f}, {each.lat:.5f}'} — {escaped(each.tier)},{each.limit_s:g} s,"
        f"占该圈层 {each.share:.1%} of its tier</li>"
        for each in study.unattainable
    )
    more = f"<li>另有 and {study.unattainable_more} 处 more</li>" if study.unattainable_more else ""
    return (
        "<h3>任何警力都达不到的地点 What no force can attain</h3><p>从任何候选点出发都不能在时限内到达:要么增设可停靠的点位,要么放宽时限。"
        "<span class=en>No candidate site reaches these in time: find a site nearer, or a longer limit.</span></p>"
        f"<ul class=cols>{items}{more}</ul>"
    )


def force_section(parts: ReportParts) -> str:
    """The least force beside its neighbours."""
    found = parts.force
    assert found is not None
    target = "、".join(f"{escaped(tier)} {share:.0%}" for tier, share in found.target.items())
    kind = CLASSES.get(found.unit_class, escaped(found.unit_class))
    head = (
        f"达到 {target} 至少需要 <b>{found.least}</b> 个{kind}。"
        if found.least is not None
        else f"达到 {target}:<b>任何数量都不够</b>。{escaped(found.why_not)}"
    )
    tiers = list(found.target)
    rows = ""
    for step in found.steps:
        cells = "".join(f"<td>{step.attained[t]:.1%}</td>" if t in step.attained else "<td>—</td>" for t in tiers)
        rows += f"<tr><td>{step.count}</td>{cells}<td>{'达标 meets' if step.meets else '不达标 misses'}</td></tr>"
    heads = "".join(f"<th>{escaped(tier)}</th>" for tier in tiers)
    return section(
        "最少警力", "The least force",
        paragraphs([head]) + f"<table class=d><tr><th>{kind}</th>{heads}<th></th></tr>{rows}</table>"
        + ("" if parts.fleet is not None else _unattainable(parts)),
    )  # fmt: skip


def day_section(parts: ReportParts) -> str:
    """The table of moves."""
    day = parts.day
    assert day is not None
    rows = []
    for period in day.periods:
        moves = "<br>".join(
            f"{CLASSES.get(move.unit_class, escaped(move.unit_class))}:"
            f"{escaped(move.from_place)} → {escaped(move.to_place)}({move.metres:.0f} m)"
            for move in period.moves
        )
        shares = "<br>".join(f"{escaped(tier)} {share:.1%}" for tier, share in period.study.attained.items())
        rows.append(
            f"<tr><td>{period.from_hour:02d}:00–{period.until_hour:02d}:00</td><td>{shares}</td><td>{moves or '不动 none'}</td></tr>"
        )
    return section(
        "全天调动表", "Moves through the day",
        "<table class=d><tr><th>时段 period</th><th>期望按时 expected</th><th>时段开始时调动 moves when it begins</th></tr>"
        f"{''.join(rows)}</table>",
    )  # fmt: skip
