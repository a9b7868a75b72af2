# Holds JSON values against places of an OpenAPI document: lines of [pointer, value] in, a line for each misfit out.
import json
import sys

import jsonschema_rs
import yaml

document = json.loads(json.dumps(yaml.safe_load(open(sys.argv[1], encoding="utf-8")), default=str))
for line in sys.stdin:
    pointer, value = json.loads(line)
    schema = {"allOf": [{"$ref": "#" + pointer}], "paths": document["paths"], "components": document["components"]}
    for error in jsonschema_rs.Draft4Validator(schema).iter_errors(value):
        at = "/".join(str(part) for part in error.instance_path)
        print(pointer.split("/")[2], at, error.message[:200])
