#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each source file's first line (the second, after a shebang) names its licence."""

import re

import tree

LINE = re.compile(r"SPDX-License-Identifier: (\S+)")


def licence_of(path):
    return "GPL-2.0-or-later" if path.startswith("lib-pci/") else "MIT"


def check(root):
    complaints = []
    for path in tree.files(root):
        lines = tree.read(root, path).split("\n")
        line = lines[1] if lines[0].startswith(("#!", "'\\\"")) and len(lines) > 1 else lines[0]
        match = LINE.search(line)
        if not match:
            complaints.append(f"{path}: the first line has no SPDX-License-Identifier")
        elif match.group(1) != licence_of(path):
            complaints.append(f"{path}: licence {match.group(1)}: allowed is {licence_of(path)}")
    return complaints


tree.must_complain(check, {"lib/base/a.c": "int a;\n"}, "lib/base/a.c: the first line has no")
tree.must_complain(check, {"lib/a.c": "/* SPDX-License-Identifier: GPL-2.0-only */\n"}, "allowed is MIT")
tree.verdict(check(tree.TOP), "each file names its licence")
