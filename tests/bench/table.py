# SPDX-License-Identifier: LGPL-2.1-or-later
"""Prints what was measured: a table of 80 columns, and the same as lines of JSON."""

import json
import textwrap

WIDTH = 80
LABEL = 28


def ratio(value):
    return f"x{value:.3f}" if value < 10 else f"x{value:,.1f}"


def percent(value):
    return f"{100 * value:+.2f} %"


class Table:
    """Lines of a label and some cells; json_file: where each line goes as well."""

    def __init__(self, json_file):
        self.json_file = json_file
        self.section, self.cell = "", 0
        self.n_above = 0

    def note(self, text):
        print(textwrap.fill(text, WIDTH))

    def head(self, title, *cells):
        """Begins a part with cells of equal width; the head of one may have two lines."""
        self.section, self.cell = title, (WIDTH - LABEL) // len(cells)
        lines = [cell.split("\n") for cell in cells]
        print(f"\n{title}")
        for number in range(max(map(len, lines))):
            self.print_line("", [one[number] if number < len(one) else "" for one in lines])
        print("-" * WIDTH, flush=True)

    def line(self, label, *cells, limit=None, value=None, form=str):
        """One line. With a limit its last cell says whether the value is within it."""
        if limit is not None:
            above = value > limit
            self.n_above += above
            cells = (*cells, f"{form(limit)} {'ABOVE' if above else '   ok'}")
        self.print_line(label, cells)
        row = {"section": self.section, "label": label, "cells": cells, "value": value,
               "limit": limit}
        print(json.dumps(row), file=self.json_file, flush=True)

    def print_line(self, label, cells):
        print(f"{label:<{LABEL}}" + "".join(f"{cell:>{self.cell}}" for cell in cells), flush=True)

    def end(self):
        print()
        print(f"{self.n_above} above the limit." if self.n_above else "All within their limits.")
