"""The folder of an experiment: ``experiment.yml`` and a folder of overlays for each variant, checked as a whole."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from actions.core.assignment import CONTROL
from actions.dialogue.arms import RunningExperiment
from actions.experiments.running import NeverDiffers, armed, running_of
from actions.knowledge.loading import DEFAULT_ROOT
from actions.knowledge.model import Knowledge
from actions.state.experiments import ExperimentRow
from actions.yaml_source import Problem, Source, SourceError
from ops.experiments.measures import ADVICE_BLOCKED, MEASURES
from ops.experiments.specification import ExperimentSpecification, specification_in

EXPERIMENTS_ROOT = DEFAULT_ROOT.parent / "experiments"
SPECIFICATION = "experiment.yml"


@dataclass(frozen=True)
class ExperimentFolder:
    """What a folder holds.

    Attributes:
        source: its ``experiment.yml``.
        spec: the same, read.
        files: the texts of the overlays, by ``arm/file``.
        problems: files that belong to no arm.
        hash: of everything in it; a comment that is changed changes it.
    """

    path: Path
    source: Source
    spec: ExperimentSpecification
    files: Mapping[str, str]
    problems: tuple[Problem, ...]
    hash: str

    def row(self, **values: Any) -> ExperimentRow:
        """It as it is registered."""
        empty = dict.fromkeys(
            (
                "rehearsal",
                "submitted_at",
                "submitted_by",
                "started_at",
                "started_by",
                "ended_at",
                "ended_by",
                "reason",
                "decision",
                "results",
                "results_at",
                "light",
                "dark",
            )
        )
        about = {"id": self.spec.id, "version": self.spec.version, "hash": self.hash, "spec": plain(self.spec), "files": dict(self.files)}
        return ExperimentRow(**{**empty, **about, "state": "rehearsed", "stopped": [], **values})


def plain(spec: ExperimentSpecification) -> dict[str, Any]:
    """A specification as JSON has it."""
    data: dict[str, Any] = _json(spec.dict())
    return data


def _json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _json(each) for key, each in value.items()}
    return [_json(each) for each in value] if isinstance(value, (list, tuple)) else value


def read_folder(name: str, root: Path = EXPERIMENTS_ROOT) -> ExperimentFolder:
    """The folder of an experiment.

    Raises:
        SourceError: there is none, or its ``experiment.yml`` cannot be used.
    """
    path = root / name
    shown = f"{root.name}/{name}"
    source = Source.read(path / SPECIFICATION, shown_as=f"{shown}/{SPECIFICATION}")
    spec = specification_in(source)
    files: dict[str, str] = {}
    problems: list[Problem] = []
    variants = [arm.id for arm in spec.arms[CONTROL + 1 :]]
    for file in sorted(each for each in path.rglob("*") if each.is_file() and not each.name.startswith(".")):
        inside = file.relative_to(path).as_posix()
        arm, _, overlaid = inside.partition("/")
        if inside == SPECIFICATION:
            continue
        if arm not in variants:
            named = f"the control, {arm}, says what everybody is told" if arm == spec.arms[CONTROL].id else f"{arm} is none of the variants"
            problems.append(Problem(f"{shown}/{inside}", 1, f"belongs to no variant: {named}"))
        elif not overlaid.endswith(".yml"):
            problems.append(Problem(f"{shown}/{inside}", 1, "is no YAML file"))
        else:
            try:
                files[inside] = file.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):
                problems.append(Problem(f"{shown}/{inside}", 1, "is not UTF-8 text that can be read"))
    return ExperimentFolder(path, source, spec, files, tuple(problems), _hash((path / SPECIFICATION).read_bytes(), files))


def registered_folder(row: ExperimentRow) -> ExperimentFolder:
    """The folder of an experiment as it was registered when it was rehearsed, for whoever has no files at hand."""
    name = f"{EXPERIMENTS_ROOT.name}/{row.id}"
    source = Source(f"{name}/{SPECIFICATION}", json.dumps(row.spec, ensure_ascii=False))
    return ExperimentFolder(Path(name), source, specification_in(source), row.files, (), row.hash)


def _hash(specification: bytes, files: Mapping[str, str]) -> str:
    digest = sha256(specification)
    for name, text in sorted(files.items()):
        digest.update(f"\0{name}\0{text}".encode())
    return digest.hexdigest()


def checked(folder: ExperimentFolder, usual: Knowledge) -> tuple[Problem, ...]:
    """Everything that keeps an experiment from being one, arm by arm, with file, line and reason; empty if all is well."""
    problems = [*folder.problems, *_of_names(folder, usual)]
    shown = folder.source.file.removesuffix(SPECIFICATION)
    for arm in folder.spec.arms[CONTROL + 1 :]:
        overlays = folder.row().overlays_of(arm.id)
        if not overlays:
            problems.append(folder.source.problem(("arms",), f"{arm.id} has no folder with overlays, so it would never differ"))
            continue
        try:
            armed({name: text for name, text in overlays.items()})
        except SourceError as error:
            # What is wrong with an overlay is told where it stands; it is read under its name below the knowledge.
            problems.extend(
                Problem(f"{shown}{arm.id}/{each.file}", each.line, each.reason) if each.file in overlays else each
                for each in error.problems
            )
    if not problems:
        try:
            problems += _of_days(folder, running_of(folder.row()))
        except NeverDiffers as error:
            problems.append(folder.source.problem(("arms",), f"arms that never differ compare nothing: {error}"))
    return tuple(problems)


def _of_days(folder: ExperimentFolder, running: RunningExperiment) -> Iterator[Problem]:
    """What is wrong with an experiment because of the causes of which it tries other days.

    Whoever takes part is counted when it has come to the first of the days, and in no other way.
    """
    spec, problem, days = folder.spec, folder.source.problem, running.days
    if spec.metric == ADVICE_BLOCKED and not days:
        yield problem(("metric",), f"{ADVICE_BLOCKED} is known of arms that tell advice on other days; no arm has other days in ahead.days")
    if not days:
        return
    if running.causes or running.topics or running.fragments:
        yield problem(("arms",), "tries another day of advice and other words at once: the words take an experiment of their own")
    strangers = sorted(set(days) - set(spec.who.causes)) if spec.who.causes or spec.who.intents else []
    for cause in strangers:
        yield problem(("who",), f"{cause} is told on another day to nobody who takes part: it is no cause of who")
    if spec.metric != ADVICE_BLOCKED:
        yield problem(("metric",), f"what another day of advice changes is known on the day foretold: the metric is {ADVICE_BLOCKED}")


def _of_names(folder: ExperimentFolder, usual: Knowledge) -> Iterator[Problem]:
    spec, problem = folder.spec, folder.source.problem
    if spec.id != folder.path.name:
        yield problem(("id",), f"the id is {spec.id} but the folder is {folder.path.name}")
    if "/" in spec.id or any("/" in arm.id or not arm.id for arm in spec.arms):
        yield problem(("arms",), "an id is the name of a folder")
    if spec.metric not in MEASURES:
        yield problem(("metric",), f"unknown metric {spec.metric}; there are: {', '.join(MEASURES)}")
    for place, name in enumerate(spec.guardrails):
        if name == ADVICE_BLOCKED:
            yield problem(("guardrails", place), f"{name} is a metric alone: it is known of those who were counted by the day of advice")
        elif name not in MEASURES:
            yield problem(("guardrails", place), f"unknown guardrail {name}; there are: {', '.join(MEASURES)}")
    for place, name in enumerate(spec.who.causes):
        if name not in usual.causes:
            yield problem(("who", "causes", place), f"unknown cause {name}")
    for place, name in enumerate(spec.who.intents):
        if name not in usual.intents:
            yield problem(("who", "intents", place), f"unknown intent {name}")
