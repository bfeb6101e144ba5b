"""The report of pressed and measured arrivals as plain tables, for CSV and XLSX."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from kuaijing.reporting.daily_tables import Cell, Table
from kuaijing.wire.mismatches import MismatchReport, MismatchTally, PressView

_FINDINGS = {"gap": "相差 gap", "far": "距离过远 far", "unmeasured": "未测得 unmeasured"}


def mismatch_tables(report: MismatchReport) -> list[Table]:
    """All tables, in the order of the page."""
    zone = ZoneInfo(report.timezone)
    return [
        _heading(report, zone),
        _presses("不符 mismatches", "按键与实测不符 Pressed and measured disagree", report.presses, zone),
        _presses("未测得 unmeasured", "按键到场而未测得 Pressed, not measured", report.unmeasured, zone),
        _unpressed(report, zone),
        _tallies("警力 units", "按警力 By unit", "警力 unit", [report.total, *report.by_unit]),
        _tallies("网格 beats", "按网格 By beat", "网格 beat", report.by_beat),
    ]


def _heading(report: MismatchReport, zone: ZoneInfo) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = (
        ("起 from", _moment(report.from_at, zone)),
        ("止 to", _moment(report.to, zone)),
        ("时区 time zone", report.timezone),
        ("警力 unit", report.unit or "全部 all"),
        ("网格 beat", report.beat or "全部 all"),
        ("相差限(秒) gap limit s", report.gap_limit_s),
        ("距离限(米) far limit m", report.far_m),
        ("定位与按键最多相隔(秒) fix within s", report.fix_within_s),
        ("制表时间 made at", _moment(report.made_at, zone)),
    )
    return Table("核对 check", "到场按键与定位核对 Pressed beside measured arrivals", ("项目 item", "值 value"), rows)


def _presses(sheet: str, title: str, presses: Iterable[PressView], zone: ZoneInfo) -> Table:
    headings = (
        "警情 incident",
        "派警 assignment",
        "呼号 call sign",
        "网格 beat",
        "地点 place",
        "按键到场 pressed",
        "语音代录 by voice",
        "实测最早 measured, earliest",
        "实测最晚 measured, latest",
        "相差(秒) gap s",
        "直线(米) straight m",
        "沿路(米) along m",
        "定位早于按键(秒) fix before press s",
        "定位误差(米) accuracy m",
        "情形 findings",
    )
    rows = tuple(
        (
            press.incident,
            press.assignment,
            press.call_sign,
            press.beat,
            press.place,
            _moment(press.pressed_at, zone),
            "是 yes" if press.by_voice else "",
            _moment(press.measured_earliest, zone),
            _moment(press.measured_latest, zone),
            None if press.gap_s is None else round(press.gap_s, 1),
            *_fix(press),
            "；".join(_FINDINGS[each] for each in press.findings),
        )
        for press in presses
    )
    return Table(sheet, title, headings, rows)


def _fix(press: PressView) -> tuple[Cell, ...]:
    fix = press.fix
    return (None,) * 4 if fix is None else (fix.straight_m, fix.along_m, round(fix.age_s, 1), fix.accuracy_m)


def _unpressed(report: MismatchReport, zone: ZoneInfo) -> Table:
    headings = (
        "警情 incident",
        "派警 assignment",
        "呼号 call sign",
        "网格 beat",
        "地点 place",
        "实测最早 measured, earliest",
        "实测最晚 measured, latest",
    )
    rows = tuple(
        (
            each.incident,
            each.assignment,
            each.call_sign,
            each.beat,
            each.place,
            _moment(each.measured_earliest, zone),
            _moment(each.measured_latest, zone),
        )
        for each in report.unpressed
    )
    return Table("未按键 unpressed", "已测得到场而未按键 Measured, never pressed", headings, rows)


def _tallies(sheet: str, title: str, first: str, tallies: Iterable[MismatchTally]) -> Table:
    headings = (
        first,
        "按键 pressed",
        "可比 compared",
        "相符 agree",
        "过早 early",
        "过晚 late",
        "距离过远 far",
        "未测得 unmeasured",
        "未按键 unpressed",
        "相差中位(秒) median gap s",
    )
    rows = tuple(
        (
            each.name if each.name == each.name_en else f"{each.name} {each.name_en}".strip(),
            each.pressed,
            each.compared,
            each.agree,
            each.early,
            each.late,
            each.far,
            each.unmeasured,
            each.unpressed,
            None if each.median_gap_s is None else round(each.median_gap_s, 1),
        )
        for each in tallies
    )
    return Table(sheet, title, headings, rows)


def _moment(at: datetime | None, zone: ZoneInfo) -> str | None:
    return None if at is None else at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
