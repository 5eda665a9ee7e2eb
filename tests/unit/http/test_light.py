"""What the action server does without."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest

from tools.pages import ROOT

LOADED = """
import actions.server, sys
from actions.masking import mask
assert mask("13812345678").kinds
print(sorted({"jax", "keras", "rasa", "tensorflow"} & {name.partition(".")[0] for name in sys.modules}))
from importlib.util import find_spec
print(find_spec("tensorflow") is not None)
"""


@pytest.mark.slow
def test_the_action_server_masks_without_tensorflow_and_hides_it_from_nobody() -> None:
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", LOADED], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["[]", str(find_spec("tensorflow") is not None)]
