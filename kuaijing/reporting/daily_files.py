"""Tables of a report as CSV and as XLSX. Text that a spreadsheet would take for a formula is written so that it stays text."""

import csv
import io
from collections.abc import Iterable

from kuaijing.reporting.daily_tables import Cell, Table, tables_of
from kuaijing.wire.reports import DailyReport


def csv_of(report: DailyReport) -> bytes:
    """The daily report as CSV."""
    return tables_as_csv(tables_of(report))


def xlsx_of(report: DailyReport) -> bytes:
    """The daily report as a workbook."""
    return tables_as_xlsx(tables_of(report))


def tables_as_csv(tables: Iterable[Table]) -> bytes:
    """All tables one below the other, each under its title, an empty line between them; UTF-8 with a mark for office programs."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for number, table in enumerate(tables):
        if number:
            writer.writerow([])
        writer.writerow([table.title])
        writer.writerow(table.headings)
        writer.writerows([_as_text(cell) for cell in row] for row in table.rows)
    return ("\ufeff" + text.getvalue()).encode()


def tables_as_xlsx(tables: Iterable[Table]) -> bytes:
    """One sheet a table, headings bold and kept in view."""
    from openpyxl import Workbook  # costs 200 ms to import
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(table.sheet)
        sheet.freeze_panes = "A2"
        for column, heading in enumerate(table.headings):
            sheet.column_dimensions[chr(ord("A") + column)].width = 28 if column == 0 else max(12, len(heading))
        cells = []
        for heading in table.headings:
            cell = WriteOnlyCell(sheet, heading)
            cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
        for row in table.rows:
            sheet.append([WriteOnlyCell(sheet, _as_text(value)) for value in row])
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def _as_text(cell: Cell) -> Cell:
    """A text that begins like a formula gets an apostrophe before it."""
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + cell
    return cell
