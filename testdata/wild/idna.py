"""Encodes and decodes international names, checks labels, maps by UTS 46, and registers its codec."""

import idna
import idna.codec

for name in ["bücher.example", "日本語.jp", "правда.рф", "faß.de", "ΑΒΓ.gr"]:
    try:
        encoded = idna.encode(name, uts46=True)
        print(name, encoded, idna.decode(encoded))
    except idna.IDNAError as error:
        print(name, type(error).__name__, error)
for bad in ["-a.de", "a..b", "x" * 64, "a_b", "\u0301x", "a\u200db"]:
    try:
        print(idna.encode(bad))
    except idna.IDNAError as error:
        print(type(error).__name__, str(error)[:70])
print(idna.alabel("köln"), idna.ulabel("xn--kln-sna"), idna.uts46_remap("Königsgäßchen"))
print(idna.encode("Königsgäßchen", uts46=True, transitional=True) if False else idna.encode("königsgäßchen"))
print(idna.check_bidi("אבג"), idna.valid_contextj("क्‍ष", 2), idna.__version__ > "3")
