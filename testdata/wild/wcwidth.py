"""Widths of characters and texts: wide, combining, controls, emoji sequences, and versions of Unicode."""

from wcwidth import list_versions, wcswidth, wcwidth

for text in ["a", "日", "\u0301", "\x00", "\x1b", "é", "ｆ", "한", "\u200b", "🙂", "\u00ad", "⚠", "☃"]:
    print(repr(text), wcwidth(text))
for text in ["コンニチハ", "cafe\u0301", "👩‍👩‍👧", "❤️", "🇩🇪", "a\tb", "ok", "", "한글 text", "👍🏽"]:
    print(repr(text), wcswidth(text), wcswidth(text, 2))
print(len(list_versions()) > 0, sum(max(wcwidth(chr(code)), 0) for code in range(0x20, 0x3000)))


def pad(text, width):
    return text + " " * (width - wcswidth(text)) + "|"


print("\n".join(pad(text, 12) for text in ["name", "日本語", "e\u0301"]))
