# SPDX-License-Identifier: MIT
"""The tables of docs/hardware-interface.md, which is all that these tests know of the device."""

import collections
import os
import re

TOP = os.environ.get("top_srcdir", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))

with open(os.path.join(TOP, "docs", "hardware-interface.md"), encoding="utf-8") as page:
    TEXT = page.read()


def rows(table):
    """The cells of a table's rows, without its head."""
    match = re.search(rf"<!-- table: {re.escape(table)} -->\n(.*?)<!-- end -->", TEXT, re.S)
    lines = [line for line in match.group(1).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


Register = collections.namedtuple("Register", "offset size access")
Field = collections.namedtuple("Field", "low bits")
Block = collections.namedtuple("Block", "base stride most")

BLOCKS = {name: Block(int(base, 16), int(stride, 16), int(most)) for name, base, stride, most, _ in rows("blocks")}
REGISTERS = {
    block: {name: Register(int(offset, 16), int(size), access)
            for offset, name, size, access, _ in rows(block.lower())}
    for block in BLOCKS
}
FIELDS = {
    (block, register, field): Field(int(low), int(bits))
    for block in BLOCKS if f"<!-- table: fields {block} -->" in TEXT
    for register, field, low, bits, _ in rows(f"fields {block}")
}
STATUS = {name: int(code, 16) for code, name, _ in rows("status")}
OPCODES = {name: int(code, 16) for code, name, *_ in rows("opcodes")}
CHANGES = {name: changes == "yes" for _, name, changes, *_ in rows("opcodes")}
EVENTS = {name: int(code, 16) for code, name, *_ in rows("events")}
RESETS = {
    block: {register: dict(zip(("set", "vpc", "power", "removal"), what)) for register, *what in rows(f"resets {block}")}
    for block in BLOCKS
}


def field(block, register, name, value):
    """What a field of a register's value holds."""
    low, bits = FIELDS[block, register, name]
    return value >> low & (1 << bits) - 1


def bit(block, register, name):
    """A field's mask."""
    low, bits = FIELDS[block, register, name]
    return (1 << bits) - 1 << low


def name_of(table, code):
    return next((name for name, number in table.items() if number == code), f"{code:#x}")
