#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Export macro, version script and built library name the same functions."""

import os
import re

import tree

LIBRARIES = (
    ("libvio", "VIO_EXPORT", "vio_", "lib/libvio.map"),
    ("libviosim", "VIOSIM_EXPORT", "viosim_", "sim/libviosim.map"),
)


def names_in_headers(root, macro):
    names = []
    for header in tree.public_headers(root):
        text = tree.strip_comments(tree.read(root, f"include/libvio/{header}"))
        text = re.sub(r"^[ \t]*#.*$", "", text, flags=re.M)
        names += re.findall(rf"\b{macro}\b[^;(]*?\b(\w+)\s*\(", text)
    return names


def names_in_script(root, path):
    text = tree.strip_comments(tree.read(root, path))
    names = []
    for section in re.findall(r"global:(.*?)(?:local:|\})", text, flags=re.S):
        names += [name.strip() for name in section.split(";") if name.strip()]
    return names


def names_in_library(path):
    """Dynamic symbols that the library defines; those of type A are the version nodes."""
    output = tree.run("nm", "-D", "--defined-only", path)
    if output.returncode != 0:
        return None
    rows = [line.split() for line in output.stdout.splitlines()]
    return [row[2].split("@")[0] for row in rows if len(row) == 3 and row[1] != "A"]


def compare(library, left, right, left_names, right_names):
    return [f"{library}: {name} is in {left}, not in {right}"
            for name in sorted(set(left_names) - set(right_names))]


def check(root, library, macro, prefix, script, built):
    declared, scripted = names_in_headers(root, macro), names_in_script(root, script)
    complaints = [f"{library}: {name} is declared twice" for name in sorted(set(declared))
                  if declared.count(name) > 1]
    complaints += [f"{library}: {name} does not start with {prefix}" for name in declared + scripted
                   if not name.startswith(prefix)]
    if scripted != sorted(scripted):
        complaints.append(f"{script}: not sorted (LC_ALL=C sort)")
    complaints += compare(library, "the headers", script, declared, scripted)
    complaints += compare(library, script, "the headers", scripted, declared)
    exported = names_in_library(built)
    if exported is None:
        return complaints + [f"{library}: cannot read {os.path.basename(built)}"]
    complaints += compare(library, "the built library", script, exported, scripted)
    complaints += compare(library, script, "the built library", scripted, exported)
    return complaints


def self_test():
    """Compares a faulty planted tree with a library of one function, vio_a."""
    with tree.planted({"a.c": "int vio_a(void);\nint vio_a(void)\n{\n    return 0;\n}\n"}) as folder:
        built = os.path.join(folder, "a.so")
        compiler = tree.compilers(("cc", "gcc", "clang"))[0]
        tree.run(compiler, "-shared", "-fPIC", "-o", built, os.path.join(folder, "a.c"))

        def plant(declared, scripted, about):
            header = "".join(f"VIO_EXPORT int\n{name}(int (*f)(void));\n" for name in declared)
            script = "".join(f"{name};" for name in scripted)
            tree.must_complain(check, {"include/libvio/a.h": header,
                                       "lib/libvio.map": f"N {{ global: {script} local: *; }};"},
                               about, *LIBRARIES[0], built)

        plant(["vio_a", "vio_b"], ["vio_a"], "vio_b is in the headers, not in lib/libvio.map")
        plant(["vio_a"], ["vio_a", "vio_b"], "vio_b is in lib/libvio.map, not in the headers")
        plant(["vio_a", "vio_b"], ["vio_a", "vio_b"], "vio_b is in lib/libvio.map, not in the built library")
        plant([], [], "vio_a is in the built library, not in lib/libvio.map")
        plant(["vio_b", "vio_a"], ["vio_b", "vio_a"], "not sorted")
        plant(["vio_a", "vio_a"], ["vio_a"], "declared twice")
        plant(["oops"], ["oops"], "does not start with vio_")


self_test()
tree.verdict([complaint for row in LIBRARIES
              for complaint in check(tree.TOP, *row, os.path.join(tree.BUILD, ".libs", f"{row[0]}.so"))],
             "headers, version scripts and libraries agree")
