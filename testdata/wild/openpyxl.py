"""Writes a workbook with formulas, styles, a chart and merged cells, and reads it back."""

import datetime
import io

from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.formatting.rule import ColorScaleRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

book = Workbook()
sheet = book.active
sheet.title = "Figures"
sheet.append(["name", "count", "when"])
for row in [("pen", 3, datetime.date(2026, 1, 2)), ("ink", 5, datetime.datetime(2026, 3, 4, 5, 6)), ("päper", 7.5, None)]:
    sheet.append(row)
sheet["B5"] = "=SUM(B2:B4)"
sheet["A1"].font = Font(bold=True, color="FF0000")
sheet["A1"].fill = PatternFill("solid", fgColor="FFFF00")
sheet["B1"].alignment = Alignment(horizontal="center")
sheet.merge_cells("A6:C6")
sheet.freeze_panes = "A2"
chart = BarChart()
chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=4), titles_from_data=True)
sheet.add_chart(chart, "E2")
sheet.conditional_formatting.add("B2:B4", ColorScaleRule("min", None, "AA0000", "max", None, "00AA00"))
file = io.BytesIO()
book.save(file)
again = load_workbook(io.BytesIO(file.getvalue()))
for row in again["Figures"].iter_rows(values_only=True):
    print(row)
print(again.sheetnames, again.active["A1"].font.b, again.active.merged_cells.ranges, get_column_letter(703))
print(again.active.dimensions, again.active.freeze_panes, again.active["C3"].number_format)
for row in load_workbook(io.BytesIO(file.getvalue()), read_only=True)["Figures"].iter_rows(min_row=2, max_row=3, values_only=True):
    print(row)
