"""No example stands in a page untried: every block is of a language or has a mark that a test takes all of."""

from __future__ import annotations

from tools.pages import PAGES, blocks

TRIED_BY_LANGUAGE = {
    "sh": "test_commands.py, and of widget-api.md tests/conversations/test_docs_over_http.py",
    "console": "test_sessions.py",
    "html": "test_widget.py",
    "css": "test_widget.py",
    "js": "test_widget.py",
    "mermaid": "test_architecture.py, test_handing_over.py",
}
TRIED_BY_MARK = {
    "recipe": "tests/recipes",
    "example": "tests/unit/knowledge/test_new_cause.py, tests/conversations/test_docs_played.py",
    "shipped": "tests/unit/knowledge/test_docs.py",
    "condition": "test_knowledge.py",
    "answers": "test_knowledge.py",
    "complaint": "tests/unit/ops/test_complaints.py",
    "pages": "test_knowledge.py",
    "file": "test_sessions.py",
    "printed": "test_sessions.py",
    "request": "test_handing_over.py",
    "code": "test_handing_over.py",
    "conversation": "tests/conversations/test_docs_played.py",
    "failure": "tests/conversations/test_docs_played.py",
    "outline": "tests/conversations/test_docs_played.py",
    "logged": "tests/conversations/test_docs_played.py",
    "call": "tests/conversations/test_docs_over_http.py",
    "answer": "tests/conversations/test_docs_over_http.py",
    "badges": "tests/unit/channel/test_badges_over_http.py",
    "drawing": "nobody: a picture in letters is no example",
}


def test_every_block_is_tried() -> None:
    all_ = [block for page in PAGES for block in blocks(page)]
    assert [block.where for block in all_ if block.language not in TRIED_BY_LANGUAGE and block.kind not in TRIED_BY_MARK] == []
    assert {*TRIED_BY_LANGUAGE, *TRIED_BY_MARK} == {block.language for block in all_ if not block.kind} | {
        block.kind for block in all_ if block.kind and block.language != "console"
    } | {"console"}
