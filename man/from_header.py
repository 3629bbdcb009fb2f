#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Manual pages of section 3, from the comments of the header: from_header.py HEADER DIRECTORY VERSION

A page has all of the header from its first function (SUMMARY) to that of the next page;
each other function there has a page that links to it. The pages contain nothing that the header does not.
"""

import pathlib
import re
import sys
import textwrap

# A page is indented by 7 columns and must fit into 80.
WIDTH = 72
# When the layout of the pages changed last: each page must have a date, and two builds must be equal.
DATE = "2026-11-29"

WHOLE_WORDS = {"break_long_words": False, "break_on_hyphens": False}
COMMENT = re.compile(r"/\*(.*?)\*/\s*", re.DOTALL)
FUNCTION = re.compile(r"^(?:const |enum |struct )*\w+[ *]*\n?(vfio_variant_\w+)\(([^;]*?)\);",
                      re.MULTILINE | re.DOTALL)
DECLARATION = re.compile(r"^\w[^;{]*(?:\{.*?^\})?[^;{]*;", re.MULTILINE | re.DOTALL)
MEMBER = re.compile(r"(\w+(?: = \w+)?,?)\s*(?:/\*(.*?)\*/)?", re.DOTALL)
SECTION = re.compile(r"^/\* --- .*? --- \*/\n", re.MULTILINE)


def functions(header):
    """(name, start, end, declaration, docstring) of each function, in order."""
    found = []
    for declaration in FUNCTION.finditer(header):
        before = header[:declaration.start()].rstrip()
        comment = before[before.rfind("/*"):] if before.endswith("*/") else ""
        start = len(before) - len(comment) if comment else declaration.start()
        found.append((declaration[1], start, declaration.end(), declaration[0], words(comment)))
    return found


def words(comment):
    """The text of a comment, in paragraphs."""
    text = comment.removeprefix("/*").removesuffix("*/")
    lines = [line.strip().removeprefix("*").strip() for line in text.splitlines()]
    return [" ".join(part.split("\n")).strip()
            for part in re.split(r"\n\s*\n", "\n".join(lines)) if part.strip()]


def escape(text):
    return text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")


def mark(paragraph, parameters):
    """The lines of a paragraph: parameters in italics, what is typed in bold."""
    text = escape(paragraph)
    for name in parameters:
        text = re.sub(rf"(?<![\w-]){name.upper()}(?![\w])", rf"\\fI{name}\\fP", text)
    text = re.sub(r"\b(VFIO_VARIANT_\w+|vfio_variant_\w+\(\))", r"\\fB\1\\fP", text)
    text = re.sub(r"(\\-E[A-Z]+)\b", r"\\fB\1\\fP", text)
    return [re.sub(r"^([.'])", r"\\&\1", line) for line in textwrap.wrap(text, WIDTH, **WHOLE_WORDS)]


def parameters_of(declaration):
    inside = declaration.partition("(")[2].rpartition(")")[0]
    return [re.search(r"(\w+)\s*$", one)[1] for one in inside.split(",") if re.search(r"\w+\s*$", one)]


def prototype(text):
    """A declaration without braces, broken after a comma or an opening bracket if it is too long."""
    glued = re.sub(r"(?<!,) ", "\1", " ".join(text.split())).replace("(", "( ")
    lines = textwrap.wrap(glued, WIDTH, subsequent_indent=" " * 8, **WHOLE_WORDS)
    return [line.replace("( ", "(").replace("\1", " ") for line in lines]


def member(text, comment):
    """A member of an enum with its comment, which goes below it if both are too long for a line."""
    comment = f"/* {' '.join(comment.split())}\1*/" if comment else ""
    lines = [f"    {text} {comment}".rstrip()]
    if len(lines[0]) > WIDTH:
        lines = ["    " + text, *textwrap.wrap(comment, WIDTH, initial_indent=" " * 8,
                                               subsequent_indent=" " * 11, **WHOLE_WORDS)]
    return [line.replace("\1", " ") for line in lines]


def type_lines(text):
    head, _, inside = text.partition("{")
    lines = [head + "{"]
    for found in MEMBER.finditer(inside.rpartition("}")[0]):
        lines += member(*found.groups())
    return [*lines, "};"]


def synopsis(part):
    """Declarations, with the comments inside of a type, without the docstrings."""
    lines, text = [], SECTION.sub("", part)
    text = re.sub(r"^/\*.*?\*/\n+", "", text, flags=re.MULTILINE | re.DOTALL)
    for declaration in DECLARATION.findall(text):
        lines += type_lines(declaration) if "{" in declaration else prototype(declaration)
        lines.append(".sp")
    return [line if line == ".sp" else escape(line) for line in lines[:-1]]


def page(name, version, part, found):
    names = ", ".join(one[0] for one in found)
    lines = ['.\\" SPDX-License-Identifier: LGPL-2.1-or-later',
             f'.TH {name.upper()} 3 {DATE} "vfio-variant {version}" "VFIO"', ".nh", ".ad l",
             ".SH NAME", *textwrap.wrap(f"{names} \\- {SUMMARY[name]}", WIDTH), ".SH SYNOPSIS", ".nf",
             ".B #include <vfio\\-variant.h>", ".PP", *synopsis(part), ".fi",
             ".PP", "Link with", ".IR \\-lvfio\\-variant .", ".SH DESCRIPTION"]
    for function, _, _, declaration, paragraphs in found:
        lines += [f".SS {function}()"]
        for number, paragraph in enumerate(paragraphs):
            lines += [".PP"] if number else []
            lines += mark(paragraph, parameters_of(declaration))
    others = sorted(other for other in SUMMARY if other != name)
    lines += [".SH SEE ALSO", *(f".BR {other} (3)," for other in others),
              ".BR libvfio\\-variant (3)", ""]
    return "\n".join(lines)


SUMMARY = {
    "vfio_variant_new": "make and release the context that devices share",
    "vfio_variant_device_new": "open a device",
    "vfio_variant_device_get_sysname": "identity of a device",
    "vfio_variant_device_choose": "the VFIO driver to bind a device to",
    "vfio_variant_device_is_tagged": "how a device is tagged in hwdb",
    "vfio_variant_device_get_driver": "the current driver of a device, and its type",
    "vfio_variant_device_get_iommu_group": "the IOMMU group and the device nodes of a device",
    "vfio_variant_device_check_guards": "what prevents that a device is bound",
    "vfio_variant_each_candidate": "all drivers that were considered for a device, and why",
    "vfio_variant_monitor_new": "receive changes of the choice or the current driver of devices",
    "vfio_variant_device_bind": "bind a device to its VFIO driver, and unbind it",
    "vfio_variant_type_name": "names of enum values",
}


def main():
    header = pathlib.Path(sys.argv[1]).read_text(encoding="ascii")
    header = header.partition("/* --- context --- */")[2].partition("#ifdef __cplusplus")[0]
    directory, version = pathlib.Path(sys.argv[2]), sys.argv[3]
    found = functions(header)
    begins = [number for number, one in enumerate(found) if one[0] in SUMMARY]
    for first, end in zip(begins, [*begins[1:], len(found)]):
        members, name = found[first:end], found[first][0]
        # Its types are before its first function, after the last one of the page before
        start = found[first - 1][2] if first else 0
        part = header[start:members[-1][2]]
        (directory / f"{name}.3").write_text(page(name, version, part, members), encoding="ascii")
        for other, *_ in members[1:]:
            (directory / f"{other}.3").write_text(
                '.\\" SPDX-License-Identifier: LGPL-2.1-or-later\n' + f".so man3/{name}.3\n",
                encoding="ascii")


if __name__ == "__main__":
    main()
