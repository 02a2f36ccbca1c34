"""Detects encodings of several languages from bytes, with and without a mark, and step by step."""

import chardet
from chardet import UniversalDetector

TEXTS = {
    "utf-8": "Größe, naïve, Ελλάδα, 日本語のテキスト",
    "windows-1251": "Съешь же ещё этих мягких французских булок, да выпей чаю. Широкая электрификация южных губерний",
    "euc-jp": "日本語の文章をここに書きます。これは長い文章です。東京は日本の首都です。",
    "shift_jis": "日本語の文章をここに書きます。これは長い文章です。東京は日本の首都です。",
    "gb18030": "这是一个很长的中文句子，用来测试编码检测的准确性。北京是中国的首都。",
    "utf-16": "with a mark",
    "ascii": "plain text only",
}
for name, text in TEXTS.items():
    found = chardet.detect(text.encode(name))
    print(name, found["encoding"], round(found["confidence"], 1) if found["confidence"] else None)
detector = UniversalDetector()
for line in [b"first\n", "zweite Zeile: Größe\n".encode(), "weiße Straße\n".encode()] * 3:
    detector.feed(line)
    if detector.done:
        break
print(detector.close()["encoding"], detector.done)
detector.reset()
detector.feed(b"\xef\xbb\xbfabc")
print(detector.close()["encoding"], chardet.detect(b""), [row["encoding"] for row in chardet.detect_all("Größe und Straße".encode("latin-1"))][:1])
