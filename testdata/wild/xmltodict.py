"""XML to dictionaries and back, with attributes, lists, namespaces, CDATA, streams and errors."""

import io
import xml.parsers.expat

import xmltodict

TEXT = """<?xml version="1.0"?><!-- note --><shop xmlns="http://a" xmlns:b="http://b" open="yes">
<item id="1">pen &amp; ink</item><item id="2" b:k="v"/><b:empty/><text><![CDATA[<raw>]]></text> tail</shop>"""
print(xmltodict.parse(TEXT))
print(xmltodict.parse(TEXT, process_namespaces=True, namespaces={"http://a": None, "http://b": "bee"}))
print(xmltodict.parse("<a><b>1</b></a>", force_list=("b",), postprocessor=lambda path, key, value: (key, int(value) if key == "b" else value)))
print(xmltodict.parse(io.BytesIO("<?xml version='1.0' encoding='iso-8859-1'?><a>é</a>".encode("latin-1"))), xmltodict.parse("<a x='1'> t </a>", strip_whitespace=False, attr_prefix="+", cdata_key="_"))
xmltodict.parse("<log><e n='1'>a</e><e n='2'>b</e></log>", item_depth=2, item_callback=lambda path, item: print(path[-1], item) or True)
document = {"root": {"@version": "1", "list": {"v": [1, 2.5, None, True]}, "#text": "body <&>"}}
print(xmltodict.unparse(document), xmltodict.unparse({"a": {"b": ["x", {"@k": "v"}]}}, pretty=True, full_document=False, short_empty_elements=True))
for bad in ["<a><b></a>", "", "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>"]:
    try:
        print(xmltodict.parse(bad))
    except (xml.parsers.expat.ExpatError, ValueError) as error:
        print(type(error).__name__, error)
try:
    xmltodict.unparse({"a": 1, "b": 2})
except ValueError as error:
    print(error)
