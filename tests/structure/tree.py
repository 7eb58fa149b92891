# SPDX-License-Identifier: MIT
"""What the structure tests share: the tree's files, comment stripping, the planted fault, the verdict.

Each structure test is a function check(root) that returns a list of complaints. Before it looks at the
tree it must complain about a small planted tree with one fault: a check that cannot fail is no check.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile

TOP = os.path.abspath(os.environ.get("top_srcdir", os.path.join(os.path.dirname(__file__), "..", "..")))
BUILD = os.path.abspath(os.environ.get("top_builddir", TOP))
SKIP = 77

AREAS = ("abi", "include", "lib", "lib-pci", "sim", "tools", "tests", "fuzz", "bench", "examples", "man",
         "docs", "share", "bindings", ".ci")
NOT_SOURCE = {"__pycache__", "build", "bin", "obj", "corpus"}
TOP_FILES = ("configure.ac", "Makefile.am", "libvio.pc.in", "libviosim.pc.in", "README.md", "NEWS.md",
             "CONTRIBUTING.md", "check", "quickstart")
SUFFIXES = (".c", ".h", ".def", ".map", ".mk", ".ac", ".am", ".in", ".py", ".sh", ".md", ".yaml", ".yml",
            ".i", ".cs", ".ps1", ".psm1", ".psd1", ".1", ".3", ".5", ".7", ".8")


def files(root, suffixes=SUFFIXES):
    """Paths, relative to root, of the source files below it; build products are left out.

    Scripts without a suffix are among them unless suffixes are asked for."""
    found = [name for name in TOP_FILES if os.path.isfile(os.path.join(root, name))]
    for area in AREAS:
        for folder, folders, names in os.walk(os.path.join(root, area)):
            folders[:] = [f for f in folders if f not in NOT_SOURCE and not f.startswith(".")]
            found += [os.path.relpath(os.path.join(folder, name), root) for name in names]
    scripts = suffixes is SUFFIXES
    return sorted(f for f in found if f.endswith(suffixes) or (scripts and is_script(os.path.join(root, f))))


def is_script(path):
    """A script without a suffix; a program that an in-tree build left has no shebang."""
    if os.path.splitext(path)[1]:
        return False
    with open(path, "rb") as stream:
        return stream.read(2) == b"#!"


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as stream:
        return stream.read()


def strip_comments(text):
    """C source without its comments; line numbers stay."""
    def blank(match):
        return match.group(0) if match.group(0)[0] == '"' else re.sub(r"[^\n]", " ", match.group(0))
    return re.sub(r'"(?:\\.|[^"\\\n])*"|/\*.*?\*/|//[^\n]*', blank, text, flags=re.S)


def public_headers(root):
    return sorted(name for name in os.listdir(os.path.join(root, "include", "libvio")) if name.endswith(".h"))


def run(*command, **options):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                          **options)


def compilers(names):
    """Those of the named compilers that are there."""
    return [path for path in map(shutil.which, names) if path]


def planted(contents):
    """A context manager: a temporary tree with the given {path: text}."""
    holder = tempfile.TemporaryDirectory(prefix="vio-structure-")
    for path, text in contents.items():
        full = os.path.join(holder.name, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as stream:
            stream.write(text)
    return holder


def must_complain(check, contents, about, *arguments):
    """The check has to find the planted fault, and to name it."""
    with planted(contents) as root:
        complaints = check(root, *arguments)
    if not any(about in complaint for complaint in complaints):
        sys.exit(f"self-test: the planted fault '{about}' was not found; complaints: {complaints}")


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIP)


def verdict(complaints, what):
    for complaint in complaints:
        print(complaint)
    if complaints:
        sys.exit(f"{len(complaints)} complaint(s)")
    print(f"ok: {what}")
