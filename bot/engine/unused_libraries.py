"""Serving and training without libraries that Rasa imports wherever it loads and of which nothing that this project does makes use.

Rasa 3.6.21 imports TensorFlow through ``rasa.utils.tensorflow`` and the modules of DIET, TED and their kin, scikit-learn through classifiers
of its own, and the clients of every channel and broker that it knows; together they cost some 450 MB and most of the start. While a model is
served none of whose components is written with them, and wherever TensorFlow is not installed, placeholders stand in for them. They can be
imported, subclassed and used as decorators, which is all that happens while modules are imported, and refuse to compute.
"""

from __future__ import annotations

import json
import re
import sys
import tarfile
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from actions.masking.matching import without_frameworks
from bot.engine.archive import METADATA

_OF_NETWORKS = frozenset(("tensorflow", "keras", "h5py"))
_OF_CLASSIFIERS = frozenset(("sklearn", "skops", "matplotlib"))
_OF_CHANNELS = frozenset(("aiogram", "boto3", "botocore", "fbmessenger", "mattermostwrapper", "pymongo", "rocketchat_API", "slack_sdk", "twilio",
                          "webexteamssdk"))  # fmt: skip
_IMPORT = re.compile(r"^\s*(?:import|from)\s+(?:rasa\.utils\.)?(\w+)", re.MULTILINE)
_HOW_TO_BRING = "it is not part of what `make run` installs; `scripts/install dev` brings it"


class TensorFlowMissing(RuntimeError):
    """A model computes with TensorFlow, which is not installed."""


def is_installed() -> bool:
    """Whether there is a real TensorFlow, which a placeholder never is."""
    return PathFinder.find_spec("tensorflow") is not None


def prepare_for(model: Path) -> None:
    """Lets Rasa be imported to serve a model, as lightly as that model allows.

    Raises:
        TensorFlowMissing: the model needs what is not there.
    """
    needed = needed_libraries(model)
    if needed and is_installed():
        return
    if not _OF_NETWORKS.isdisjoint(needed) and _components(model) is not None:
        raise TensorFlowMissing(f"{model} computes with TensorFlow: {_HOW_TO_BRING}")
    stand_in(serving=not needed)


def needed_libraries(model: Path) -> frozenset[str]:
    """Those with which some component of a model is written, as its module's source says.

    Args:
        model: the archive; one that cannot be read may need anything, and Rasa will say what is wrong with it.
    """
    components, libraries = _components(model), _OF_NETWORKS | _OF_CLASSIFIERS
    if components is None:
        return libraries
    return frozenset[str]().union(*(libraries & _imported(name.rpartition(".")[0]) for name in components))


def _components(model: Path) -> list[str] | None:
    try:
        with tarfile.open(model) as archive:
            metadata: Any = archive.extractfile(METADATA)
            return [node["uses"] for node in json.load(metadata)["predict_schema"]["nodes"].values()]
    except (OSError, tarfile.TarError, KeyError, ValueError):
        return None


def _imported(module: str) -> frozenset[str]:
    top, *below = module.split(".")
    # To look for a module below a package imports the package; the package itself is only found.
    found = find_spec(top)
    folder = Path((found.submodule_search_locations or [""])[0]) if found is not None else Path()
    file = folder.joinpath(*below).with_suffix(".py")
    return frozenset(_IMPORT.findall(file.read_text(encoding="utf-8"))) if file.is_file() else frozenset()


def stand_in(serving: bool = True) -> None:
    """Puts placeholders in the place of the libraries for this process, unless TensorFlow is loaded already.

    Args:
        serving: nothing is trained, so that scikit-learn is left out as well.
    """
    if "tensorflow" in sys.modules or any(isinstance(finder, _Finder) for finder in sys.meta_path):
        return
    # spaCy's library of networks asks frameworks for devices while it is imported, and does without them where they are missing.
    with without_frameworks():
        import spacy  # noqa: F401
    sys.meta_path.insert(0, _Finder(_OF_NETWORKS | _OF_CHANNELS | (_OF_CLASSIFIERS if serving else frozenset())))


class _Finder(MetaPathFinder, Loader):
    """Finds libraries and what is below them, and loads placeholders."""

    def __init__(self, replaced: frozenset[str]) -> None:
        self._replaced = replaced

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        return ModuleSpec(fullname, self, is_package=True) if fullname.partition(".")[0] in self._replaced else None

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
            raise TensorFlowMissing(f"{cls.__module__}.{cls.__name__} was asked to compute, and is left out: {_HOW_TO_BRING}")
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
