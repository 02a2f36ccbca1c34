"""Transliterates many scripts to ASCII, with the ways to treat what it does not know."""

from unidecode import UnidecodeError, unidecode, unidecode_expect_ascii, unidecode_expect_nonascii

for text in ["kožušček", "北京", "Ελληνικά", "Привет, мир", "東京タワー", "한국어", "שלום", "العربية", "ไทย", "ñandú œuvre", "30 \U0001d5c4\U0001d5c6/\U0001d5c1", "€ ½ № …", "Straße — “x”", "नमस्ते", "ꦲ", "ⓐ①"]:
    print(text, repr(unidecode(text)))
print(unidecode_expect_ascii("plain"), unidecode_expect_nonascii("é"), unidecode("a\ue000b"), unidecode("a\ue000b", errors="preserve") == "a\ue000b", unidecode("a\ue000b", errors="replace", replace_str="?"))
try:
    unidecode("x\U0001f600", errors="strict")
except UnidecodeError as error:
    print(error.index, type(error).__name__)
print(unidecode("".join(map(chr, range(0xA0, 0x250)))))
print(len(unidecode("".join(map(chr, range(0x4E00, 0x5E00))))))
