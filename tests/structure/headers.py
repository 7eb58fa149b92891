#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each public header is installed and compiles alone, as C99 and as C++11, without a warning."""

import os
import re

import tree

WARNINGS = ("-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only")
LANGUAGES = (("c", "c99", ("gcc", "clang")), ("c++", "c++11", ("g++", "clang++")))


def check(root):
    headers = tree.public_headers(root)
    installed = re.findall(r"\binclude/libvio/(\S+\.h)\b", tree.read(root, "lib/local.mk"))
    complaints = [f"{header}: not in libvioinclude_HEADERS of lib/local.mk, so not installed"
                  for header in headers if header not in installed]
    for header in headers:
        complaints += compile_alone(root, f"libvio/{header}")
    return complaints


def compile_alone(root, header):
    complaints = []
    for language, standard, names in LANGUAGES:
        for compiler in tree.compilers(names):
            result = tree.run(compiler, "-x", language, f"-std={standard}", *WARNINGS,
                              "-I", os.path.join(root, "include"), "-",
                              input=f"#include <{header}>\n")
            if result.returncode != 0:
                complaints.append(f"{header}: not {standard} for {os.path.basename(compiler)}:\n{result.stdout}")
    return complaints


def self_test():
    def plant(text, about, fragment="libvioinclude_HEADERS = include/libvio/a.h\n"):
        tree.must_complain(check, {"include/libvio/a.h": text, "lib/local.mk": fragment}, about)

    plant("void f(size_t n);\n", "a.h: not c99")
    plant("enum a { X, };\nstruct s { int n[0]; };\n", "a.h: not c99")
    plant("void f(int class);\n", "a.h: not c++11")
    plant("void f(void);\n", "a.h: not in libvioinclude_HEADERS", fragment="\n")


if not all(tree.compilers(names) for _, _, names in LANGUAGES):
    tree.skip("needs a C and a C++ compiler: gcc and g++, or clang")
self_test()
tree.verdict(check(tree.TOP), "public headers compile alone")
