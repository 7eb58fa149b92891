#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The comment of each public function says what it does, names each parameter, and says what is returned,
on which threads it may be called and since which release."""

import re

import tree

FUNCTION = re.compile(r"^(?:VIO|VIOSIM)_EXPORT\s+(?P<result>[^;]*?)\b(?P<name>\w+)\s*\((?P<arguments>[^;]*)\)\s*;", re.M)
COMMENT = re.compile(r"/\*\*((?:(?!\*/).)*)\*/\s*\Z", re.S)
TAGS = {"brief", "param", "return", "since"}


def check(root):
    complaints = []
    for header in tree.public_headers(root):
        text = tree.read(root, f"include/libvio/{header}")
        for function in FUNCTION.finditer(text):
            comment = COMMENT.search(text, 0, function.start())
            lacks = ["a /** comment"] if comment is None else faults(function, plain(comment.group(1)))
            complaints += [f"include/libvio/{header}: {function['name']}() {lack}" if lack.startswith("has")
                           else f"include/libvio/{header}: {function['name']}() lacks {lack}" for lack in lacks]
    return complaints


def plain(comment):
    """The words of a comment, without its stars."""
    return re.sub(r"\s+", " ", re.sub(r"^\s*\*", "", comment, flags=re.M)).strip()


def parameters(arguments):
    """Names of the parameters; of a pointer to a function, the pointer's."""
    if arguments.strip() in ("", "void"):
        return []
    flat = re.sub(r"\(\s*\*\s*(\w+)\s*\)\s*\([^()]*\)", r" \1", arguments)
    return [re.search(r"(\w+)\s*(?:\[[^]]*\])?\s*$", argument).group(1) for argument in flat.split(",")]


def faults(function, comment):
    found = []
    if not re.search(r"@brief [^@\s]", comment):
        found.append("@brief: what it does")
    wanted = parameters(function["arguments"])
    named = re.findall(r"@param (\w+) [^@\s]", comment)
    found += [f"@param {name}" for name in wanted if name not in named]
    found += [f"has no parameter {name}, which its comment describes" for name in named if name not in wanted]
    returns = re.search(r"@return [^@\s]", comment) is not None
    if function["result"].split() == ["void"] and returns:
        found.append("has nothing to return, which its comment describes")
    elif function["result"].split() != ["void"] and not returns:
        found.append("@return")
    if not re.search(r"\bthreads?\b", comment):
        found.append("the threads on which it may be called")
    if not re.search(r"@since \d+\.\d+\.\d+$", comment):
        found.append("@since VERSION at its end")
    return found + [f"has the tag @{tag}, which these headers do not use"
                    for tag in re.findall(r"@(\w+)", comment) if tag not in TAGS]


def self_test():
    good = ("/**\n * @brief Do it.\n * @param n Times.\n * @param fn Called each time.\n * @return 0.\n *\n"
            " * Callable from any thread.\n * @since 0.1.0\n */\n"
            "VIO_EXPORT int vio_do(int n, void (*fn)(int at, void *user));\n")

    def plant(old, new, about):
        tree.must_complain(check, {"include/libvio/a.h": good.replace(old, new)}, about)

    with tree.planted({"include/libvio/a.h": good}) as root:
        assert check(root) == [], check(root)
    plant(good[:good.index("VIO_EXPORT")], "", "vio_do() lacks a /** comment")
    plant("@brief Do it.", "", "vio_do() lacks @brief")
    plant("@param n Times.", "", "vio_do() lacks @param n")
    plant("@param fn Called each time.", "@param fn", "vio_do() lacks @param fn")
    plant("@param n", "@param m", "vio_do() has no parameter m")
    plant("@return 0.", "", "vio_do() lacks @return")
    plant("int vio_do", "void vio_do", "vio_do() has nothing to return")
    plant("Callable from any thread.", "", "vio_do() lacks the threads")
    plant("@since 0.1.0", "@since then", "vio_do() lacks @since VERSION")
    plant("@brief", "@copydoc vio_other @brief", "vio_do() has the tag @copydoc")


self_test()
tree.verdict(check(tree.TOP), "each public function says what its callers need")
