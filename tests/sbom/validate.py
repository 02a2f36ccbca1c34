"""Validates bills of materials with the tools of their formats.

In: files, CycloneDX 1.6 where the name ends in `.cdx.json`, else SPDX 2.3, both as JSON. Out: what is wrong with them,
and 1 where something is.
"""

import json
import sys

from cyclonedx.exception import CycloneDxException
from cyclonedx.model.bom import Bom
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document


def cyclonedx(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if fault is not None:
        return [repr(fault)]
    # Also what a schema cannot say: each reference leads somewhere.
    try:
        Bom.from_json(json.loads(text)).validate()
    except CycloneDxException as error:
        return [str(error)]
    return []


def spdx(path):
    return [f"{fault.context.spdx_id}: {fault.validation_message}" for fault in validate_full_spdx_document(parse_file(path), "SPDX-2.3")]


found = 0
for path in sys.argv[1:]:
    for fault in (cyclonedx if path.endswith(".cdx.json") else spdx)(path):
        print(f"{path}: {fault}")
        found = 1
sys.exit(found)
