"""Many messages sent by the chat in Chromium through a proxy with bad days: how many were lost, doubled or out of order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect
from rasa.core.channels.channel import UserMessage

from tests.widget.browsing import bubbles, open_chat, turns
from tests.widget.cutting_proxy import CuttingProxy
from tests.widget.stand import Stand

NETWORK = "ERR_|Failed to fetch|502"
"""What a browser says of such a network in its console."""
SENDING = """async ([from, to]) => {
    const chat = document.querySelector('baitiao-chat');
    for (let number = from; number <= to; number += 1) {
        chat.ask(`第${number}条`);
        if (number % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 100));
    }
}"""


async def echo(message: UserMessage) -> None:
    """Answers so that the answer to each message can be told."""
    await message.output_channel.send_response(message.sender_id, {"text": f"回答 {message.text}"})


@dataclass(frozen=True)
class Sends:
    """What became of messages and their answers, in what was stored or in what is shown.

    Attributes:
        lost: how many are not there.
        doubled: how many are there more than once.
        reordered: how many stand before one that was written earlier.
    """

    lost: int
    doubled: int
    reordered: int

    @classmethod
    def found(cls, texts: list[str], count: int) -> Sends:
        """Counts in texts, of which there should be each message followed by its answer."""
        wanted = [text for number in range(1, count + 1) for text in (f"第{number}条", f"回答 第{number}条")]
        there, place = Counter(texts), {text: number for number, text in enumerate(wanted)}
        places = [place[text] for text in texts if text in place]
        return cls(
            lost=sum(text not in there for text in wanted),
            doubled=sum(there[text] > 1 for text in wanted),
            reordered=sum(one > other for one, other in zip(places, places[1:])),
        )

    def __str__(self) -> str:
        return f"{self.lost} lost, {self.doubled} doubled, {self.reordered} reordered"


def send_many(page: Page, proxy: CuttingProxy, count: int, parts: int, disturb: Callable[[], None]) -> None:
    """Sends from a loaded page and returns when nothing is under way any more.

    Args:
        parts: into how many the messages are divided; the next part is written when the one before has been answered.
        disturb: called once a part is written, while most of it is still waiting.
    """
    open_chat(page)
    proxy.chance, proxy.refusing = 0.03, 0.02
    size = count // parts
    for end in range(size, count + 1, size):
        page.evaluate(SENDING, [end - size + 1, end])
        disturb()
        expect(turns(page, "bot").last).to_have_text(re.compile(rf"回答 第{end}条$"), timeout=240_000)
    proxy.let()
    expect(page.locator(".unsent")).to_have_count(0, timeout=30_000)


def stored(stand: Stand, count: int) -> Sends:
    """What became of the messages in the service."""
    return Sends.found([message.text for message in stand.history()], count)


def shown(page: Page, count: int) -> Sends:
    """What became of them on the page."""
    return Sends.found(bubbles(page), count)
