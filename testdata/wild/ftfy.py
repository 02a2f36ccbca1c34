"""Mends mojibake, explains how, decodes what is badly encoded, and shows widths and characters."""

import contextlib
import io

import ftfy
from ftfy import TextFixerConfig, badness, bad_codecs, fixes, formatting

for text in ["âœ” No problems", "schÃ¶n", "&macr;\\_(ã\x83\x84)_/&macr;", "LOUD NOISES ｆｕｌｌ", "l’humanitÃ©", "ÃƒÂ©", "“quotes”", "ﬁne", "ordinary é", "a\u0301", "\x1b[36mblue\x1b[0m", "Ð¿Ñ€Ð¸Ð²ÐµÑ‚", "&lt;b&gt;"]:
    fixed = ftfy.fix_and_explain(text)
    print(repr(text), repr(fixed.text), fixed.explanation)
print(ftfy.fix_text("&amp; “x”", TextFixerConfig(unescape_html=False, uncurl_quotes=False)), ftfy.fix_encoding("Â£5"), badness.is_bad("Ã©"), badness.badness("schÃ¶n"))
bad_codecs.ok()
print(b"\xed\xa0\xbd\xed\xb8\x8d".decode("utf-8-variants"), b"\x81\x8d\xe9".decode("sloppy-windows-1252").encode("sloppy-windows-1252"), ftfy.guess_bytes("é".encode("utf-16")))
print([formatting.character_width(c) for c in "a日\u0301"], formatting.display_ljust("日本", 6, "."), formatting.display_center("x", 5, "*"), fixes.remove_control_chars("a\x07b"))
with contextlib.redirect_stdout(io.StringIO()) as out:
    ftfy.explain_unicode("a日\u0301(")
print(out.getvalue())
