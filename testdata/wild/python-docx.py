# /// script
# dependencies = ["python-docx"]
#
# [tool.wild]
# differs = "it is made of lxml, which is compiled code"
# ///
"""Writes a document with headings, runs, a table and a list, and reads it back."""

import io

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Inches, Pt

document = Document()
document.add_heading("Report", 0)
paragraph = document.add_paragraph("Plain and ")
paragraph.add_run("bold").bold = True
paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
document.add_paragraph("first", style="List Bullet")
table = document.add_table(rows=1, cols=2)
table.rows[0].cells[0].text = "a"
table.add_row().cells[1].text = "b"
document.styles["Normal"].font.size = Pt(12)
document.sections[0].left_margin = Inches(1)
file = io.BytesIO()
document.save(file)
again = Document(io.BytesIO(file.getvalue()))
print([(p.style.name, p.text) for p in again.paragraphs])
print([[cell.text for cell in row.cells] for row in again.tables[0].rows])
print(again.sections[0].left_margin.inches, again.core_properties.author)
