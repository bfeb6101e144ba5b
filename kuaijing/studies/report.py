"""A planning report as one HTML file that asks the network for nothing, printable on A4; and the same as PDF.

The PDF is printed by a Chromium that is on the machine already (decision 0093); where there is none, the refusal says so and what to do.
"""

import html
import os
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from kuaijing.studies.city_study import CityStudy, Frozen, opened
from kuaijing.studies.demand_lines import HotSpotLine
from kuaijing.studies.demand_study import study_demand
from kuaijing.studies.refused import StudyRefused
from kuaijing.studies.report_parts import ReportParts
from kuaijing.studies.report_sections import sections

CHROMIUM: Final = "KUAIJING_CHROMIUM"
"""Environment variable that names the browser's executable."""
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
_SECONDS: Final = 120
_STYLE: Final = """
@page{size:A4;margin:16mm 14mm}*{box-sizing:border-box}
body{font:14px/1.55 "Noto Sans CJK SC","Source Han Sans SC","PingFang SC","Microsoft YaHei",sans-serif;color:#0f172a;
max-width:820px;margin:24px auto;padding:0 16px;background:#fff}
h1{font-size:24px;margin:0 0 4px}h2{font-size:18px;margin:26px 0 8px;border-bottom:2px solid #1f6fb2;padding-bottom:3px}
h3{font-size:15px;margin:16px 0 6px}h2 span,.en,td span,th span,.tier span{color:#52606d;font-size:12px;font-weight:400}
.meta{color:#52606d;font-size:12px}.note{background:#fef3c7;padding:6px 10px;border-left:4px solid #d97706}
table{border-collapse:collapse;width:100%;font-size:13px;margin:8px 0}th,td{border-bottom:1px solid #d5dde5;padding:4px 6px;
text-align:left;vertical-align:top;font-variant-numeric:tabular-nums}th{background:#f1f5f9}table.d{width:auto;min-width:60%}
.cards{display:flex;gap:10px;flex-wrap:wrap}.card{flex:1;min-width:150px;border:1px solid #d5dde5;border-radius:6px;padding:8px 12px}
.big{font-size:28px;font-weight:700}.iv{font-size:12px;color:#334155}i{display:inline-block;width:12px;height:12px;margin-right:5px;
border-radius:2px;vertical-align:-1px}.k{margin-right:16px}svg{width:100%;height:auto;display:block;margin:6px 0}
svg text{font-family:inherit}.s{font-size:11px;fill:#52606d}.e{text-anchor:end}.c{text-anchor:middle}
.m{font-size:12px;font-weight:600;fill:#0f172a;paint-order:stroke;stroke:#fff;stroke-width:3px}ul{padding-left:20px;margin:6px 0}
ul.cols{columns:2;font-size:12px}p{margin:6px 0}
@media print{body{margin:0;padding:0;max-width:none;font-size:12px}h2,h3{break-after:avoid}table,svg,.cards{break-inside:avoid}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
"""


def report_html(frozen: Frozen, parts: ReportParts) -> str:
    """The whole page."""
    city = opened(frozen)
    plan = city.plan if parts.plan is None else parts.plan
    made = datetime.now(UTC).astimezone(ZoneInfo(plan.timezone)).strftime("%Y-%m-%d %H:%M")
    body = "".join(sections(city, plan, parts, _hot_spots(city)))
    fictional = (
        '<p class="note">虚构城市,数字只说明方法 A fictional city: the figures show the method alone.</p>'
        if city.ground.fictional
        else ""
    )
    title = f"{city.ground.name}快警布警方案报告"
    return (
        '<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style></head><body><h1>{html.escape(title)}</h1>"
        f'<p class="meta">Rapid-response plan report · {html.escape(plan.name)} {html.escape(plan.version)} · {made} · '
        f"依据方案 rests on plan {frozen.plan_digest[:12]}</p>{fictional}{body}</body></html>"
    )


def write_report(path: Path, frozen: Frozen, parts: ReportParts) -> None:
    """Write HTML, or PDF where the name ends so. Raises ``StudyRefused`` where there is no browser to print with."""
    _replace(path, report_bytes(frozen, parts, pdf=path.suffix.lower() == ".pdf", name=str(path)))


def report_bytes(frozen: Frozen, parts: ReportParts, *, pdf: bool, name: str = "PDF") -> bytes:
    """The file itself. Raises ``StudyRefused`` where there is no browser to print with."""
    page = report_html(frozen, parts)
    return _printed(page, name) if pdf else page.encode()


def find_chromium() -> str | None:
    """The browser that prints: the one named by ``KUAIJING_CHROMIUM``, else what is on the path."""
    named = os.environ.get(CHROMIUM)
    if named:
        return shutil.which(named)
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


def _printed(page: str, name: str) -> bytes:
    browser = find_chromium()
    if browser is None:
        raise StudyRefused(
            f"{name}: a PDF needs Chromium and none was found; install it, name it in {CHROMIUM}, "
            "or take the report as HTML (--report FILE.html) and print that from any browser"
        )
    with tempfile.TemporaryDirectory(prefix="kuaijing-report-") as folder:
        source, out = Path(folder) / "report.html", Path(folder) / "report.pdf"
        source.write_text(page, encoding="utf-8")
        command = [
            browser, "--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-dev-shm-usage",
            f"--user-data-dir={folder}/profile", "--no-pdf-header-footer", f"--print-to-pdf={out}", source.as_uri(),
        ]  # fmt: skip
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.insert(1, "--no-sandbox")  # Chromium refuses to run as root otherwise; the page is our own
        try:
            done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            raise StudyRefused(
                f"{name}: {browser} did not print within {_SECONDS} s; take the report as HTML (--report FILE.html)"
            ) from None
        if not out.is_file():
            said = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
            raise StudyRefused(
                f"{name}: {browser} printed nothing ({said or done.returncode}); take the report as HTML (--report FILE.html)"
            )
        return out.read_bytes()


def _replace(path: Path, content: bytes) -> None:
    beside = path.with_name(path.name + ".part")
    beside.write_bytes(content)
    os.replace(beside, path)


def _hot_spots(city: CityStudy) -> list[HotSpotLine]:
    if city.rates is None:
        return []
    try:
        return list(study_demand(city.records(), city.grid, days=366).hot_spots)
    except StudyRefused:  # a history too short to say anything of
        return []
