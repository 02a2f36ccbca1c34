# /// script
# dependencies = ["pypdf"]
# ///
"""Writes, reads, merges, rotates, annotates and encrypts a PDF, and reads its text and metadata."""

import io

from pypdf import PageObject, PdfReader, PdfWriter, Transformation
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, RectangleObject

writer = PdfWriter()
for number in range(3):
    page = writer.add_blank_page(width=200, height=100 + number)
    font = DictionaryObject({NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"), NameObject("/BaseFont"): NameObject("/Helvetica")})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})})
    stream = DecodedStreamObject()
    stream.set_data(b"BT /F1 12 Tf 10 50 Td (Page %d text) Tj 0 -15 Td (second line) Tj ET" % number)
    page[NameObject("/Contents")] = writer._add_object(stream)
writer.add_metadata({"/Title": "Made", "/Author": "Ann Ü"})
parent = writer.add_outline_item("First", 0)
writer.add_outline_item("Child", 1, parent=parent)
writer.add_attachment("a.txt", b"attached")
writer.pages[1].rotate(90)
writer.pages[2].add_transformation(Transformation().scale(0.5).translate(5, 5))
file = io.BytesIO()
writer.write(file)
reader = PdfReader(io.BytesIO(file.getvalue()))
print(len(reader.pages), [page.extract_text() for page in reader.pages], reader.metadata.title, reader.metadata.author)
print(reader.pages[1].rotation, reader.pages[0].mediabox, [item.title for item in reader.outline if not isinstance(item, list)], reader.attachments)
merged = PdfWriter()
merged.append(reader, pages=(0, 2))
page = PageObject.create_blank_page(width=50, height=50)
page.cropbox = RectangleObject((0, 0, 10, 10))
merged.add_page(page)
for one in merged.pages:
    one.compress_content_streams()
merged.encrypt("user", "owner", algorithm="RC4-128")
secret = io.BytesIO()
merged.write(secret)
locked = PdfReader(io.BytesIO(secret.getvalue()))
print(locked.is_encrypted, locked.decrypt("wrong"), locked.decrypt("user"), len(locked.pages), locked.pages[0].extract_text(), locked.pages[2].cropbox)
try:
    PdfReader(io.BytesIO(b"no pdf"))
except Exception as error:
    print(type(error).__name__, error)
