#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the README shows is what is there: the first program, the files and the folders it names."""

import os
import re

import tree


def check(folder, readme):
    complaints = []
    blocks = re.findall(r"```c\n(.*?)```", readme, re.S)
    with open(os.path.join(folder, "examples", "first.c"), encoding="utf-8") as source:
        if source.read() not in blocks:
            complaints.append("the README's first program is not examples/first.c")
    named = re.findall(r"\]\(([^)#:]+)\)", readme) + re.findall(r"^\| `([a-z]+/)`", readme, re.M)
    for name in named:
        if not os.path.exists(os.path.join(folder, name)):
            complaints.append(f"the README names {name}, which is not there")
    return complaints


def self_test():
    with tree.planted({"examples/first.c": "int main;\n"}) as folder:
        complaints = "\n".join(check(folder, "```c\nint other;\n```\n[x](docs/none.md)\n"))
    for about in ("is not examples/first.c", "names docs/none.md"):
        if about not in complaints:
            raise SystemExit(f"self-test: the planted fault '{about}' was not found: {complaints}")


self_test()
tree.verdict(check(tree.TOP, tree.read(tree.TOP, "README.md")),
             "the README shows and names what is there")
