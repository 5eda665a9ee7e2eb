"""The spaCy pipeline that is built from the glossary: one character per token, then terms, numbers, cues, flags and words."""

import hashlib
import inspect
import sys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import spacy
from spacy.language import Language
from spacy.pipeline import EntityRuler
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from actions.knowledge.glossary import NO_ENTITIES, Glossary, load_glossary
from bot.language import amounts, matching, normaliser, numerals, unit_sums
from bot.language.matching import CueFinder, FlagFinder, Found, NumberFinder

GLOSSARY = Path("knowledge/glossary.yml")
CUES = "cues"
FLAGS = "flags"
_SOURCES = (normaliser, unit_sums, numerals, amounts, matching, sys.modules[__name__])


@lru_cache(maxsize=4)
def glossary_at(path: Path = GLOSSARY) -> Glossary:
    """The glossary at a path below the working directory, read once per process."""
    return load_glossary(path)


def pipeline_fingerprint(path: Path = GLOSSARY) -> str:
    """A hash that changes with the glossary and with the code that reads it; a model trained under another one is stale."""
    return hashlib.sha256(path.read_bytes() + source_fingerprint(*_SOURCES).encode()).hexdigest()[:16]


def source_fingerprint(*modules: ModuleType) -> str:
    """A hash of the source of modules."""
    return hashlib.sha256("".join(inspect.getsource(module) for module in modules).encode()).hexdigest()[:16]


@lru_cache(maxsize=4)
def build_pipeline(path: Path = GLOSSARY) -> Language:
    """The pipeline: ``doc.ents`` are terms and numbers (value in ``kb_id_``), ``doc.spans["cues"]`` the cues, which may overlap."""
    nlp = spacy.blank("zh")
    ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    assert isinstance(ruler, EntityRuler)
    patterns: list[dict[str, Any]] = [{"label": t.kind, "pattern": form, "id": t.form} for t in glossary_at(path).terms for form in t.forms]
    ruler.add_patterns(patterns)
    nlp.add_pipe("glossary_numbers", config={"path": str(path)})
    # Words are merged before the cues are laid on: merging tokens would move spans that are already there.
    nlp.add_pipe("glossary_words")
    nlp.add_pipe("glossary_cues", config={"path": str(path)})
    nlp.add_pipe("glossary_flags", config={"path": str(path)})
    return nlp


def entities_of(doc: Doc) -> list[dict[str, Any]]:
    """Entities and cues of a doc of this pipeline, in Rasa's form; terms and pages of the app are none."""
    spans: list[Span] = [span for span in doc.ents if span.label_ not in NO_ENTITIES]
    return [
        {"entity": span.label_, "value": span.kb_id_ or span.text, "start": span.start_char, "end": span.end_char}
        for span in [*spans, *doc.spans[CUES]]
    ]


def _spans(doc: Doc, found: Sequence[Found]) -> list[Span]:
    spans = (doc.char_span(f.start, f.end, label=f.label, kb_id=f.value, alignment_mode="expand") for f in found)
    return [span for span in spans if span is not None]


@Language.factory("glossary_numbers")
def _numbers(nlp: Language, name: str, path: str):  # type: ignore[no-untyped-def]
    glossary = glossary_at(Path(path))
    finder = NumberFinder(glossary.numbers, glossary.amounts, glossary.numerals)

    def component(doc: Doc) -> Doc:
        terms = [Span(doc, e.start, e.end, label=e.label_, kb_id=e.ent_id_) for e in doc.ents]
        taken: list[tuple[int, int]] = [(e.start_char, e.end_char) for e in terms]
        numbers = _spans(doc, finder.find(doc.text, taken))
        doc.ents = filter_spans([*terms, *numbers])  # type: ignore[assignment]
        return doc

    return component


@Language.factory("glossary_cues")
def _cues(nlp: Language, name: str, path: str):  # type: ignore[no-untyped-def]
    finder = CueFinder(glossary_at(Path(path)).cues)

    def component(doc: Doc) -> Doc:
        doc.spans[CUES] = _spans(doc, finder.find(doc.text))
        return doc

    return component


@Language.factory("glossary_flags")
def _flags(nlp: Language, name: str, path: str):  # type: ignore[no-untyped-def]
    finder = FlagFinder(glossary_at(Path(path)).flags)

    def component(doc: Doc) -> Doc:
        doc.user_data[FLAGS] = finder.find(doc.text)
        return doc

    return component


@Language.component("glossary_words")
def _words(doc: Doc) -> Doc:
    """Merges what the glossary knows into words, so that a tokenizer sees the product name and not its characters."""
    with doc.retokenize() as merge:
        for span in doc.ents:
            if len(span) > 1:
                merge.merge(span, attrs={"ENT_KB_ID": span.kb_id_, "ENT_TYPE": span.label_})
    return doc
