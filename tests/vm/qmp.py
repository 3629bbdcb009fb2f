# SPDX-License-Identifier: LGPL-2.1-or-later
"""QEMU's own protocol: one JSON object a line each way (QEMU: docs/interop/qmp-spec.rst)."""

import json


class Qmp:
    """A connection that does what the guest asks QEMU for."""

    def __init__(self, line):
        self.line = line
        self.file = line.makefile("r", encoding="utf-8")

    def __enter__(self):
        self.file.readline()  # the greeting
        self.execute('{"execute": "qmp_capabilities"}')
        return self

    def __exit__(self, *error):
        self.file.close()
        self.line.close()

    def execute(self, command):
        """Returns "done", or why QEMU refused. Events in between are ignored."""
        try:
            json.loads(command)
        except ValueError as error:
            return f"refused: {error}"
        self.line.sendall(command.encode() + b"\n")
        for text in self.file:
            answer = json.loads(text)
            if "return" in answer:
                return "done"
            if "error" in answer:
                return "refused: " + answer["error"]["desc"]
        raise OSError("QEMU closed its QMP socket")
