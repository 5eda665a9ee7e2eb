"""Serving and training without TensorFlow, which Rasa imports wherever it loads and of which no component of this project computes anything.

Rasa 3.6.21 imports TensorFlow through ``rasa.utils.tensorflow`` and the modules of DIET, TED and their kin, to subclass and decorate; that costs
some 340 MB and half of the start. While a model is served that has none of those components, and wherever it is not installed, placeholders
stand in for it. They can be imported, subclassed and used as decorators, which is all that happens while modules are imported, and refuse to
compute.

``python -m bot.engine.without_tensorflow`` is Rasa's command line with the placeholders.
"""

from __future__ import annotations

import json
import sys
import tarfile
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from actions.masking.matching import without_tensorflow

_REPLACED = ("tensorflow", "keras")
_HOW_TO_BRING = "it is not part of what `make run` installs; `scripts/install dev` brings it"


class TensorFlowMissing(RuntimeError):
    """A model computes with TensorFlow, which is not installed."""


def is_installed() -> bool:
    """Whether there is a real TensorFlow, which a placeholder never is."""
    return PathFinder.find_spec(_REPLACED[0]) is not None


def prepare_for(model: Path) -> None:
    """Lets Rasa be imported to serve a model, as lightly as that model allows.

    Raises:
        TensorFlowMissing: the model needs what is not there.
    """
    if not needs_tensorflow(model):
        stand_in()
    elif not is_installed():
        raise TensorFlowMissing(f"{model} computes with TensorFlow: {_HOW_TO_BRING}")


def needs_tensorflow(model: Path) -> bool:
    """Whether any component of a model is written with TensorFlow, as its module's source says.

    Args:
        model: the archive; one that cannot be read may need anything, and Rasa will say what is wrong with it.
    """
    try:
        with tarfile.open(model) as archive:
            metadata: Any = archive.extractfile("metadata.json")
            nodes = json.load(metadata)["predict_schema"]["nodes"].values()
    except (OSError, tarfile.TarError, KeyError, ValueError):
        return True
    return any(_mentions_tensorflow(node["uses"].rpartition(".")[0]) for node in nodes)


def _mentions_tensorflow(module: str) -> bool:
    top, *below = module.split(".")
    # To look for a module below a package imports the package; the package itself is only found.
    found = find_spec(top)
    folder = Path((found.submodule_search_locations or [""])[0]) if found is not None else Path()
    file = folder.joinpath(*below).with_suffix(".py")
    return file.is_file() and "tensorflow" in file.read_text(encoding="utf-8")


def stand_in() -> None:
    """Puts placeholders in the place of TensorFlow for this process, unless it is loaded already."""
    if _REPLACED[0] in sys.modules or any(isinstance(finder, _Finder) for finder in sys.meta_path):
        return
    # spaCy's library of networks asks TensorFlow for devices while it is imported, and does without it where it is missing.
    with without_tensorflow():
        import spacy  # noqa: F401
    sys.meta_path.insert(0, _Finder())


class _Finder(MetaPathFinder, Loader):
    """Finds TensorFlow and what is below it, and loads placeholders."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        return ModuleSpec(fullname, self, is_package=True) if fullname.partition(".")[0] in _REPLACED else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """A placeholder has nothing to run."""


class _Module(ModuleType):
    def __getattr__(self, name: str) -> Any:
        return _placeholder(self.__name__, name)


class _Placeholder(type):
    """A class whose attributes are placeholders, too, and which stands for decorators, types and functions alike."""

    def __getattr__(cls, name: str) -> Any:
        return _placeholder(f"{cls.__module__}.{cls.__name__}", name)

    def __getitem__(cls, _item: Any) -> Any:
        return cls

    def __call__(cls, *arguments: Any, **_options: Any) -> Any:
        if not _importing():
            raise TensorFlowMissing(f"{cls.__module__}.{cls.__name__} was asked to compute, and TensorFlow is left out: {_HOW_TO_BRING}")
        # As a decorator it leaves what it decorates alone; with options it makes such a decorator.
        return arguments[0] if len(arguments) == 1 and callable(arguments[0]) else cls


def _placeholder(owner: str, name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return _Placeholder(name, (), {"__module__": owner})


def _importing() -> bool:
    """Whether some module is being imported by whoever asks."""
    frame = sys._getframe()
    while frame.f_back is not None:
        frame = frame.f_back
        if (
            frame.f_code.co_name == "<module>"
            and frame.f_back is not None
            and frame.f_back.f_globals.get("__name__") == "importlib._bootstrap"
        ):
            return True
    return False


if __name__ == "__main__":
    from bot.engine.without_tensorflow import stand_in as stand_in_for_all  # not of __main__, which nobody else imports

    stand_in_for_all()
    from rasa.__main__ import main

    main()
