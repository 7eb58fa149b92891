#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Real dumps are valid by the published schema, and what the schema refuses the library refuses too."""

import copy
import json
import os
import random
import re
import subprocess
import sys

TOP = os.environ["top_srcdir"]
DUMPER = os.path.join(os.environ["top_builddir"], "tests/store/dumper")
ROUNDS = 500 * int(os.environ.get("VIO_TEST_ROUNDS") or 1)

with open(os.path.join(TOP, "share/schema/store-1.json"), encoding="utf-8") as stream:
    SCHEMA = json.load(stream)

TYPES = {
    "object": lambda v: isinstance(v, dict),
    "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str),
    "boolean": lambda v: isinstance(v, bool),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
}


def same(a, b):
    return type(a) is type(b) and a == b


# What each keyword of the schema asks of a value; one that is missing here fails the test.
KEYWORDS = {
    "$ref": lambda s, v, k: valid(SCHEMA["$defs"][k.rsplit("/", 1)[1]], v),
    "type": lambda s, v, k: TYPES[k](v),
    "const": lambda s, v, k: same(v, k),
    "enum": lambda s, v, k: any(same(v, one) for one in k),
    "pattern": lambda s, v, k: not isinstance(v, str) or re.search(k, v) is not None,
    "minLength": lambda s, v, k: not isinstance(v, str) or len(v) >= k,
    "maxLength": lambda s, v, k: not isinstance(v, str) or len(v) <= k,
    "minimum": lambda s, v, k: not TYPES["integer"](v) or v >= k,
    "maximum": lambda s, v, k: not TYPES["integer"](v) or v <= k,
    "items": lambda s, v, k: not isinstance(v, list) or all(valid(k, one) for one in v),
    "maxItems": lambda s, v, k: not isinstance(v, list) or len(v) <= k,
    "maxProperties": lambda s, v, k: not isinstance(v, dict) or len(v) <= k,
    "propertyNames": lambda s, v, k: not isinstance(v, dict) or all(valid(k, key) for key in v),
    "required": lambda s, v, k: not isinstance(v, dict) or all(key in v for key in k),
    "dependentRequired": lambda s, v, k: not isinstance(v, dict) or all(
        other in v for key, others in k.items() if key in v for other in others),
    "properties": lambda s, v, k: not isinstance(v, dict) or all(
        valid(k[key], one) for key, one in v.items() if key in k),
    "additionalProperties": lambda s, v, k: not isinstance(v, dict) or all(
        valid(k, one) for key, one in v.items() if key not in s.get("properties", {})),
    "anyOf": lambda s, v, k: any(valid(one, v) for one in k),
    "oneOf": lambda s, v, k: sum(valid(one, v) for one in k) == 1,
    "allOf": lambda s, v, k: all(valid(one, v) for one in k),
    "not": lambda s, v, k: not valid(k, v),
    "if": lambda s, v, k: not valid(k, v) or valid(s["then"], v),
}
WORDS = {"$schema", "$id", "$defs", "title", "description", "then"}


def valid(schema, value):
    if isinstance(schema, bool):
        return schema
    return all(KEYWORDS[word](schema, value, asked) for word, asked in schema.items() if word not in WORDS)


def dump(seed, count):
    text = subprocess.run([DUMPER, str(seed), str(count)], stdout=subprocess.PIPE, check=True).stdout
    return json.loads(text)


def verdicts(documents):
    """What the library says of each."""
    texts = [json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass") for document in documents]
    sent = b"".join(b"%d\n%s" % (len(text), text) for text in texts)
    said = subprocess.run([DUMPER], input=sent, stdout=subprocess.PIPE, check=True).stdout.decode().splitlines()
    assert len(said) == len(documents), said[-1:]
    return said


def places(value):
    """Every container with every key of it."""
    if isinstance(value, dict):
        found = [(value, key) for key in value]
    elif isinstance(value, list):
        found = [(value, at) for at in range(len(value))]
    else:
        return []
    return found + [place for _, key in found for place in places(value[key])]


VALUES = [None, True, False, 0, 1, -1, 2, 7, 8, 4094, 4095, 65535, 65536, 1.5, 2**53 - 1, 2**53, 2**64 - 1, "", "0",
          "1", "x", "a b", "-", "a\nb", "trunk", "vhba", "mac", str(2**53), str(2**64 - 1), "01", "\u0085", "y" * 64,
          "\u00e9" * 40, "z" * 300, [], {}, {"a": "b"}, {"mode": "access"}, {"mode": "none", "vlan": 1},
          "02:00:00:00:00:01", "03:00:00:00:00:01", "00:00:00:00:00:00", "20:00:00:00:00:00:00:01",
          "30:00:00:00:00:00:00:01", "00000000-0000-0000-0000-000000000000", "123e4567-e89b-42d3-a456-426614174000",
          "1-2,4", "5,", "libvio-store"]
KEYS = ["server", "path", "size", "vlan", "native", "vlans", "node_address", "enabled", "owner", "until", "color", "qos"]


def mutant(document, dice):
    """The document with one value changed, added or taken out."""
    changed = copy.deepcopy(document)
    container, key = dice.choice(places(changed))
    what = dice.randrange(4)
    if what == 0:
        del container[key]
    elif what == 1 and isinstance(container, dict):
        container[dice.choice(KEYS)] = dice.choice(VALUES)
    else:
        container[key] = dice.choice(VALUES)
    return changed


def check_mutants():
    dice = random.Random(4)
    documents = [mutant(dump(seed, 3), dice) for seed in range(ROUNDS // 25) for _ in range(25)]
    refused = taken = 0
    for document, said in zip(documents, verdicts(documents)):
        if valid(SCHEMA, document):
            taken += said == "ok"
        else:
            refused += 1
            if said == "ok":
                sys.exit(f"the schema refuses what the library takes: {json.dumps(document)}")
    assert refused > ROUNDS // 4 and taken > ROUNDS // 20, (refused, taken)
    return refused, taken


def check_real():
    for seed in range(20):
        document = dump(seed, 50)
        assert document["vadapters"], "an empty dump proves nothing"
        if not valid(SCHEMA, document):
            sys.exit(f"the dump of seed {seed} is not valid by the schema")
        if verdicts([document]) != ["ok"]:
            sys.exit(f"the library refuses its own dump of seed {seed}")


def check_keywords():
    """The keywords above mean what JSON Schema says, where its implementation in Python is at hand."""
    try:
        from jsonschema import Draft202012Validator
    except ImportError:
        return "jsonschema for Python is not installed: checked with the keywords of this test alone"
    Draft202012Validator.check_schema(SCHEMA)
    validator = Draft202012Validator(SCHEMA)
    dice = random.Random(5)
    for seed in range(100):
        document = mutant(dump(seed, 3), dice)
        assert validator.is_valid(document) == valid(SCHEMA, document), json.dumps(document)
    return "jsonschema agrees"


check_real()
print(check_keywords())
print("%d mutants refused by both, %d taken by both" % check_mutants())
