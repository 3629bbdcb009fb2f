#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Manual pages of section 3, out of the header's own words: from_header.py HEADER FOLDER VERSION

A page has all that stands in the header from its first function (SUMMARY) to that of the next page;
each other function there has a page that leads to it. So no page says what the header doesn't.
"""

import pathlib
import re
import sys

COMMENT = re.compile(r"/\*(.*?)\*/\s*", re.DOTALL)
FUNCTION = re.compile(r"^(?:const |enum |struct )*\w+[ *]*\n?(vfio_variant_\w+)\(([^;]*?)\);",
                      re.MULTILINE | re.DOTALL)
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
    """What is a parameter, in italics; what is to be typed, in bold."""
    text = escape(paragraph)
    for name in parameters:
        text = re.sub(rf"(?<![\w-]){name.upper()}(?![\w])", rf"\\fI{name}\\fP", text)
    text = re.sub(r"\b(VFIO_VARIANT_\w+|vfio_variant_\w+\(\))", r"\\fB\1\\fP", text)
    text = re.sub(r"(\\-E[A-Z]+)\b", r"\\fB\1\\fP", text)
    return re.sub(r"^\.", r"\\&.", text)


def parameters_of(declaration):
    inside = declaration.partition("(")[2].rpartition(")")[0]
    return [re.search(r"(\w+)\s*$", one)[1] for one in inside.split(",") if re.search(r"\w+\s*$", one)]


def synopsis(part):
    """Declarations, with the comments that stand inside of a type, without the docstrings."""
    lines, text = [], SECTION.sub("", part)
    text = re.sub(r"^/\*.*?\*/\n+", "", text, flags=re.MULTILINE | re.DOTALL)
    for line in re.sub(r"\n{3,}", "\n\n", text).strip().splitlines():
        lines.append(escape(line).replace("        ", "    ") or " ")
    return lines


def page(name, version, part, found):
    names = ", ".join(one[0] for one in found)
    lines = ['.\\" SPDX-License-Identifier: LGPL-2.1-or-later',
             f'.TH {name.upper()} 3 "" "vfio-variant {version}" "Library Functions Manual"',
             ".SH NAME", f"{names} \\- {SUMMARY[name]}", ".SH SYNOPSIS", ".nf",
             ".B #include <vfio\\-variant.h>", ".PP", *synopsis(part), ".fi",
             ".PP", "Link with", ".IR \\-lvfio\\-variant .", ".SH DESCRIPTION"]
    for function, _, _, declaration, paragraphs in found:
        lines += [f".SS {function}()"]
        for paragraph in paragraphs:
            lines += [".PP", mark(paragraph, parameters_of(declaration))]
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
    folder, version = pathlib.Path(sys.argv[2]), sys.argv[3]
    found = functions(header)
    begins = [number for number, one in enumerate(found) if one[0] in SUMMARY]
    for first, end in zip(begins, [*begins[1:], len(found)]):
        members, name = found[first:end], found[first][0]
        # Its types stand before the first function: behind the last one of the page before
        start = found[first - 1][2] if first else 0
        part = header[start:members[-1][2]]
        (folder / f"{name}.3").write_text(page(name, version, part, members), encoding="ascii")
        for other, *_ in members[1:]:
            (folder / f"{other}.3").write_text(
                '.\\" SPDX-License-Identifier: LGPL-2.1-or-later\n' + f".so man3/{name}.3\n",
                encoding="ascii")


if __name__ == "__main__":
    main()
