"""Why a text was understood as it was: the ranking, the flags that hold, and what changes when a piece is taken away."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

from bot.evaluation.model import NoModel, Parser, load_parser, newest_model
from bot.evaluation.rows import Row
from bot.language.normaliser import Normaliser
from bot.language.pipeline import FLAGS, build_pipeline, glossary_at

_SHOWN = 8


def run(text: str) -> int:
    """Explains what the newest model makes of a text; the exit code is 2 if there is no model."""
    try:
        model = newest_model()
    except NoModel as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join(explained(Row(text, ""), load_parser(model))))
    return 0


def explained(row: Row, parse: Parser) -> list[str]:
    """The explanation for people, line by line."""
    text, result = row.text, parse(row)
    lines = [f"read as       {Normaliser(glossary_at().corrections)(text)}"]
    if result.get("meant"):
        lines.append(f"meant         {result['meant']}")
    lines += [f"{entry['confidence']:>12.1%}  {entry['name']}" for entry in result.get("intent_ranking", [])[:5]]
    lines += [f"{entry['confidence']:>12.1%}  topic {entry['name']}" for entry in result.get("topic_ranking", [])[:5]]
    second = result.get("second_intent")
    if second:
        lines.append(f"second        {second['name']} ({second['text']})")
    lines += [f"entity        {e['entity']} = {e['value']}" for e in result.get("entities", [])]
    doc = build_pipeline()(Normaliser(glossary_at().corrections)(text))
    flags = glossary_at().flags
    lines.append(f"flags         {', '.join(flags[i].name for i in doc.user_data[FLAGS]) or 'none'}")
    lines += [f"{loss:>+12.1%}  without {piece}" for loss, piece in _losses(row, result, parse)]
    return lines


def _losses(row: Row, result: dict[str, Any], parse: Parser) -> list[tuple[float, str]]:
    """What the confidence of the best intent loses without each pair of characters, heaviest first."""
    ranking = [entry for entry in result.get("intent_ranking", []) if entry["name"] != "nlu_fallback"]
    if not ranking:
        return []
    best = ranking[0]
    text, losses = row.text, []
    for i in range(max(0, len(text) - 1)):
        rest = parse(replace(row, text=text[:i] + text[i + 2 :]))
        left = next((entry["confidence"] for entry in rest.get("intent_ranking", []) if entry["name"] == best["name"]), 0.0)
        losses.append((left - best["confidence"], text[i : i + 2]))
    return sorted(losses)[:_SHOWN]
