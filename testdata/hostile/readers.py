"""Bytes and texts from others: formats that the standard library reads."""
import ast
import base64
import bz2
import configparser
import csv
import email
import email.policy
import gzip
import html
import html.parser
import io
import json
import lzma
import marshal
import pickle
import plistlib
import tarfile
import tokenize
import tomllib
import urllib.parse
import xml.dom.minidom
import xml.etree.ElementTree as ElementTree
import xml.sax
import zipfile
import zlib

DEEP = 100_000


def zip_bomb():
    """64 MiB of zeros in 64 kB, read in steps of 1 MiB."""
    packed = zlib.compress(bytes(2**26), 9)
    return sum(len(piece) for piece in pieces(packed)) == 2**26 and None


def pieces(packed):
    reader = zlib.decompressobj()
    while not reader.eof:
        yield reader.decompress(packed, 2**20)
        packed = reader.unconsumed_tail


def zip_inside():
    data = bytes(2**20)
    for _ in range(6):
        with io.BytesIO() as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                for name in range(4):
                    archive.writestr(f"{name}", data)
            data = file.getvalue()
    return zipfile.ZipFile(io.BytesIO(data)).testzip() or "fine"


def zip_claim():
    """A member whose header claims 4 GiB."""
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("a", b"x")
        data = bytearray(file.getvalue())
    at = data.index(b"PK\1\2")
    data[at + 24 : at + 28] = b"\xff\xff\xff\xfe"
    try:
        zipfile.ZipFile(io.BytesIO(data)).read("a")
    except zipfile.BadZipFile:
        return "BadZipFile"


def laughs():
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    return f'<!DOCTYPE a [<!ENTITY e0 "ha">{entities}]><a>&e11;</a>'


def parse_error(call):
    try:
        call()
    except (ElementTree.ParseError, xml.parsers.expat.ExpatError, xml.sax.SAXParseException) as error:
        return str(error)


class Tags(html.parser.HTMLParser):
    def handle_starttag(self, tag, attributes):
        pass


def comprehensions():
    """A native Python writes past the end of a table here, and crashes."""
    depth = 100
    value = eval("[" * depth + "x" + " for x in range(1)]" * depth)
    for _ in range(depth):
        [value] = value
    assert value == 0


def tokens(text):
    return sum(1 for _ in tokenize.generate_tokens(io.StringIO(text).readline)) and None


