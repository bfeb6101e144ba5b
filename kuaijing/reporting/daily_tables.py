"""The daily report as plain tables with headings in both languages: what the CSV and XLSX writers lay out."""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from kuaijing.reporting.words import ORIGINS
from kuaijing.wire.reports import AttainmentView, CountView, DailyReport

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """One table; ``sheet`` is a short name."""

    sheet: str
    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


_SHARE = (
    "达标 met",
    "分母 of",
    "达标率 share",
    "95%下限 low",
    "95%上限 high",
)
_ATTAINMENT = (
    "时限(秒) limit s",
    "警情 incidents",
    *(f"响应时钟 response: {heading}" for heading in _SHARE),
    *(f"报警人时钟 citizen's: {heading}" for heading in _SHARE),
    "未测得 unmeasured",
    "进行中 running",
)


def tables_of(report: DailyReport) -> list[Table]:
    """All tables, in the order of the page."""
    return [
        _heading(report),
        _accounts(report),
        _attainment("分区 tiers", "按分区达标 Attainment by tier", "分区 tier", [report.total, *report.by_tier]),
        _attainment("网格 beats", "按网格达标 Attainment by beat", "网格 beat", report.by_beat),
        _attainment("时段 hours", "按时段达标 Attainment by hour of day", "时段 hour", report.by_hour),
        _clocks(report),
        _counts("类别 kinds", "按首次类别 By first kind", report.by_kind),
        _counts("来源 origins", "按来源 By origin", report.by_origin),
        _counts("结果 outcomes", "按结果 By outcome", report.by_outcome),
        _counts("后续 follow-up", "按后续接手 By who goes on with it", report.by_follow_up),
        _counts("等级 grades", "按首次等级 By first grade", report.by_grade),
        _misses(report),
        _mismatches(report),
    ]


def _heading(report: DailyReport) -> Table:
    zone = ZoneInfo(report.timezone)
    rows = (
        ("日期 day", report.day),
        ("时区 time zone", report.timezone),
        ("当日小时数 hours in the day", report.hours_in_day),
        ("制表时间 made at", report.made_at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")),
        ("已完结 complete", "是 yes" if report.complete else "否 no"),
        (
            "方案 plan",
            f"{report.plan} {report.plan_version}" + (" (临时 provisional)" if report.plan_provisional else ""),
        ),
    )
    return Table("日报 daily", f"警情日报 Daily report {report.day}", ("项目 item", "值 value"), rows)


def _accounts(report: DailyReport) -> Table:
    accounts = report.accounts
    rows: tuple[tuple[Cell, ...], ...] = (
        ("已测得到场(分母) measured, the denominator", accounts.measured),
        ("未测得到场 unmeasured", accounts.unmeasured),
        ("进行中 running", accounts.running),
        ("未派警 never ordered", accounts.never_ordered),
        ("到场前撤销 cancelled before arrival", accounts.cancelled_before_arrival),
        (f"{ORIGINS['patrol'][0]} found by patrol", accounts.found_by_patrol),
        ("并入其他警情 merged", accounts.merged),
        ("合计 all incidents", accounts.incidents),
    )
    return Table("统计口径 accounts", "统计口径 Where each incident is counted", ("类 class", "警情 incidents"), rows)


def _attainment(sheet: str, title: str, first: str, views: Iterable[AttainmentView]) -> Table:
    rows = tuple(
        (
            f"{view.name} {view.name_en}".strip(),
            view.limit_s,
            view.incidents,
            *_share(view, citizen=False),
            *_share(view, citizen=True),
            view.response.unmeasured,
            view.running,
        )
        for view in views
    )
    return Table(sheet, title, (first, *_ATTAINMENT), rows)


def _share(view: AttainmentView, *, citizen: bool) -> tuple[Cell, ...]:
    share = view.citizen if citizen else view.response
    return (
        share.met,
        share.of,
        *(None if each is None else round(each, 4) for each in (share.share, share.low, share.high)),
    )


def _clocks(report: DailyReport) -> Table:
    headings = (
        "时钟 clock",
        "计入 counted",
        "平均(秒) mean s",
        "中位(秒) median s",
        "90百分位(秒) p90 s",
        "时序颠倒未计 left out, stamped backwards",
    )
    rows = tuple(
        (
            f"{view.name} {view.name_en}",
            view.counted,
            *(None if each is None else round(each, 1) for each in (view.mean_s, view.median_s, view.p90_s)),
            view.backwards,
        )
        for view in report.clocks
    )
    return Table("五个时钟 clocks", "五个时钟 The five clocks", headings, rows)


def _counts(sheet: str, title: str, views: Iterable[CountView]) -> Table:
    rows = tuple((view.key, view.name, view.name_en, view.count) for view in views)
    return Table(sheet, title, ("代码 key", "名称 name", "英文 name in English", "警情 incidents"), rows)


def _misses(report: DailyReport) -> Table:
    zone = ZoneInfo(report.timezone)
    headings = (
        "警情 incident",
        "接警 opened",
        "类别 kind",
        "等级 grade",
        "分区 tier",
        "时限(秒) limit s",
        "网格 beat",
        "道路 road",
        "首到警力 first unit",
        "响应(秒) response s",
        "超时(秒) over s",
        "报警人(秒) citizen's s",
        "超时(秒) citizen's over s",
        "区间跨时限 straddles the limit",
    )
    rows = tuple(
        (
            miss.incident,
            miss.opened_at.astimezone(zone).strftime("%H:%M:%S"),
            miss.kind_name,
            miss.grade,
            miss.tier,
            miss.limit_s,
            miss.beat,
            miss.road,
            miss.first_unit,
            round(miss.response_s, 1),
            None if miss.response_over_s is None else round(miss.response_over_s, 1),
            round(miss.citizen_s, 1),
            None if miss.citizen_over_s is None else round(miss.citizen_over_s, 1),
            "是 yes" if miss.straddles else "",
        )
        for miss in report.misses
    )
    return Table("超时 misses", "超时清单 Misses by either clock", headings, rows)


def _mismatches(report: DailyReport) -> Table:
    zone = ZoneInfo(report.timezone)
    headings = (
        "警情 incident",
        "派警 assignment",
        "呼号 call sign",
        "按键到场 pressed",
        "实测最早 measured, earliest",
        "实测最晚 measured, latest",
        "相差(秒) gap s",
        "语音代录 by voice",
    )
    rows = tuple(
        (
            each.incident,
            each.assignment,
            each.call_sign,
            *(
                moment.astimezone(zone).strftime("%H:%M:%S")
                for moment in (each.pressed_at, each.measured_earliest, each.measured_latest)
            ),
            round(each.gap_s, 1),
            "是 yes" if each.by_voice else "",
        )
        for each in report.mismatches
    )
    return Table("不符 mismatches", "按键与实测相差超过60秒 Pressed and measured differ by over 60 s", headings, rows)
