#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""C sources are as clang-format, with the tree's rules, would write them."""

import os
import re
import shutil

import tree

VERSION = "14"


def check(root):
    sources = [os.path.join(root, path) for path in tree.files(root, (".c", ".h"))]
    result = tree.run("clang-format", "--dry-run", f"--style=file:{tree.TOP}/.clang-format", *sources)
    places = re.findall(r"^(.*?:\d+):\d+: warning: code should be clang-formatted", result.stdout, flags=re.M)
    complaints = [f"{os.path.relpath(place, root)}: run clang-format -i on it" for place in dict.fromkeys(places)]
    return complaints if complaints or result.returncode == 0 else [result.stdout]


if not shutil.which("clang-format"):
    tree.skip("needs clang-format")
if not re.search(rf"version {VERSION}\.", tree.run("clang-format", "--version").stdout):
    tree.skip(f"clang-format {VERSION} decides; another version has other opinions")
tree.must_complain(check, {"lib/a.c": "int  a ;\n"}, "lib/a.c:1: run clang-format")
tree.verdict(check(tree.TOP), "C sources are formatted")
