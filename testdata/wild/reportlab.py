# /// script
# dependencies = ["reportlab"]
#
# [tool.wild]
# differs = "it imports Pillow, which is compiled code"
# ///
"""Writes a PDF with text, shapes, a table and paragraphs, without a compression of its own, and looks into it."""

import io

from reportlab.graphics.shapes import Circle, Drawing, String
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen import canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

file = io.BytesIO()
page = canvas.Canvas(file, pagesize=A4, invariant=1, pageCompression=0)
page.setFont("Helvetica-Bold", 14)
page.drawString(72, 700, "Hello (world)")
page.setFillColor(colors.red)
page.rect(72, 600, 100, 50, fill=1)
page.showPage()
page.save()
print(len(file.getvalue()), file.getvalue().count(b"endobj"), b"Hello" in file.getvalue())
print(file.getvalue()[file.getvalue().index(b"stream") :][:200])
flow = io.BytesIO()
styles = getSampleStyleSheet()
table = Table([["a", "b"], ["1", "2"]], style=TableStyle([("GRID", (0, 0), (-1, -1), 1, colors.black)]))
drawing = Drawing(100, 50)
drawing.add(Circle(20, 20, 10, fillColor=colors.blue))
drawing.add(String(40, 20, "circle"))
story = [Paragraph("A <b>bold</b> <i>word</i> &amp; more", styles["Normal"]), Spacer(1, 12), table, drawing]
SimpleDocTemplate(flow, pagesize=A4, invariant=1).build(story)
print(len(flow.getvalue()), flow.getvalue()[:8], round(stringWidth("width", "Times-Roman", 12), 3))
