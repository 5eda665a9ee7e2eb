"""What the assistant knows: cause files, answers, phrases and the glossary, read from YAML, checked and frozen."""

from actions.knowledge.glossary import Glossary
from actions.knowledge.loading import DEFAULT_ROOT, load
from actions.knowledge.model import Answers, Knowledge
from actions.knowledge.rendering import Values, fill, fill_lines
from actions.knowledge.store import KnowledgeStore

__all__ = [
    "DEFAULT_ROOT",
    "Answers",
    "Glossary",
    "Knowledge",
    "KnowledgeStore",
    "Values",
    "fill",
    "fill_lines",
    "load",
]
