# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tool says on a machine: as a user types and sees it, and as JSON."""

import json
import os
import re

import jsonschema

COLUMNS = (80, 132)
# A virtual function of a ConnectX, be it here or not: what the kernel of the machine makes of it
ANY_MACHINES = "pci:v000015B3d0000101Esv000015B3sd00000083bc02sc00i00"
# A command that binds, in a finding.
ADVICE = re.compile(r"`vfio-variant bind ([^`]+)`")
# A path, a modalias, a driver's odd name: what is parted nowhere.
UNPARTED = re.compile(r"\S{50,}")


class Outputs:
    """All outputs of a machine, {file name: text}, and what is wrong with them on any machine."""

    def __init__(self, machine, schema):
        self.machine = machine
        self.schema = schema  # as it is in the file
        self.files = {}
        self.documents = {}  # {verb: what it printed as JSON}
        self.wrong = []
        devices = machine.for_guests()
        self.type("list.txt", ["list"], *COLUMNS)
        self.type("list.txt", ["list", "--all"], COLUMNS[0])
        self.type("list.txt", ["list", "--tagged", "--no-legend"], None)
        self.print_json("list.json", ["list", "--all", "--json"])
        for device in devices:
            self.type("info.txt", ["info", device], COLUMNS[0])
            self.type("explain.txt", ["explain", device], COLUMNS[0])
            self.type("bind.txt", ["bind", "--dry-run", device], COLUMNS[0])
        self.type("explain.txt", ["explain", ANY_MACHINES], COLUMNS[0])
        self.type("check.txt", ["check"], COLUMNS[0])
        if devices:
            self.print_json("info.json", ["info", "--json", *devices])
        self.print_json("explain.json", ["explain", "--json", *(devices or [ANY_MACHINES])])
        self.print_json("check.json", ["check", "--json"])
        self.compare_documents()
        self.follow_advice()

    def ask(self, words, columns):
        """columns: None where the output goes to a pipe, of unknown width."""
        done = self.machine.run(*words, environment={"COLUMNS": str(columns)} if columns else None)
        stdout, stderr = (self.readable(words, text) for text in (done.stdout, done.stderr))
        return stdout, stderr, done.returncode

    def readable(self, words, data):
        """Nothing but printable ASCII: what a device says must not reach a terminal as it is."""
        if not re.fullmatch(rb"[\n -~]*", data):
            self.wrong.append(f"{words}: not printable: {data!r}")
        text = data.decode("ascii", "backslashreplace")
        # It is the running kernel's, and so would be where lines are parted
        if os.uname().release in text:
            self.wrong.append(f"{words}: has the release of the kernel in it: {text}")
        return text

    def type(self, file, words, *widths):
        """Adds what a user types, and sees."""
        for columns in widths:
            stdout, stderr, status = self.ask(words, columns)
            if columns:
                self.wrong += [f"{words}: more than {columns} columns: {line}"
                               for line in stdout.splitlines()
                               if len(line) > columns and not UNPARTED.search(line)]
            typed = " ".join(["vfio-variant", *map(shown, words)])
            lines = [f"$ {typed}" if columns else f"$ {typed} | cat"]
            if columns not in (None, 80):
                lines[0] = f"$ COLUMNS={columns} {typed}"
            lines += stdout.splitlines() + [f"stderr: {line}" for line in stderr.splitlines()]
            lines += [f"[exit {status}]"] if status else []
            self.files[file] = self.files.get(file, "") + "\n".join([*lines, "", ""])

    def print_json(self, file, words):
        stdout, stderr, _ = self.ask(words, None)
        self.files[file] = stdout
        try:
            document = json.loads(stdout)
        except ValueError as error:
            self.wrong.append(f"{words}: {error}; {stderr}")
            return
        self.documents[words[0]] = document
        self.wrong += [f"{words}: {wrong}" for wrong in violations(self.schema, words[0], document)]

    def advised(self):
        """The `bind` commands that any verb advises, each with its options and devices."""
        texts = [finding["advice"]
                 for finding in self.documents.get("check", {"findings": []})["findings"]]
        texts += [re.sub(r"\s+", " ", self.files[file]) for file in ("list.txt", "info.txt", "check.txt")
                  if file in self.files]
        found = {command for text in texts for command in ADVICE.findall(text)}
        return sorted(command.split() for command in found)

    def follow_advice(self):
        """Nothing is advised that would be refused at that moment."""
        for words in self.advised():
            for command in self.meant_by(words):
                _, stderr, status = self.ask(["bind", "--dry-run", *command], None)
                if status:
                    self.wrong.append(f"advised: bind {' '.join(words)}: {command}: {stderr}")

    def meant_by(self, words):
        """--tagged and --group as what they come to for each device: with force, since the others of a
        group, which are bound with it, are on their native drivers until then."""
        if "--tagged" in words:
            return [[finding["device"]] for finding in self.documents["check"]["findings"]
                    if "`vfio-variant bind " in finding["advice"]]
        if "--group" in words:
            return [["--force", member] for device in words[1:] for member in self.members(device)]
        return [words]

    def members(self, device):
        group, = (one["group_members"] for one in self.documents["info"]["devices"]
                  if one["sysname"] == device)
        return [member["sysname"] for member in group if member["blocking"]]

    def compare_documents(self):
        """Two verbs say the same of a device."""
        listed, shown_whole = ({device["sysname"]: device for device in
                                self.documents.get(verb, {"devices": []})["devices"]}
                               for verb in ("list", "info"))
        for sysname, device in shown_whole.items():
            self.wrong += [f"{sysname}: {key} is {value!r} for list, {device[key]!r} for info"
                           for key, value in listed.get(sysname, {"sysname": None}).items()
                           if device[key] != value]


def violations(schema, verb, document):
    """What the schema says of a document that the verb printed, in words."""
    whole = {key: value for key, value in schema.items() if key != "anyOf"}
    validator = jsonschema.Draft202012Validator({**whole, "$ref": f"#/$defs/{verb}"})
    for error in validator.iter_errors(document):
        yield f"{'/'.join(map(str, error.absolute_path))}: {error.message}"


def shown(word):
    """As a shell would take it."""
    return word if re.fullmatch(r"[\w=.:/-]+", word) else ascii(word)
