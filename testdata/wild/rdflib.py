"""A graph read from Turtle, asked with SPARQL, and written as Turtle, N-Triples, XML and JSON-LD."""

from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.namespace import FOAF, XSD

EX = Namespace("http://example.org/")
graph = Graph()
graph.bind("ex", EX)
graph.parse(
    data="""@prefix ex: <http://example.org/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
ex:ann a foaf:Person ; foaf:name "Ann" ; foaf:age 31 ; foaf:knows ex:bob .
ex:bob a foaf:Person ; foaf:name "Bob"@en ; foaf:age 25 .""",
    format="turtle",
)
graph.add((EX.eve, RDF.type, FOAF.Person))
graph.add((EX.eve, FOAF.age, Literal("40", datatype=XSD.integer)))
for row in graph.query("SELECT ?p ?age WHERE { ?p foaf:age ?age . FILTER(?age > 26) } ORDER BY DESC(?age)", initNs={"foaf": FOAF}):
    print(row.p, row.age.toPython())
print(graph.query("ASK { ex:ann foaf:knows/foaf:name ?n }", initNs={"foaf": FOAF, "ex": EX}).askAnswer)
graph.update("INSERT { ?x ex:old true } WHERE { ?x foaf:age ?a FILTER(?a >= 40) }", initNs={"foaf": FOAF, "ex": EX})
for name in ["turtle", "nt", "xml", "json-ld", "n3"]:
    print(name, sorted(graph.serialize(format=name).split("\n")))
print(len(graph), list(graph.objects(EX.ann, FOAF.name)), (URIRef(EX + "eve"), EX.old, Literal(True)) in graph)
print(graph.query("SELECT (COUNT(*) AS ?n) (AVG(?a) AS ?m) { ?p foaf:age ?a }", initNs={"foaf": FOAF}).serialize(format="csv"))
