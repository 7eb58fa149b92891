#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The libraries have no variables and call nothing that a guest in somebody's process must not call."""

import os
import re

import tree

FORBIDDEN = {
    "ends the process": {"exit", "_exit", "_Exit", "quick_exit", "abort", "__assert_fail", "__assert_perror_fail"},
    "prints": {"printf", "__printf_chk", "vprintf", "puts", "putchar", "perror", "stdout", "stderr"},
    "changes the process": {"signal", "sigaction", "sigprocmask", "chdir", "umask", "setenv", "putenv", "unsetenv",
                            "setlocale", "atexit"},
    "uses libuv's thread pool or its default loop": {"uv_queue_work", "uv_getaddrinfo", "uv_getnameinfo",
                                                     "uv_random", "uv_default_loop"},
}

# What the C compiler's own start-up code keeps.
NOT_OURS = re.compile(r"completed\.\d+|__dso_handle|__TMC_END__|_edata|_end|__bss_start|_GLOBAL_OFFSET_TABLE_|_DYNAMIC")


def imports(path):
    rows = tree.run("nm", "-D", "--undefined-only", path).stdout.splitlines()
    return {row.split()[-1].split("@")[0] for row in rows if row.split()}


def variables(path):
    """Names of the objects in writable memory; tables of constants that are relocated are not."""
    rows = re.findall(r" O (\.(?:data|bss|tdata|tbss))\t\S+ +(?:\.hidden )?(\S+)$",
                      tree.run("objdump", "-t", path).stdout, flags=re.M)
    return [name for _, name in rows if not NOT_OURS.fullmatch(name)]


def check(folder, name):
    path = os.path.join(folder, f"{name}.so")
    found = imports(path)
    complaints = [f"{name} calls {call}, which {why}" for why, calls in FORBIDDEN.items()
                  for call in sorted(calls & found)]
    return complaints + [f"{name} has the variable {variable}" for variable in variables(path)]


def self_test():
    source = ("#include <stdio.h>\n#include <stdlib.h>\nstatic int count;\nstatic const char *const names[] = {\"a\"};\n"
              "const char *f(int n) { if (n) { puts(\"\"); abort(); } return names[n + count++]; }\n")
    with tree.planted({"a.c": source}) as folder:
        tree.run(tree.compilers(("cc", "gcc", "clang"))[0], "-shared", "-fPIC", "-o", os.path.join(folder, "a.so"),
                 os.path.join(folder, "a.c"))
        complaints = check(folder, "a")
    expected = ["a calls abort, which ends the process", "a calls puts, which prints", "a has the variable count"]
    if complaints != expected:
        raise SystemExit(f"self-test: wanted {expected}, got {complaints}")


if os.environ.get("VIO_INSTRUMENTED"):
    tree.skip("a sanitizer's or gcov's code is linked in")
self_test()
tree.verdict([complaint for name in ("libvio", "libviosim")
              for complaint in check(os.path.join(tree.BUILD, ".libs"), name)],
             "no variables, no exits, no output, no signal handlers")
