"""Generated parts of the tree: none is stale, and a stale one is named and written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tools.generate import PARTS, ROOT, GeneratedPart, NoPlace, main, rendered

pytestmark = pytest.mark.slow


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of every file with a generated part."""
    for part in PARTS:
        (tmp_path / part.path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / part.path, tmp_path / part.path)
    return tmp_path


def test_no_generated_part_of_the_tree_is_stale() -> None:
    assert [file for file, stands, should in rendered(ROOT) if stands != should] == []


def test_a_stale_part_is_named_by_the_check_and_left_alone(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tree / "docs/knowledge.md"
    page.write_text(page.read_text(encoding="utf-8").replace("| `birth_date` | moment |", "| `birth_date` | text |"), encoding="utf-8")
    before = page.read_text(encoding="utf-8")
    assert main(["--check"], tree) == 1
    assert capsys.readouterr().out == "docs/knowledge.md is stale: run make generate\n"
    assert page.read_text(encoding="utf-8") == before


def test_a_stale_or_missing_part_is_written_and_the_rest_of_its_document_is_left_alone(tree: Path) -> None:
    page, schema = tree / "docs/knowledge.md", tree / "docs/schemas/handoff-1.json"
    was = page.read_text(encoding="utf-8")
    page.write_text(was.replace("| `birth_date` | moment |", "| `birth_date` | text |"), encoding="utf-8")
    schema.unlink()
    assert main([], tree) == 0
    assert page.read_text(encoding="utf-8") == was and schema.is_file()
    assert main(["--check"], tree) == 0


@pytest.mark.parametrize(
    "text",
    [
        "nothing\n",
        "<!-- generated: it -->\nno end\n",
        "<!-- generated: it -->\n<!-- end generated -->\n<!-- generated: it -->\n<!-- end generated -->\n",
    ],
)
def test_a_document_has_exactly_one_place_for_a_part(tmp_path: Path, text: str) -> None:
    (tmp_path / "page.md").write_text(text, encoding="utf-8")
    with pytest.raises(NoPlace, match="page.md needs one line <!-- generated: it -->"):
        list(rendered(tmp_path, (GeneratedPart("page.md", lambda: "x\n", "it"),)))


def test_several_parts_of_one_document_are_written_together(tmp_path: Path) -> None:
    places = "".join(f"<!-- generated: {name} -->\nold\n<!-- end generated -->\n" for name in ("a", "b"))
    (tmp_path / "page.md").write_text(places, encoding="utf-8")
    ((_, _, should),) = rendered(tmp_path, (GeneratedPart("page.md", lambda: "A\n", "a"), GeneratedPart("page.md", lambda: "B\n", "b")))
    assert should == ("<!-- generated: a -->\n\nA\n\n<!-- end generated -->\n<!-- generated: b -->\n\nB\n\n<!-- end generated -->\n")
