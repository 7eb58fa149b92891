#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The built libraries have the ABI of the committed baselines in abi/.

Usage: abi.py            compare (the test)
       abi.py --update   write new baselines: `make abi-baseline`. NEWS.md says what changed, in the same commit.
"""

import os
import shutil
import sys

import tree

LIBRARIES = ("libvio", "libviosim")


def write(library, headers, baseline):
    """Describes what the public headers show of the library; opaque bodies are left out."""
    result = tree.run("abidw", "--exported-interfaces-only", "--drop-private-types", "--no-corpus-path",
                      "--no-comp-dir-path", "--no-elf-needed", "--no-show-locs", "--type-id-style", "hash",
                      "--headers-dir", headers, "--out-file", baseline, library)
    if result.returncode != 0:
        return [f"abidw failed on {library}:\n{result.stdout}"]
    with open(baseline, "r+", encoding="utf-8") as stream:
        text = stream.read().replace(f" path='{tree.TOP}/", " path='")
        stream.seek(0)
        stream.write(text)
        stream.truncate()
    return []


def check(root, library, built):
    """Describes the built library as the baseline was, and compares the two descriptions."""
    baseline = os.path.join(root, "abi", f"{library}.abi.xml")
    if not os.path.exists(baseline):
        return [f"abi/{library}.abi.xml is not there: write it with `make abi-baseline`"]
    with tree.planted({}) as folder:
        now = os.path.join(folder, "now.xml")
        complaints = write(built, os.path.join(root, "include", "libvio"), now)
        if complaints:
            return complaints
        result = tree.run("abidiff", "--no-show-locs", baseline, now)
    if result.returncode == 0:
        return []
    return [f"{library} differs from its ABI baseline. If that is meant, run `make abi-baseline` and tell it in "
            f"NEWS.md, in one commit:\n{result.stdout}"]


HEADER = "struct opaque;\nstruct seen {\n    int n;\n};\nint vio_a(struct opaque *o, struct seen *s);\n"
SOURCE = ('#include "include/libvio/a.h"\nstruct opaque {\n    int n;\n};\n'
          "int vio_a(struct opaque *o, struct seen *s)\n{\n    return o->n + s->n;\n}\n")


def self_test():
    """A changed opaque body passes; a changed public struct, a removed and an added function do not."""
    with tree.planted({"include/libvio/a.h": HEADER, "a.c": SOURCE, "abi/README": ""}) as root:
        headers, built = os.path.join(root, "include", "libvio"), os.path.join(root, "a.so")

        def build(header, source):
            for path, text in (("include/libvio/a.h", header), ("a.c", source)):
                with open(os.path.join(root, path), "w", encoding="utf-8") as stream:
                    stream.write(text)
            tree.run(tree.compilers(("cc", "gcc", "clang"))[0], "-g", "-shared", "-fPIC", "-o", built,
                     os.path.join(root, "a.c"))
            return check(root, "libvio", built)

        if not build(HEADER, SOURCE):
            sys.exit("self-test: a missing baseline was not found")
        write(built, headers, os.path.join(root, "abi", "libvio.abi.xml"))
        if build(HEADER, SOURCE.replace("int n;", "int more;\n    int n;")):
            sys.exit("self-test: a changed opaque body was taken for a changed ABI")
        for header, source in ((HEADER.replace("int n;", "long n;"), SOURCE),
                               (HEADER, SOURCE.replace("vio_a(", "vio_b(")),
                               (HEADER, SOURCE + "int vio_c;\n")):
            if not build(header, source):
                sys.exit("self-test: a planted change of the ABI was not found")


def main():
    if not (shutil.which("abidiff") and shutil.which("abidw")):
        tree.skip("needs abidiff and abidw of abigail-tools")
    if os.environ.get("VIO_INSTRUMENTED"):
        tree.skip("an instrumented build has another ABI")
    built = {library: os.path.join(tree.BUILD, ".libs", f"{library}.so") for library in LIBRARIES}
    if sys.argv[1:] == ["--update"]:
        os.makedirs(os.path.join(tree.TOP, "abi"), exist_ok=True)
        tree.verdict([complaint for library in LIBRARIES
                      for complaint in write(built[library], os.path.join(tree.TOP, "include", "libvio"),
                                             os.path.join(tree.TOP, "abi", f"{library}.abi.xml"))],
                     "wrote the baselines in abi/")
        return
    if "clang" in os.environ.get("CC", ""):
        tree.skip("the baselines are of a gcc build")
    if ".debug_info" not in tree.run("readelf", "-S", "-W", built["libvio"]).stdout:
        tree.skip("needs debug information: CFLAGS with -g")
    self_test()
    tree.verdict([complaint for library in LIBRARIES
                  for complaint in check(tree.TOP, library, built[library])], "the ABI is the baseline's")


main()
