"""What the assistant knows: cause files, answers, phrases and the glossary, read from YAML, checked and frozen."""

from actions.knowledge.glossary import Glossary
from actions.knowledge.loading import DEFAULT_ROOT, knowledge_for, load
from actions.knowledge.model import Answers, Knowledge, Phrases, Topic
from actions.knowledge.rendering import Given, Values, fill, fill_lines

__all__ = [
    "DEFAULT_ROOT",
    "Answers",
    "Given",
    "Glossary",
    "Knowledge",
    "Phrases",
    "Topic",
    "Values",
    "fill",
    "fill_lines",
    "knowledge_for",
    "load",
]
