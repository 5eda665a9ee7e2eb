"""What ``baitiao evaluate`` does: measures a file, or explains why one text was understood as it was."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from actions.knowledge.loading import load
from actions.yaml_source import SourceError
from bot.evaluation.report import Understood, as_text, evaluate
from bot.evaluation.rows import NoModel, Parser, Row, asked_of, load_parser, newest_model, read_rows
from bot.language.normaliser import Normaliser
from bot.language.pipeline import FLAGS, build_pipeline, glossary_at


def evaluate_file(file: str | Path, as_json: bool = False, plot: str | Path | None = None) -> int:
    """Measures the newest model on a labelled file and prints the report.

    Args:
        file: tab-separated, see ``read_rows``.
        as_json: print JSON instead of a table.
        plot: where to save the confusion heat map, if wanted.

    Returns:
        The exit code: 0, or 2 if the file or the model cannot be used.
    """
    try:
        rows = read_rows(Path(file))
        model = newest_model()
    except (SourceError, NoModel) as error:
        print(error, file=sys.stderr)
        return 2
    parse = load_parser(model)
    parse(rows[0])
    found, knowledge = [], load()

    def understood(row: Row) -> Understood:
        result = parse(row)
        found.append(str(result["intent"]["name"]))
        return Understood(found[-1], (result.get("topic") or {}).get("name"), asked_of(row, result, knowledge))

    report = evaluate(rows, understood)
    if plot is not None:
        from bot.evaluation.report import save_heat_map

        save_heat_map([(row.label, intent) for row, intent in zip(rows, found)], Path(plot))
    print(json.dumps({"model": model.name, **report.to_json()}, ensure_ascii=False) if as_json else as_text(report))
    return 0


_SHOWN = 8


def explain(text: str) -> int:
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
