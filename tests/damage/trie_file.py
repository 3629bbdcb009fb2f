# SPDX-License-Identifier: LGPL-2.1-or-later
"""The .bin files of a module index, read and written again: with each node after its children, as
kmod up to 33 writes them, or before them, as kmod does since 34."""

import dataclasses
import struct

HEADER = struct.Struct(">III")
MAGIC, VERSION = 0xB007F457, 0x00020001
# The parts that a reference says its node has, and the offset of the node.
PREFIX, VALUES, CHILDREN, OFFSET = 0x80000000, 0x40000000, 0x20000000, 0x0FFFFFFF
NUMBER = struct.Struct(">I")


@dataclasses.dataclass
class Node:
    """One node; a child that is not there is None."""
    prefix: bytes = b""
    first: int = 0
    children: list = dataclasses.field(default_factory=list)
    values: list = dataclasses.field(default_factory=list)    # (priority, text)

    def parts(self):
        return ((PREFIX if self.prefix else 0) | (VALUES if self.values else 0) |
                (CHILDREN if self.children else 0))

    def size(self):
        return len(self.encoded([0] * len(self.children)))

    def encoded(self, references):
        """Its bytes, with these references to its children."""
        content = self.prefix + b"\0" if self.prefix else b""
        if self.children:
            content += bytes([self.first, self.first + len(self.children) - 1])
            content += b"".join(map(NUMBER.pack, references))
        if self.values:
            content += NUMBER.pack(len(self.values))
            content += b"".join(NUMBER.pack(priority) + text + b"\0"
                                for priority, text in self.values)
        return content


def read_number(content, at):
    return NUMBER.unpack_from(content, at)[0], at + NUMBER.size


def read_text(content, at):
    end = content.index(b"\0", at)
    return content[at:end], end + 1


def read_node(content, reference):
    node, at = Node(), reference & OFFSET
    if reference & PREFIX:
        node.prefix, at = read_text(content, at)
    if reference & CHILDREN:
        node.first, last = content[at:at + 2]
        at += 2
        for _ in range(node.first, last + 1):
            child, at = read_number(content, at)
            node.children.append(read_node(content, child) if child else None)
    if reference & VALUES:
        count, at = read_number(content, at)
        for _ in range(count):
            priority, at = read_number(content, at)
            text, at = read_text(content, at)
            node.values.append((priority, text))
    return node


def read(content):
    """The root of the index in these bytes, which must be intact."""
    magic, version, reference = HEADER.unpack_from(content)
    if (magic, version) != (MAGIC, VERSION):
        raise ValueError("this is no index of a version that is known here")
    return read_node(content, reference)


def place(node, at, preorder, placed):
    """Finds out where each node below this one goes, in the order in which they are written:
    placed gets (node, offset, references of its children). Returns the reference and the end."""
    mine = len(placed)
    if preorder:
        placed.append(None)
        offset, at = at, at + node.size()
    references = []
    for child in node.children:
        reference = 0
        if child:
            reference, at = place(child, at, preorder, placed)
        references.append(reference)
    if preorder:
        placed[mine] = node.encoded(references)
    else:
        placed.append(node.encoded(references))
        offset, at = at, at + node.size()
    return offset | node.parts(), at


def write(root, preorder):
    """The bytes of an index with this root."""
    nodes = []
    reference, _ = place(root, HEADER.size, preorder, nodes)
    return HEADER.pack(MAGIC, VERSION, reference) + b"".join(nodes)