CASES = {
    "json list": lambda: json.loads("[" * DEEP + "]" * DEEP),
    "json object": lambda: json.loads('{"a":' * DEEP + "1" + "}" * DEEP),
    "json open": lambda: json.loads("[" * DEEP),
    "json by Python": lambda: json.JSONDecoder(object_pairs_hook=dict).raw_decode("[" * DEEP + "]" * DEEP),
    "json number": lambda: json.loads("9" * DEEP),
    "json float": lambda: json.loads("1e" + "9" * 1000),
    "json text": lambda: len(json.loads('"' + "x" * 10**6 + '"')) == 10**6,
    "json keys": lambda: len(json.loads("{" + ",".join(f'"{n}":0' for n in range(10**5)) + "}")) == 10**5,
    "json iterencode": lambda: "".join(json.JSONEncoder(indent=1).iterencode(deep())),
    "json dumps": lambda: json.dumps(deep()),
    "json dumps default": lambda: json.dumps(object(), default=lambda value: [value]),
    "json circular": lambda: json.dumps(itself()),
    "pickle deep": lambda: pickle.loads(b"]" * DEEP + b"a" * (DEEP - 1) + b".") and None,
    "pickle size": lambda: pickle.loads(b"\x8e\xff\xff\xff\xff\xff\xff\xff\x7f."),
    "pickle long": lambda: pickle.loads(b"\x8b\xff\xff\xff\x7f."),
    "pickle memo": lambda: pickle.loads(b"Nr\xff\xff\xff\xff.") and None,
    "pickle tuple": lambda: pickle.loads(b")" + b"\x85" * DEEP + b".") and None,
    "pickle reduce": lambda: pickle.loads(b"cbuiltins\nbytearray\n(I4000000000\ntR."),
    "marshal deep": lambda: marshal.loads(b"[\1\0\0\0" * DEEP + b"N"),
    "marshal tuple": lambda: marshal.loads(b")\1" * DEEP + b"N"),
    "marshal size": lambda: marshal.loads(b"[\xff\xff\xff\x7f"),
    "marshal text": lambda: marshal.loads(b"u\xff\xff\xff\x7f"),
    "xml deep": lambda: ElementTree.fromstring("<a>" * DEEP + "</a>" * DEEP) and None,
    "xml tostring": lambda: ElementTree.tostring(ElementTree.fromstring("<a>" * DEEP + "</a>" * DEEP)),
    "xml iter": lambda: sum(1 for _ in ElementTree.fromstring("<a>" * 3000 + "</a>" * 3000).iter()) and None,
    "xml find": lambda: ElementTree.fromstring("<a>" * DEEP + "</a>" * DEEP).find(".//b"),
    "xml drop": lambda: ElementTree.fromstring("<a>" * DEEP + "</a>" * DEEP) is None,
    "xml laughs": lambda: parse_error(lambda: ElementTree.fromstring(laughs())),
    "xml minidom": lambda: xml.dom.minidom.parseString("<a>" * 5000 + "</a>" * 5000).toxml(),
    "xml minidom laughs": lambda: parse_error(lambda: xml.dom.minidom.parseString(laughs())),
    "xml sax": lambda: xml.sax.parseString("<a>" * DEEP + "</a>" * DEEP, xml.sax.ContentHandler()),
    "xml attributes": lambda: ElementTree.fromstring("<a " + " ".join(f'b{n}=""' for n in range(10**4)) + "/>") is None,
    "xml name": lambda: ElementTree.fromstring(f"<{'a' * 10**6}/>") is None,
    "xml model": lambda: parse_error(lambda: ElementTree.fromstring(f"<!DOCTYPE a [<!ELEMENT a {'(' * DEEP}a{')' * DEEP}>]><a/>")),
    "plist": lambda: plistlib.loads(b"<plist>" + b"<array>" * DEEP + b"</array>" * DEEP + b"</plist>") and None,
    "plist dumps": lambda: plistlib.dumps(deep()),
    "plist binary": lambda: parse_plist(b"bplist00" + b"\xaf\x13\x7f\xff\xff\xff\xff\xff\xff\xff" + bytes(40)),
    "toml": lambda: tomllib.loads("a = " + "[" * DEEP),
    "toml inline": lambda: tomllib.loads("a = " + "{b=" * DEEP),
    "toml keys": lambda: tomllib.loads(".".join(["a"] * 5000) + " = 1") and None,
    "toml number": lambda: tomllib.loads("a = " + "9" * DEEP),
    "zip bomb": zip_bomb,
    "zip inside": zip_inside,
    "zip claim": zip_claim,
    "gzip bomb": lambda: len(gzip.decompress(gzip.compress(bytes(2**24)))) == 2**24,
    "bz2 bomb": lambda: len(bz2.decompress(bz2.compress(bytes(2**22)))) == 2**22,
    "lzma bomb": lambda: len(lzma.decompress(lzma.compress(bytes(2**22), preset=0))) == 2**22,
    "lzma memory": lambda: lzma_limited(),
    "tar": lambda: tar_claim(),
    "email parts": lambda: str(email.message_from_string(mime(300))),
    "email header": lambda: str(email.message_from_string("To: " + "(" * 10_000 + "\n\n")) and None,
    "email comments": lambda: email.message_from_string("To: " + "(" * 10_000 + "\n\n", policy=email.policy.default)["to"] and None,
    "html": lambda: Tags().feed("<a>" * DEEP),
    "html attribute": lambda: Tags().feed("<a " + "b=c " * DEEP + ">"),
    "html entities": lambda: html.unescape("&" * DEEP) and None,
    "html number": lambda: html.unescape("&#" + "9" * 10_000 + ";"),
    "csv": lambda: [*csv.reader(['"' + "x" * 200_000])],
    "csv fields": lambda: [*csv.reader(["," * 10**6])] and None,
    "configparser": lambda: configparser_deep(),
    "url": lambda: urllib.parse.parse_qs("&" * 10**6, max_num_fields=1000),
    "url port": lambda: urllib.parse.urlsplit("http://a:" + "9" * 10_000).port,
    "base64": lambda: len(base64.b64decode(b"A" * 4 * 10**6)) and None,
    "base85": lambda: base64.b85decode(b"~" * 5),
    "int text": lambda: base64.b32decode(b"A" * 8 * 10**5) and None,
    "compile brackets": lambda: compile("(" * DEEP, "text", "eval"),
    "compile lists": lambda: compile("[" * 150 + "]" * 150, "text", "eval") and None,
    "compile dicts": lambda: compile("{1:" * 150 + "0" + "}" * 150, "text", "eval") and None,
    "compile comprehensions": comprehensions,
    "compile calls": lambda: compile("f(" * 150 + ")" * 150, "text", "eval") and None,
    "compile strings": lambda: compile("f'" + "{" * 150 + "}" * 150 + "'", "text", "eval") and None,
    "compile fstrings": lambda: compile("f'{" * 140 + "1" + "}'" * 140, "text", "eval") and None,
    "compile indents": lambda: compile("".join(" " * n + "if 1:\n" for n in range(200)), "text", "exec"),
    "compile fors": lambda: compile("".join(" " * n + "for a in b:\n" for n in range(30)) + " " * 30 + "pass", "text", "exec"),
    "compile defs": lambda: compile("".join(" " * n + "def f():\n" for n in range(90)) + " " * 90 + "pass", "text", "exec") and None,
    "compile classes": lambda: compile("".join(" " * n + "class C:\n" for n in range(90)) + " " * 90 + "pass", "text", "exec") and None,
    "compile match": lambda: compile("match a:\n case " + "[" * 150 + "]" * 150 + ": pass", "text", "exec") and None,
    "compile annotations": lambda: compile("def f(a: " + "[" * 150 + "]" * 150 + "): pass", "text", "exec") and None,
    "compile +": lambda: compile("+".join(["a"] * 3000), "text", "eval") and None,
    "compile + deep": lambda: compile("+".join(["a"] * DEEP), "text", "eval"),
    "compile -": lambda: compile("-" * 3000 + "a", "text", "eval"),
    "compile and": lambda: compile(" and ".join(["a"] * DEEP), "text", "eval") and None,
    "compile <": lambda: compile("<".join(["a"] * 10_000), "text", "eval") and None,
    "compile await": lambda: compile("await " * DEEP, "text", "eval"),
    "compile =": lambda: compile("a=" * 20_000 + "1", "text", "exec") and None,
    "compile elif": lambda: compile("if a: b\n" + "elif a: b\n" * 3000, "text", "exec"),
    "compile try": lambda: compile("".join(" " * n + "try:\n" for n in range(60)), "text", "exec"),
    "compile with": lambda: compile("with " + ",".join(["a"] * 1000) + ": pass", "text", "exec"),
    "compile arguments": lambda: compile(f"f({','.join(['a'] * 10_000)})", "text", "eval") and None,
    "compile parameters": lambda: compile(f"lambda {','.join(f'a{n}' for n in range(10_000))}: 0", "text", "eval") and None,
    "compile string": lambda: compile("'" + "x" * 10**7 + "'", "text", "eval") and None,
    "compile escapes": lambda: compile("'" + "\\N{" * 10**4 + "'", "text", "eval"),
    "compile null": lambda: compile("a\0b", "text", "eval"),
    "compile surrogates": lambda: compile("\ud800", "text", "eval"),
    "compile number": lambda: compile("1" * 5000, "text", "eval"),
    "compile fold": lambda: compile("2 ** 10 ** 10", "text", "eval") and None,
    "compile fold text": lambda: compile("'x' * 10 ** 10", "text", "eval") and None,
    "compile fold tuple": lambda: compile("(0,) * 10 ** 10", "text", "eval") and None,
    "ast": lambda: ast.parse("(" * 199 + ")" * 199) and None,
    "tokenize": lambda: tokens("(" * DEEP),
    "tokenize indents": lambda: tokens("".join(" " * n + "a\n" for n in range(150))),
}


