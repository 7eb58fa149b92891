#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The libraries need no other library than the documented ones, and have the documented soname."""

import os
import re

import tree

# Before glibc 2.34 threads and dlopen were libraries of their own.
LIBC = {"libc.so.6", "libpthread.so.0", "libdl.so.2"}
LIBRARIES = {
    "libvio": ("libvio.so.0", LIBC | {"libuv.so.1", "libjansson.so.4", "libsqlite3.so.0"}),
    "libviosim": ("libviosim.so.0", LIBC | {"libyaml-0.so.2"}),
}


def check(folder, name, soname, may_need):
    output = tree.run("readelf", "-d", "-W", os.path.join(folder, f"{name}.so"))
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", output.stdout)
    complaints = [f"{name} needs {other}: allowed are {', '.join(sorted(may_need))}"
                  for other in needed if other not in may_need]
    if re.findall(r"\(SONAME\).*\[(.*)\]", output.stdout) != [soname]:
        complaints.append(f"{name}'s soname is not {soname}:\n{output.stdout}")
    if not re.search(r"\(FLAGS_1\).*NODELETE", output.stdout):
        complaints.append(f"{name} is not linked with -z nodelete")
    return complaints


def self_test():
    with tree.planted({"a.c": "int a;\n"}) as folder:
        compiler = tree.compilers(("cc", "gcc", "clang"))[0]
        tree.run(compiler, "-shared", "-fPIC", "-Wl,--no-as-needed", "-o", os.path.join(folder, "a.so"),
                 os.path.join(folder, "a.c"), "-lm")
        complaints = "\n".join(check(folder, "a", "liba.so.0", LIBC))
    for about in ("a needs libm.so.6", "soname is not liba.so.0", "nodelete"):
        if about not in complaints:
            raise SystemExit(f"self-test: the planted fault '{about}' was not found: {complaints}")


if os.environ.get("VIO_INSTRUMENTED"):
    tree.skip("a sanitizer's or gcov's run-time library is linked in")
self_test()
tree.verdict([complaint for name, row in LIBRARIES.items()
              for complaint in check(os.path.join(tree.BUILD, ".libs"), name, *row)],
             "needed libraries and sonames are the documented ones")
