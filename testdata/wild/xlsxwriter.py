"""Writes a workbook with formats, formulas, a chart, a table and validations, and reads its XML."""

import datetime
import io
import re
import zipfile

import xlsxwriter
from xlsxwriter.utility import xl_cell_to_rowcol, xl_range_abs, xl_rowcol_to_cell

file = io.BytesIO()
book = xlsxwriter.Workbook(file, {"in_memory": True, "default_date_format": "yyyy-mm-dd", "constant_memory": False})
book.set_properties({"title": "T", "created": datetime.datetime(2026, 1, 1)})
bold = book.add_format({"bold": True, "bg_color": "#FFFF00", "border": 1, "num_format": "0.00"})
sheet = book.add_worksheet("Data")
for row, (name, value) in enumerate([("pen", 1.5), ("ink & co", 22), ("Größe", -3)]):
    sheet.write(row, 0, name)
    sheet.write(row, 1, value, bold)
sheet.write_formula("B4", "=SUM(B1:B3)", bold, 20.5)
sheet.write_datetime("C1", datetime.datetime(2026, 2, 3))
sheet.write_url("C2", "https://example.org/?a=1", string="link")
sheet.write_rich_string("C3", "a ", bold, "bold", " b")
sheet.set_column("A:C", 15)
sheet.freeze_panes(1, 0)
sheet.autofilter("A1:B3")
sheet.conditional_format("B1:B3", {"type": "data_bar"})
sheet.data_validation("D1", {"validate": "list", "source": ["x", "y"]})
chart = book.add_chart({"type": "column"})
chart.add_series({"values": "=Data!$B$1:$B$3", "categories": "=Data!$A$1:$A$3"})
sheet.insert_chart("E2", chart)
book.add_worksheet().add_table("A1:B3", {"columns": [{"header": "h1"}, {"header": "h2"}], "data": [[1, 2], [3, 4]]})
book.close()
archive = zipfile.ZipFile(io.BytesIO(file.getvalue()))
print(sorted(archive.namelist()))
for name in ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/charts/chart1.xml", "xl/tables/table1.xml", "docProps/core.xml"]:
    print(name, re.sub(r"\s+", " ", archive.read(name).decode())[60:700])
print(xl_rowcol_to_cell(1, 27), xl_cell_to_rowcol("AB2"), xl_range_abs(0, 0, 3, 1))
try:
    xlsxwriter.Workbook(io.BytesIO()).add_worksheet("bad[name]")
except xlsxwriter.exceptions.XlsxWriterException as error:
    print(type(error).__name__, error)
