"""What ``baitiao evaluate`` does."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from actions.knowledge.loading import load
from actions.yaml_source import SourceError
from bot.evaluation.model import NoModel, load_parser, newest_model
from bot.evaluation.report import Understood, as_text, evaluate
from bot.evaluation.rows import Row, read_rows
from bot.evaluation.sub_questions import asked_of


def run(file: str | Path, as_json: bool = False, plot: str | Path | None = None) -> int:
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
        from bot.evaluation.heat_map import save_heat_map

        save_heat_map([(row.label, intent) for row, intent in zip(rows, found)], Path(plot))
    print(json.dumps({"model": model.name, **report.to_json()}, ensure_ascii=False) if as_json else as_text(report))
    return 0
