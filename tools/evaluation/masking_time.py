"""How long masking computes for texts that are made to be hard to read: the same piece, over and over."""

from __future__ import annotations

import time

from actions.masking import mask, warm_up
from actions.masking.window import mask_window
from bot.channel.plain_text import LONGEST_TEXT

HARD_PIECES = (
    "4 0 ",
    "1 3 ",
    "6 2 ",
    "1\n",
    "1😀",
    "1，2、3/4*",
    "13800138000 ",
    "6228480402564890018 ",
    "4111111111111111，",
    "三个0",
    "yi san ",
    "1o",
    "验证码1 ",
    "验证码是",
    "我叫王",
    "身份证1-",
    "地址是路号",
    "a@",
    "一",
)
_EARLIER = 10
_TRIES = 5


def masking_time(piece: str, length: int = LONGEST_TEXT) -> float:
    """Seconds of computing for a text of so many characters after ten earlier ones of the same kind; the least of several tries."""
    warm_up()
    text = (piece * length)[:length]
    kept = [mask(text).text] * _EARLIER

    def once() -> float:
        begun = time.process_time()
        mask(mask_window(kept, text).text)
        return time.process_time() - begun

    return min(once() for _ in range(_TRIES))
