"""Reports from what was recorded: see ``daily`` and ``mismatches``."""

from kuaijing.reporting.daily import daily_report, files_between, files_of_day
from kuaijing.reporting.daily_files import csv_of, tables_as_csv, tables_as_xlsx, xlsx_of
from kuaijing.reporting.mismatch_tables import mismatch_tables
from kuaijing.reporting.mismatches import Period, mismatches

__all__ = [
    "Period",
    "csv_of",
    "daily_report",
    "files_between",
    "files_of_day",
    "mismatch_tables",
    "mismatches",
    "tables_as_csv",
    "tables_as_xlsx",
    "xlsx_of",
]
