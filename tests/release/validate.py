"""The provenance of a release, as in-toto's own library sees it: a statement, and SLSA's predicate.

usage: validate.py NAME.provenance.json
"""

import json
import sys

from google.protobuf import json_format
from in_toto_attestation.predicates.provenance.v1 import provenance_pb2
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement

with open(sys.argv[1], encoding="utf-8") as file:
    document = json.load(file)

# A key that the schema does not have is an error of both.
message = json_format.ParseDict(document, statement_pb2.Statement())
Statement.copy_from_pb(message).validate()
provenance = json_format.ParseDict(document["predicate"], provenance_pb2.Provenance())
definition = provenance.build_definition
for dependency in definition.resolved_dependencies:
    if not (dependency.uri or dependency.digest):
        sys.exit(f"{dependency.name} has neither a URI nor a digest")
if not (definition.build_type and definition.external_parameters and provenance.run_details.builder.id):
    sys.exit("a required key is empty")
