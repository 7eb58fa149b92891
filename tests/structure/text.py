#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No file holds a path of one machine, a private package registry's address, or a mark of unfinished work."""

import re

import tree

PATTERNS = (
    ("a path of one machine", re.compile(r"(?<![\w.$}>)-])/(?:work|home|root|Users)/\w")),
    ("a fixed temporary folder (use TMPDIR or mkdtemp)", re.compile(r"(?<![\w.$}>)-])/tmp\b")),
    ("a private registry", re.compile(r"\b(?:extra-)?index-url\b|https?://[^/\s]*(?:artifactory|nexus|registry|mirror|"
                                      r"\.internal|\.local|\.lan|\.corp)\b")),
    ("a private address", re.compile(r"https?://(?:10|127|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.")),
    ("a mark of unfinished work", re.compile(r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b")),
)


def check(root):
    complaints = []
    for path in tree.files(root) + tree.files(root, (".xml",)):
        if path == "tests/structure/text.py":
            continue
        for number, line in enumerate(tree.read(root, path).split("\n"), 1):
            complaints += [f"{path}:{number}: {what}: {line.strip()}" for what, pattern in PATTERNS
                           if pattern.search(line)]
    return complaints


for text, about in (("open(\"/t" "mp/x\")", "temporary folder"), ("/wo" "rk/x", "path of one machine"),
                    ("see https://nexus.example/x", "private registry"), ("/* TO" "DO: later */", "unfinished"),
                    ("http://10.0.0.1/", "private address")):
    tree.must_complain(check, {"lib/a.c": text + "\n"}, about)
tree.must_complain(check, {"abi/a.xml": "<a path='/home/me/a.c'/>\n"}, "abi/a.xml:1: a path of one machine")
tree.verdict(check(tree.TOP), "no path of one machine, no private registry, nothing unfinished")
