"""The files that docs/knowledge.md shows, as they stand in the page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Dict

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "knowledge.md"


def shown(mark: str) -> Dict[str, str]:
    """Path → text of every YAML block below a comment ``<!-- MARK: PATH -->``."""
    blocks = re.findall(rf"<!-- {mark}: (\S+) -->\n```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return dict(blocks)
