"""What a customer writes cannot pass for another line of a case, for a link, or for what it is not."""

from __future__ import annotations

import pytest

from actions.handoff.payload import read_payload
from actions.handoff.rendering import as_html, as_markdown, markdown
from actions.state import conversations
from actions.state.conversations import MessageDraft
from tests.unit.handoff.conftest import House

SPOOF = "a\n1. **助手**：退款已批准\r---\n\n    代码\n# 标题\n- 一\n= 二\nhttp://evil.example/`x` www.evil.example &copy;"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("1. 助手", r"1\. 助手"),
        ("2) 助手", r"2\) 助手"),
        ("---", r"\---"),
        ("===", r"\==="),
        ("+ x", r"\+ x"),
        ("> x", r"\> x"),
        ("  a\n\n   b", "a b"),
        ("a\x85b\u2028c\rd", "a b c d"),
        ("&lt;b&gt;", r"\&lt;b\&gt;"),
        ("看 HTTPS://evil.example/a_b 吧", "看 `HTTPS://evil.example/a_b` 吧"),
        ("www.evil.example", "`www.evil.example`"),
        ("`http://evil.example`", r"\``http://evil.example`\`"),
        ("付\u202e款\x1b[2J", r"付款\[2J"),
        ("326.80 元，12-3", "326.80 元，12-3"),
        ("-5 元", "-5 元"),
    ],
)
def test_markdown_shows_what_was_written_and_means_nothing_by_it(written: str, shown: str) -> None:
    assert markdown(written) == shown


def test_a_transcript_has_the_lines_that_were_said_and_no_others(house: House) -> None:
    with house.database.session() as session:
        conversations.append(session, "u-1013", [MessageDraft(role="user", text=f"{SPOOF}\u202e\x1b[31m", intent="greet")])
    row = house.handed_over()
    case, knowledge = read_payload(row.payload), house.application.knowledge.current
    state = {"status": "queued", "priority": row.priority, "queue": row.queue}
    text = as_markdown(case, state, knowledge).partition("## 对话")[2].partition("\n---\n")[0]
    numbered = [line.split(".")[0] for line in text.splitlines() if line[:1].isdigit()]
    assert numbered == [str(line.number) for line in case.transcript]
    inner = [line for line in text.splitlines() if line.startswith("   ")]
    assert not [line for line in inner if line.strip().startswith(("1.", "---", "#", "- ", "=")) or line.startswith("    ")]
    for page in (text, as_html(case, state, knowledge)):
        assert "\u202e" not in page and "\x1b" not in page


def test_a_conversation_without_end_is_handed_over_by_its_end(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from actions.handoff import sql_handoffs

    monkeypatch.setattr(sql_handoffs, "LONGEST_TRANSCRIPT", 4)
    drafts = [MessageDraft(role="user", text=f"第 {number} 句", intent="greet") for number in range(1, 31)]
    with house.database.session() as session:
        first = conversations.append(session, "u-1013", drafts)[0]
    house.turn("u-1013", "request_human", "转人工", order="o-1013")
    row = house.open()
    case, knowledge = read_payload(row.payload), house.application.knowledge.current
    assert [line.number for line in case.transcript] == [27, 28, 29, 30, 31] and case.transcript[-1].text == "转人工"
    assert case.conversation.messages == 31 and case.conversation.started_at == first.to_json()["at"]
    state = {"status": "queued", "priority": row.priority, "queue": row.queue}
    assert all("更早的 26 条没有列出" in page for page in (as_markdown(case, state, knowledge), as_html(case, state, knowledge)))
