"""Sentences that nobody understands, said by a known number of customers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.orm import Session

from actions.state.conversations import CONVERSATIONS, MESSAGES, Message
from actions.state.episodes import EPISODES

MANY_SAY = (
    "花呗能不能用在这里",
    "花呗可以用在这儿吗",
    "这里能用花呗吗",
    "可以用花呗付款吗",
    "能用花呗分期吗",
    "花呗行不行",
    "我想用花呗",
    "花呗支付可以吗",
    "换成花呗可以不",
    "不能花呗吗",
    "用花呗付这单行吗",
    "花呗怎么不能用",
)
"""Twelve sentences for nine customers."""
FEW_SAY = ("飞机票能报销吗", "我的飞机票能报销吗", "飞机票怎么报销", "飞机票给报销吗")
"""What four customers say."""
PERSONAL = "我叫王小明，手机 13800138000，身份证 11010519491231002X"


def say_in(session: Session, sentences: Sequence[str], customers: int, at: datetime, prefix: str = "many") -> None:
    """Lets so many customers say the sentences, each beginning with their own number."""
    by_customer: dict[str, list[str]] = {f"u-{prefix}-{number}": [] for number in range(customers)}
    for place, sentence in enumerate(sentences):
        by_customer[f"u-{prefix}-{place % customers}"].append(sentence)
    for user, theirs in by_customer.items():
        said = [PERSONAL, *theirs]
        session.execute(insert(CONVERSATIONS).values(id=user, last_seq=len(said), tracker=None, created_at=at, updated_at=at))
        for seq, text in enumerate(said, 1):
            given = ("nlu_fallback", 0.3, "action_fallback", None, "faq_how_to")
            message = Message(user, seq, f"{user}-{seq}", at + timedelta(minutes=seq), "user", text, (), None, None, *given)
            session.execute(insert(MESSAGES).values({**vars(message), "buttons": []}))
        state = dict.fromkeys(column.name for column in EPISODES.columns)
        session.execute(insert(EPISODES).values({**state, "user": user, "ref": f"r-{user}"}))
