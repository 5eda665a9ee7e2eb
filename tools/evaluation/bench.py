"""Trains the candidate pipelines on the same data and prints one table (``make bench-nlu``)."""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from actions.knowledge.loading import load
from actions.settings import child_environment
from bot.evaluation.report import Understood, evaluate, save_heat_map
from bot.evaluation.rows import Row, asked_of, load_parser, newest_model, read_rows

CANDIDATES = Path(__file__).parent / "candidates"
SERVED = Path("bot/config.yml")
RESULTS = Path("var/bench-nlu")
HELD_BACK = (Path("tests/nlu/holdback.tsv"), Path("tests/nlu/second_turns.tsv"), Path("tests/nlu/sub_questions.tsv"))
"""First messages, second turns in the state of the case in which they are said, and sub-questions of matters and of causes."""
_COLUMNS = ("strict", "with_alternatives", "macro_f1", "out_of_scope_recall", "out_of_scope_precision", "complaint_or_not")
_TITLES = ("strict", "altern.", "macro F1", "oos rec.", "oos prec.", "complaint", "topics", "t. altern.", "sub-q.", "by words")


def train(name: str, config: Path) -> float:
    """Trains a candidate into the results directory and returns the seconds it took, start of Rasa included."""
    command = [sys.executable, "-m", "rasa", "train", "nlu", "--config", str(config), "--nlu", "data/nlu", "--domain", "bot/domain"]
    command += ["--out", str(RESULTS / name), "--fixed-model-name", name]
    # Without the cache: a candidate that was trained before would seem to cost nothing.
    environment = child_environment(RASA_TELEMETRY_ENABLED="false", TF_CPP_MIN_LOG_LEVEL="3", RASA_MAX_CACHE_SIZE="0")
    begin = time.monotonic()
    finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if finished.returncode:
        raise RuntimeError(f"{name} could not be trained:\n{finished.stderr[-2000:]}")
    return time.monotonic() - begin


def measure(name: str, files: Sequence[Path]) -> dict[str, dict[str, Any]]:
    """Measures a trained candidate in this process on each file; memory is its largest resident size in MB."""
    parse = load_parser(newest_model(RESULTS / name))
    reports: dict[str, dict[str, Any]] = {}
    knowledge = load()
    for file in files:
        rows = read_rows(file)
        parse(rows[0])
        found: list[str] = []

        def best(row: Row, found: list[str] = found) -> Understood:
            # The ranking, not the decision: candidates are compared without a threshold.
            result = parse(row)
            ranking = [entry["name"] for entry in result.get("intent_ranking", []) if entry["name"] != "nlu_fallback"]
            found.append(ranking[0] if ranking else "nlu_fallback")
            return Understood(found[-1], (result.get("topic") or {}).get("name"), asked_of(row, result, knowledge))

        reports[file.stem] = evaluate(rows, best).to_json()
        save_heat_map([(row.label, intent) for row, intent in zip(rows, found)], RESULTS / f"{name}-{file.stem}.png")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {stem: {**report, "memory": memory} for stem, report in reports.items()}


def table(results: dict[str, dict[str, Any]]) -> str:
    """One line per candidate, best first."""
    lines = [f"| {'pipeline':<22} | " + " | ".join(f"{t:>9}" for t in _TITLES) + " | parse ms | training s | memory MB |"]
    lines.append("|" + "---|" * (len(_TITLES) + 4))
    for name, r in sorted(results.items(), key=lambda item: -float(item[1]["with_alternatives"])):
        topics = r.get("topics") or {}
        asked = r.get("sub_questions") or {}
        values = [*(r[c] for c in _COLUMNS), topics.get("strict"), topics.get("with_alternatives"), asked.get("read"), asked.get("worded")]
        shares = " | ".join(f"{'–' if value is None else format(value * 100, '.1f'):>9}" for value in values)
        lines.append(f"| {name:<22} | {shares} | {r['latency_median']:>8.1f} | {r['training']:>10.0f} | {r['memory']:>9.0f} |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Trains and measures all candidates, or those named; what was measured before is kept in the tables."""
    parser = argparse.ArgumentParser(prog="python -m tools.evaluation.bench", description=main.__doc__)
    parser.add_argument("--file", type=Path, nargs="+", default=list(HELD_BACK), help="labelled utterances (default: the held-back slices)")
    parser.add_argument("--only", nargs="*", help="names of candidates; network is what is served")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.measure:
        print(json.dumps(measure(options.measure, options.file)))
        return 0
    configs = {"network": SERVED, **{path.stem: path for path in sorted(CANDIDATES.glob("*.yml"))}}
    RESULTS.mkdir(parents=True, exist_ok=True)
    stored = {file.stem: RESULTS / f"{file.stem}.json" for file in options.file}
    kept = {stem: json.loads(path.read_text("utf-8")) if path.exists() and options.only else {} for stem, path in stored.items()}
    for name in options.only or configs:
        print(f"{name}: training", file=sys.stderr, flush=True)
        seconds = train(name, configs[name])
        command = [sys.executable, "-W", "ignore", "-m", "tools.evaluation.bench", "--measure", name, "--file", *map(str, options.file)]
        answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip().splitlines()[-1]
        for stem, report in json.loads(answer).items():
            kept[stem][name] = {**report, "training": seconds}
            stored[stem].write_text(json.dumps(kept[stem]), "utf-8")
    for stem, results in kept.items():
        print(f"\n{stem}\n{table(results)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
