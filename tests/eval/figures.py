"""Figures with names, their goals, and what was recorded of them; tables to show them in.

Every figure that is shown goes through Figures.add, so that nothing shown is unrecorded.
"""
import json
import textwrap
import unicodedata

RATE = .005  # a recorded rate may be missed by this much before the run fails
RAND = .01  # an adjusted Rand index
COUNT = .05  # a count a document


class Figures:
    """The figures of one part of the evaluation, in the order they were added."""

    def __init__(self):
        self.values = {}
        self.checks = {}  # name -> (+1 more is better, -1 less is better; tolerance)
        self.goals = {}  # name -> (sign, goal)

    def add(self, name, value, better=None, goal=None, tolerance=RATE):
        """Returns the figure as it is shown. better: "more" or "less"; without it the figure is
        shown and never compared. A figure of nothing (None) is "-"."""
        if value is None:
            return "-"
        if name in self.values:
            raise ValueError(f"two figures named {name}")
        self.values[name] = round(value, 6)
        sign = {"more": 1, "less": -1, None: 0}[better]
        if sign:
            self.checks[name] = (sign, tolerance)
        if goal is not None:
            self.goals[name] = (sign, goal)
        return show(value) + ("*" if name in self.unmet() else "")

    def unmet(self):
        return [name for name, (sign, goal) in self.goals.items()
                if sign * self.values[name] < sign * goal - 1e-9]

    def unmet_lines(self):
        bound = {1: "at least", -1: "at most"}
        return [f"{name}: {show(self.values[name])}, goal {bound[sign]} {show(goal)}"
                for name, (sign, goal) in self.goals.items() if name in self.unmet()]

    def worse_lines(self, recorded):
        """What got worse than recorded by more than its tolerance."""
        lines = []
        for name, before in recorded.items():
            if name not in self.values:
                lines.append(f"{name}: recorded {show(before)}, not measured now")
            elif name in self.checks:
                sign, tolerance = self.checks[name]
                if sign * (before - self.values[name]) > tolerance:
                    lines.append(f"{name}: recorded {before:.4f}, now {self.values[name]:.4f}, "
                                 f"tolerance {tolerance}")
        return lines


def show(value):
    """.973, 1.000, 12.34"""
    text = f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"
    return text[1:] if text.startswith("0.") else text


def share(hits):
    hits = list(hits)
    return sum(hits) / len(hits) if hits else None


class Table:
    def __init__(self, title, header, note=""):
        self.title, self.header, self.note, self.rows = title, header, note, []

    def add(self, *cells):
        self.rows.append([str(cell) for cell in cells])

    def lines(self):
        """As Markdown, with the columns aligned."""
        rows = [self.header] + self.rows
        widths = [max(width(row[i]) for row in rows) for i in range(len(self.header))]
        lines = textwrap.wrap(f"**{self.title}** {self.note}".rstrip(), 100) + [""]
        for number, row in enumerate(rows):
            cells = (cell + " " * (widths[i] - width(cell)) for i, cell in enumerate(row))
            lines.append("| " + " | ".join(cells) + " |")
            if number == 0:
                lines.append("|" + "|".join("-" * (w + 2) for w in widths) + "|")
        return lines + [""]


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def read_recorded(path):
    try:
        with open(path, encoding="utf8") as file:
            return json.load(file)
    except FileNotFoundError:
        return {}


def write_json(path, content):
    with open(path, "w", encoding="utf8") as file:
        json.dump(content, file, ensure_ascii=False, indent=1)
        file.write("\n")


def rewrite_results(path, part, lines):
    """Puts the tables of a part between its two marks in a README."""
    begin, end = f"<!-- results: {part} -->", f"<!-- end of results: {part} -->"
    with open(path, encoding="utf8") as file:
        text = file.read()
    before, rest = text.split(begin)
    _, after = rest.split(end)
    with open(path, "w", encoding="utf8") as file:
        file.write(before + begin + "\n\n" + "\n".join(lines).rstrip("\n") + "\n\n" + end + after)
