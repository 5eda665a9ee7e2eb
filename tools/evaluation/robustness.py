"""The held-back sentences again, spoiled in ten ways: how much understanding suffers."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from actions.yaml_source import Source
from bot.evaluation.report import Parse, Report, Understood, evaluate
from bot.evaluation.rows import MODELS, Row, load_parser, newest_model, read_rows
from bot.language.training_sentences import COMPLAINTS, QUESTIONS

HELD_BACK = Path("tests/nlu/holdback.tsv")
MATERIAL = Path("tests/nlu/robustness.yml")
RANT = "rant around it"
MOST_LOST = 0.03
"""Accuracy may fall by at most this share."""
_SIGNS = re.compile(r"[^\w\s]+")
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_FULL_WIDTH[0x20] = 0x3000
Spoil = Callable[[str], str]


def spoilers(material: dict[str, Any], seed: int = 7) -> dict[str, Spoil]:
    """The ways to spoil a text, by name; what is random in them is fixed by the seed."""
    dice = random.Random(seed)
    import opencc

    traditional = opencc.OpenCC("s2t")
    rants = material["rants"]

    def replaced(pairs: dict[str, str], text: str) -> str:
        here = [wrong for wrong in pairs if wrong in text]
        for wrong in dice.sample(here, min(2, len(here))):
            text = text.replace(wrong, pairs[wrong], 1)
        return text

    def spaced(text: str) -> str:
        return "".join(c + (" " if dice.random() < 0.4 else "") for c in text).strip()

    def ranted(text: str) -> str:
        rant = dice.choice(rants)
        return f"{rant['before']}，{text}，{rant['after']}"

    return {
        "typo": lambda text: replaced(material["typo"], text),
        "homophone": lambda text: replaced(material["homophone"], text),
        "traditional": traditional.convert,
        "full width": lambda text: text.translate(_FULL_WIDTH),
        "inserted spaces": spaced,
        "no punctuation": lambda text: _SIGNS.sub("", text),
        "emoji": lambda text: f"{text}{dice.choice(material['emoji'])}{dice.choice(material['emoji'])}",
        "english mixed in": lambda text: replaced(material["english"], text),
        "doubled": lambda text: f"{text} {text}",
        RANT: ranted,
    }


def measure(rows: Sequence[Row], parse: Parse, material: dict[str, Any]) -> dict[str, Report]:
    """One report per way of spoiling, and ``as written`` first."""
    reports = {"as written": evaluate(rows, parse)}
    for name, spoil in spoilers(material).items():
        # A greeting or a fragment with a rant around it is neither any more: only matters are ranted about.
        chosen = [row for row in rows if name != RANT or row.label in COMPLAINTS + QUESTIONS]
        if name == RANT:
            reports["matters only"] = evaluate(chosen, parse)
        reports[name] = evaluate([replace(row, text=spoil(row.text)) for row in chosen], parse)
    return reports


def as_table(reports: dict[str, Report]) -> list[str]:
    """The reports for people, with what each way costs."""
    lines = [f"{'':<18}{'alternatives':>13}{'change':>9}"]
    for name, report in reports.items():
        base = reports["matters only" if name == RANT else "as written"].with_alternatives
        change = 0.0 if name == "matters only" else report.with_alternatives - base
        mark = "  too much" if change < -MOST_LOST else ""
        lines.append(f"{name:<18}{report.with_alternatives:>13.1%}{change * 100:>+9.1f}{mark}")
    return lines


def main() -> int:
    """Prints the table for the newest model; a directory of models may be given."""
    directory = Path(sys.argv[1]) if len(sys.argv) > 1 else MODELS
    parse = load_parser(newest_model(directory))
    material = Source.read(MATERIAL).data
    assert isinstance(material, dict)
    reports = measure(read_rows(HELD_BACK), lambda row: Understood(str(parse(row)["intent"]["name"])), material)
    print("\n".join(as_table(reports)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
