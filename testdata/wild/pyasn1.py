"""Types, schemas with constraints and choices, DER and BER in both ways, native values and errors."""

from pyasn1 import error
from pyasn1.codec.ber import decoder as ber
from pyasn1.codec.der import decoder, encoder
from pyasn1.codec.native import decoder as from_native, encoder as to_native
from pyasn1.type import char, constraint, namedtype, namedval, tag, univ, useful


class Version(univ.Integer):
    namedValues = namedval.NamedValues(("v1", 0), ("v2", 1))


class Name(univ.Choice):
    componentType = namedtype.NamedTypes(namedtype.NamedType("text", char.UTF8String()), namedtype.NamedType("id", univ.ObjectIdentifier()))


class Record(univ.Sequence):
    componentType = namedtype.NamedTypes(
        namedtype.DefaultedNamedType("version", Version("v1").subtype(explicitTag=tag.Tag(tag.tagClassContext, tag.tagFormatSimple, 0))),
        namedtype.NamedType("name", Name()),
        namedtype.OptionalNamedType("size", univ.Integer().subtype(subtypeSpec=constraint.ValueRangeConstraint(0, 99))),
        namedtype.NamedType("list", univ.SequenceOf(componentType=univ.OctetString())),
    )


record = Record()
record["version"] = "v2"
record["name"]["text"] = "gr\u00fc\u00df"
record["size"] = 7
record["list"].extend([b"ab", b"c"])
wire = encoder.encode(record)
print(wire.hex())
again, rest = decoder.decode(wire, asn1Spec=Record())
print(again == record, rest, again["version"], again["name"].getName(), to_native.encode(again))
print(record.prettyPrint())
print(from_native.decode({"name": {"id": "1.2.3"}, "list": []}, asn1Spec=Record())["name"]["id"])
print(decoder.decode(bytes.fromhex("30060201050101ff"))[0], ber.decode(bytes.fromhex("2480040161040162 0000"))[0])
print(univ.BitString("'1011'B"), univ.ObjectIdentifier("1.3.6.1") + (4,), useful.UTCTime("260102030405Z").asDateTime, univ.Real(2.5), univ.Null("").isValue)
for attempt in (lambda: record.__setitem__("size", 100), lambda: decoder.decode(wire[:-1], asn1Spec=Record()), lambda: record.__setitem__("other", 1)):
    try:
        attempt()
    except (error.PyAsn1Error, KeyError) as failure:
        print(type(failure).__name__, str(failure)[:60])