def deep():
    value = []
    for _ in range(DEEP):
        value = [value]
    return value


def itself():
    value = []
    value.append(value)
    return value


def parse_plist(data):
    try:
        return plistlib.loads(data)
    except plistlib.InvalidFileException:
        return "InvalidFileException"


def lzma_limited():
    try:
        lzma.decompress(lzma.compress(bytes(2**16), preset=6), memlimit=2**16)
    except lzma.LZMAError as error:
        return str(error)


def tar_claim():
    info = tarfile.TarInfo("a")
    info.size = 2**60
    try:
        with tarfile.open(fileobj=io.BytesIO(info.tobuf() + bytes(1024))) as archive:
            archive.extractfile("a").read()
    except tarfile.ReadError as error:
        return str(error)


def mime(depth):
    text = "end"
    for number in range(depth):
        text = f"Content-Type: multipart/mixed; boundary=b{number}\n\n--b{number}\n{text}\n--b{number}--\n"
    return text


def configparser_deep():
    parser = configparser.ConfigParser()
    parser.read_dict({"a": {f"k{n}": f"%(k{n + 1})s" for n in range(100)} | {"k100": "end"}})
    try:
        return parser.get("a", "k0")
    except configparser.InterpolationDepthError:
        return "InterpolationDepthError"
