"""Rasa's command line as this project trains with it: ``python -m bot.engine.rasa_command train …``.

Where TensorFlow is not installed, placeholders stand in for it (``unused_libraries``); scikit-learn stays, with which classifiers of Rasa's
own train. And what Rasa 3.6.21 does for each of a hundred thousand sentences without any use for it is left out: it copies all of them
whenever it merges what several importers bring, looks for duplicates among them, which ``make check`` refuses, and warns of each matter that
no response answers, which is every one, since the assistant answers itself.
"""

from __future__ import annotations

from copy import copy
from typing import Any

from bot.engine.unused_libraries import is_installed, stand_in


def leave_out_of(training_data: type[Any]) -> None:
    """Takes out of Rasa's class of training data what it does for each sentence without any use for it.

    Args:
        training_data: ``TrainingData``, or a class like it.
    """
    training_data.merge = _merge_of(training_data.merge)
    training_data.sanitize_examples = staticmethod(list)
    training_data.validate = lambda self: None


def _merge_of(merge: Any) -> Any:
    """Merges as Rasa does, with the sentences themselves in place of copies: whoever has merged them has no use for them any more."""

    def merged(self: Any, *others: Any) -> Any:
        parts = [self, *(each for each in others if each)]
        together = merge(*map(_without_sentences, parts))
        together.training_examples = [sentence for part in parts for sentence in part.training_examples]
        return together

    return merged


def _without_sentences(data: Any) -> Any:
    bare = copy(data)
    bare.training_examples = []
    return bare


def main() -> None:
    """Runs Rasa's command line with the arguments of this process."""
    if not is_installed():
        stand_in(serving=False)
    from rasa.__main__ import main as rasa
    from rasa.shared.nlu.training_data.training_data import TrainingData

    leave_out_of(TrainingData)
    rasa()


if __name__ == "__main__":
    main()
