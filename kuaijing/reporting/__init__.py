"""Reports from what was recorded: see ``daily``."""

from kuaijing.reporting.daily import daily_report, files_of_day
from kuaijing.reporting.daily_files import csv_of, xlsx_of

__all__ = ["csv_of", "daily_report", "files_of_day", "xlsx_of"]
