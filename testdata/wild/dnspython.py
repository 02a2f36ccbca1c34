# /// script
# dependencies = ["dnspython"]
# ///
"""Names, messages to the wire and back, records of many types, a zone, and reverse names."""

import dns.message
import dns.name
import dns.rdata
import dns.reversename
import dns.rrset
import dns.zone

name = dns.name.from_text("www.Example.org")
print(name, name.parent(), name.is_subdomain(dns.name.from_text("example.org")), dns.name.from_text("bücher.de").to_unicode())
query = dns.message.make_query("example.org", "MX", id=7)
wire = query.to_wire()
print(len(wire), dns.message.from_wire(wire).question[0])
response = dns.message.make_response(query)
response.answer.append(dns.rrset.from_text("example.org.", 300, "IN", "MX", "10 mail.example.org.", "20 b.example.org."))
print("\n".join(sorted(dns.message.from_wire(response.to_wire()).to_text().splitlines())))
records = [("A", "192.0.2.1"), ("AAAA", "2001:db8::1"), ("TXT", '"hello" "world"'), ("SOA", "ns. admin. 1 2 3 4 5"), ("CAA", '0 issue "ca.org"'), ("SRV", "1 2 80 host."), ("TLSA", "3 1 0 abcd")]
for kind, text in records:
    data = dns.rdata.from_text("IN", kind, text)
    print(kind, type(data).__module__, data, data.to_wire().hex()[:40])
zone = dns.zone.from_text("@ 3600 IN SOA ns admin 1 2 3 4 5\n@ IN NS ns\nns IN A 10.0.0.1\n* IN CNAME ns\n", origin="example.net.")
print(sorted(str(key) for key in zone.nodes), zone.to_text())
print(dns.reversename.from_address("2001:db8::1"), dns.reversename.to_address(dns.reversename.from_address("192.0.2.5")))
