"""Why a text was understood as it was: the ranking, the flags that hold, and what changes when a piece is taken away."""

from __future__ import annotations

import sys
from typing import Any, Callable, Dict, List, Tuple

from bot.evaluation.model import NoModel, load_parser, newest_model
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
    print("\n".join(explained(text, load_parser(model))))
    return 0


def explained(text: str, parse: Callable[[str], Dict[str, Any]]) -> List[str]:
    """The explanation for people, line by line."""
    result = parse(text)
    lines = [f"read as       {Normaliser(glossary_at().corrections)(text)}"]
    if result.get("meant"):
        lines.append(f"meant         {result['meant']}")
    lines += [f"{entry['confidence']:>12.1%}  {entry['name']}" for entry in result.get("intent_ranking", [])[:5]]
    second = result.get("second_intent")
    if second:
        lines.append(f"second        {second['name']} ({second['text']})")
    lines += [f"entity        {e['entity']} = {e['value']}" for e in result.get("entities", [])]
    doc = build_pipeline()(Normaliser(glossary_at().corrections)(text))
    flags = glossary_at().flags
    lines.append(f"flags         {', '.join(flags[i].name for i in doc.user_data[FLAGS]) or 'none'}")
    lines += [f"{loss:>+12.1%}  without {piece}" for loss, piece in _losses(text, result, parse)]
    return lines


def _losses(text: str, result: Dict[str, Any], parse: Callable[[str], Dict[str, Any]]) -> List[Tuple[float, str]]:
    """What the confidence of the best intent loses without each pair of characters, heaviest first."""
    ranking = [entry for entry in result.get("intent_ranking", []) if entry["name"] != "nlu_fallback"]
    if not ranking:
        return []
    best = ranking[0]
    losses = []
    for i in range(max(0, len(text) - 1)):
        rest = parse(text[:i] + text[i + 2 :])
        left = next((entry["confidence"] for entry in rest.get("intent_ranking", []) if entry["name"] == best["name"]), 0.0)
        losses.append((left - best["confidence"], text[i : i + 2]))
    return sorted(losses)[:_SHOWN]
