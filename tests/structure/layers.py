#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Includes point down only, and the libraries' and tools' borders hold."""

import os
import re

import tree

BASE = {"lib/base"}
BELOW_DRIVER = BASE | {"lib/loop", "lib/transport", "lib/hw", "lib/domain"}

# What the files of each folder may include, besides their own folder. The longest match counts.
MAY_INCLUDE = {
    "lib/base": set(),
    "lib/hw": BASE,
    "lib/loop": BASE,
    "lib/transport": BASE | {"lib/loop"},
    "lib/domain": BASE,
    "lib/store": BASE | {"lib/loop", "lib/domain"},
    "lib/driver": BELOW_DRIVER,
    "lib/driver/iove": BELOW_DRIVER | {"lib/driver"},
    "lib/driver/linux": BELOW_DRIVER | {"lib/driver"},
    "lib/engine": BASE | {"lib/loop", "lib/domain", "lib/store", "lib/driver"},
    "lib/api": BASE | {"lib/loop", "lib/domain", "lib/store", "lib/driver", "lib/engine"},
    "sim": BASE | {"lib/hw"},
    "include/libvio": set(),
    "tools/vioctl": set(),
    "tools/chassisd": BASE | {"lib/hw", "sim"},
    "examples": set(),
}

# Raw register access is public for diagnostic tools: the one place above the drivers that knows registers.
# The transport that loads a device takes its table of operations, lib/hw/bus.h.
EXCEPTIONS = {"lib/api/device": {"lib/transport", "lib/hw"}, "lib/transport/sim": {"lib/hw"}}

# The simulator's public header is for its own users; the library reaches it through its transport only.
SIM_HEADER, SIM_USERS = "libvio/sim.h", {"sim", "lib/transport", "lib/api", "tools/chassisd", "examples"}

OUTSIDE_WORLD = re.compile(r"(uv|time|unistd|fcntl|poll|dlfcn|pthread|threads|sys/.*|net/.*|arpa/.*)\.h")

# Headers of the system and of other libraries that a folder may not include.
FORBIDDEN = {
    "lib/base": re.compile(r"(uv|yaml|jansson|sqlite3)\.h"),
    "lib/hw": OUTSIDE_WORLD,
    "lib/domain": OUTSIDE_WORLD,
    "sim": re.compile(r"(uv|jansson|sqlite3)\.h"),
    "include/libvio": re.compile(r"(?!std(def|int|bool|arg)\.h$|libvio/).*"),
}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)


def folder_of(path, table):
    """The longest folder of the table that the path lies in."""
    inside = [folder for folder in table if path.startswith(folder + "/")]
    return max(inside, key=len, default=None)


def complaint_about(path, folder, bracket, included):
    """Why this file may not include that, or None."""
    forbidden = FORBIDDEN.get(folder)
    if included == SIM_HEADER and folder not in SIM_USERS:
        return f"{folder} may not include the simulator's header"
    if bracket == "<":
        if forbidden and forbidden.fullmatch(included):
            return f"{folder} may not include <{included}>"
    else:
        target = folder_of(included, MAY_INCLUDE)
        if target is None:
            if os.path.dirname(included) != os.path.dirname(path):
                return "not from the top source folder, or from no layer"
        elif target != folder and target not in allowed(path, folder):
            return f"{folder} may not include {target}"
    return None


def allowed(path, folder):
    extra = [more for prefix, more in EXCEPTIONS.items() if path.startswith(prefix)]
    return MAY_INCLUDE[folder].union(*extra)


def check(root):
    complaints = []
    for path in tree.files(root, (".c", ".h", ".def")):
        folder = folder_of(path, MAY_INCLUDE)
        if folder is None:
            continue
        text = tree.strip_comments(tree.read(root, path))
        for match in INCLUDE.finditer(text):
            why = complaint_about(path, folder, *match.groups())
            if why:
                line = text.count("\n", 0, match.start()) + 1
                complaints.append(f"{path}:{line}: includes {match.group(2)}: {why}")
        if folder == "include/libvio":
            complaints += uv_names(path, text)
    return complaints


def uv_names(path, text):
    """libuv's types appear in public headers only as a pointer to struct uv_loop_s."""
    rest = re.sub(r"\bstruct uv_loop_s\b", "", text)
    return [f"{path}: names {name}: only 'struct uv_loop_s' is allowed in a public header"
            for name in re.findall(r"\buv_\w+", rest)]


def self_test():
    def plant(path, include, about):
        tree.must_complain(check, {path: f"/* x */\n#include {include}\n"}, about)

    plant("lib/base/a.c", '"lib/loop/loop.h"', "lib/base may not include lib/loop")
    plant("lib/domain/a.c", '"lib/driver/driver.h"', "lib/domain may not include lib/driver")
    plant("lib/driver/a.c", '"lib/driver/iove/ring.h"', "lib/driver may not include lib/driver/iove")
    plant("lib/driver/iove/a.c", '"lib/driver/linux/l.h"', "may not include lib/driver/linux")
    plant("lib/driver/linux/a.c", '"lib/driver/iove/i.h"', "may not include lib/driver/iove")
    plant("lib/engine/a.c", '"lib/hw/regs.h"', "lib/engine may not include lib/hw")
    plant("lib/transport/sim.c", '"sim/device.h"', "lib/transport may not include sim")
    plant("lib/engine/a.c", "<libvio/sim.h>", "may not include the simulator's header")
    plant("sim/a.c", '"lib/loop/loop.h"', "sim may not include lib/loop")
    plant("sim/a.c", "<uv.h>", "sim may not include <uv.h>")
    plant("lib/domain/a.c", "<time.h>", "lib/domain may not include <time.h>")
    plant("lib/loop/a.c", '"../engine/plan.h"', "from no layer")
    plant("tools/vioctl/a.c", '"lib/base/buf.h"', "tools/vioctl may not include lib/base")
    plant("include/libvio/a.h", "<uv.h>", "include/libvio may not include <uv.h>")
    tree.must_complain(check, {"include/libvio/a.h": "int f(struct uv_timer_s *timer);\n"}, "uv_timer_s")


self_test()
tree.verdict(check(tree.TOP), "includes point down only")
