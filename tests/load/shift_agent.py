"""An agent who works a shift in Chromium: takes what waits, by keyboard or mouse, and does for each case what is to be done."""

from __future__ import annotations

import io
import time
from contextlib import suppress

from PIL import Image
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import expect, sync_playwright

from actions.knowledge.model import Knowledge
from tests.load.shift_cases import AGENTS, Shift, ShiftCase
from tests.load.shift_hands import WITHIN, Hands
from tests.widget.browsing import Watch, launch
from tests.widget.stand import Stand

LONGEST = 240.0
"""Seconds of a shift."""
TOLERATED = "401|409|422"
LAPTOP = {"width": 1280, "height": 800}
_PROMISE = "放心，包过，马上恢复正常。"
_QUOTED = "您说的“包过”，我们没有这种办法。"
_ROWS = "[...document.querySelectorAll('#queue li')].map((row) => [row.querySelector('a').dataset.key, row.innerText])"
_WAITING = ("take", "assign", "move")
_PASSED_ON = ("transfer", "release", "assign", "move")


class ShiftAgent(Hands):
    """One of the two.

    Args:
        name: of the agent; the first uses keys, the second the mouse.
    """

    def __init__(self, stand: Stand, shift: Shift, knowledge: Knowledge, name: str) -> None:
        self.name = name
        self.trouble: list[str] = []
        self._stand, self._shift, self._knowledge = stand, shift, knowledge
        self._keys = name == AGENTS[0]
        self._other = next(each for each in AGENTS if each != name)
        self._not_now: dict[str, float] = {}

    def work(self) -> None:
        """Works until nothing is left; what goes wrong is kept in ``trouble``."""
        try:
            with sync_playwright() as playwright:
                browser = launch(playwright)
                watch = Watch(browser)
                self._work(watch)
                watch.close()
                browser.close()
        except Exception as error:  # A thread's error is nobody's otherwise.
            self.trouble.append(f"{self.name}: {error!r}")
            self._shift.broken = True

    def _work(self, watch: Watch) -> None:
        token = self._stand.token(self.name, None, role="agent")
        self._page = watch.open(f"{self._stand.address}/desk#token={token}", TOLERATED, viewport=LAPTOP)
        self._page.get_by_role("heading", name="队列").wait_for()
        # Nobody touches this one: it must be right by itself.
        self._wall = watch.tab(self._page.context, f"{self._stand.address}/desk", TOLERATED)
        deadline = time.monotonic() + LONGEST
        while self._shift.open and time.monotonic() < deadline:
            chosen = self._choose()
            if chosen is None:
                self._page.wait_for_timeout(200)
                continue
            if self._open(chosen):
                self._do_what_is_to_be_done(self._shift.cases[chosen])
            if self._page.locator("#live-state").inner_text():
                self.trouble.append(f"{self.name}: the page says that it is stale")
        self._compare()

    def _choose(self) -> str | None:
        now = time.monotonic()
        for key, text in self._page.evaluate(_ROWS):
            mine = f"处理中 · {self.name}" in text
            if self._shift.cases[key].steps and (mine or "排队中" in text) and self._not_now.get(key, 0.0) < now:
                return str(key)
        return None

    def _open(self, key: str) -> bool:
        """Opens a case; false if its line moves or goes at this very moment."""
        with suppress(PlaywrightTimeout):
            if self._keys:
                if not self._walk_to(key):
                    return False
                self._page.keyboard.press("Enter")
            else:
                self._page.locator(f'#queue a[data-key="{key}"]').click(timeout=2000)
            self._page.wait_for_url(f"**/desk/cases/{key}*", timeout=WITHIN)
            expect(self._page.get_by_role("button", name="快捷键")).to_be_visible(timeout=WITHIN)
            return True
        return False

    def _do_what_is_to_be_done(self, case: ShiftCase) -> None:
        case.begun = case.begun or time.monotonic()
        page = self._page
        while case.steps:
            standing = page.locator("#standing").inner_text()
            if not self._has("#work #reply") and (not self._has("#work #take") or f"指派给 {self._other}" in standing):
                break
            step = case.steps[0]
            if (step in _WAITING) != self._has("#work #take"):
                break
            # Who takes it is decided by the desk; but nobody takes what a colleague is just passing on.
            if step == "take" and case.passing.locked() or step in _PASSED_ON and not case.passing.acquire(blocking=False):
                break
            try:
                if step != case.steps[0] or not getattr(self, f"_{step}")(case):
                    break
                case.steps.popleft()
            finally:
                if step in _PASSED_ON:
                    case.passing.release()
            if step in _PASSED_ON:
                break
        # Whoever was slower, or has passed it on, looks at something else first.
        self._not_now[case.id] = time.monotonic() + 2.0

    def _has(self, selector: str) -> bool:
        """Whether the page has it, also when it is just being loaded anew."""
        while True:
            try:
                return self._page.locator(selector).count() > 0
            except PlaywrightError as error:
                if "navigation" not in error.message:
                    raise
                self._page.wait_for_load_state()

    # Steps: each returns whether it was done.

    def _take(self, case: ShiftCase) -> bool:
        self._page.evaluate("window.before = true")
        if self._keys:
            self._page.keyboard.press("t")
        else:
            with suppress(PlaywrightTimeout):
                # It is gone if the other takes the case at this moment.
                self._page.get_by_role("button", name="接手").click(timeout=3000)
        end = self._page.locator("#reply, #take [role=alert], #work:not(:has(form))").first
        end.wait_for(timeout=WITHIN)
        # The other may have taken it first and passed it on to this one meanwhile.
        if not self._has("#reply") or not case.steps or case.steps[0] != "take":
            self._shift.races += 1
            return False
        # The same can be put in place in the page as it was, just before it is loaded anew.
        self._loaded_anew()
        self._shift.note(self.name, "take", case)
        return True

    def _reply(self, case: ShiftCase) -> bool:
        self._write(self._shift.sentence(case))
        return self._send(case)

    def _canned(self, case: ShiftCase) -> bool:
        self._page.get_by_text("常用回复", exact=True).click()
        self._page.get_by_role("button", name="问候并接手").click()
        return self._send(case)

    def _suggested(self, case: ShiftCase) -> bool:
        if not self._has("#suggestion"):
            return self._canned(case)
        self._page.get_by_text("建议回复", exact=True).click()
        self._page.get_by_role("button", name="放进回复框").click()
        return self._send(case)

    def _refused(self, case: ShiftCase) -> bool:
        self._doubted(case, _PROMISE)
        self._write(self._shift.sentence(case))
        return self._send(case)

    def _confirmed(self, case: ShiftCase) -> bool:
        self._doubted(case, _QUOTED)
        self._page.get_by_label("理由").select_option(label="引用客户或官方公告的原话")
        self._shift.note(self.name, "confirm", case)
        return self._send(case)

    def _answer(self, case: ShiftCase) -> bool:
        text = self._shift.ask(case)
        while text not in case.answered:
            self._page.wait_for_timeout(10)
        begun = time.monotonic()
        expect(self._page.locator("#said").get_by_text(text, exact=True)).to_be_in_viewport(timeout=WITHIN)
        self._shift.shown.append(1000 * (time.monotonic() - begun))
        return True

    def _note(self, case: ShiftCase) -> bool:
        self._page.get_by_text("写备注", exact=True).click()
        words = f"{self.name} 看过，等客户回话"
        self._page.get_by_label("写给同事").fill(words)
        self._lead_on(self._page.get_by_role("button", name="记下"))
        expect(self._page.locator("#notes").get_by_text(words)).to_be_visible(timeout=WITHIN)
        self._shift.note(self.name, "note", case)
        return True

    def _transfer(self, case: ShiftCase) -> bool:
        return self._pass_on(case, "转交或放回队列", f"agent:{self._other}", "transfer")

    def _assign(self, case: ShiftCase) -> bool:
        return self._pass_on(case, "转交", f"agent:{self._other}", "assign")

    def _move(self, case: ShiftCase) -> bool:
        queues = self._page.locator("#to optgroup").last.locator("option")
        return self._pass_on(case, "转交", str(queues.first.get_attribute("value")), "move")

    def _pass_on(self, case: ShiftCase, words: str, to: str, step: str) -> bool:
        self._page.locator("#pass-on summary").get_by_text(words, exact=True).click()
        self._page.get_by_label("交给").select_option(to)
        self._lead_on(self._page.locator("#pass-on").get_by_role("button", name="转交", exact=True))
        expect(
            self._page.locator("#held").get_by_text(f"{self.name} {dict(transfer='转交给', assign='指派给', move='转到')[step]}")
        ).to_have_count(1, timeout=WITHIN)
        self._shift.note(self.name, step, case)
        return True

    def _release(self, case: ShiftCase) -> bool:
        self._page.get_by_text("转交或放回队列", exact=True).click()
        self._lead_on(self._page.get_by_role("button", name="放回队列"))
        expect(self._page.locator("#take")).to_be_visible(timeout=WITHIN)
        self._shift.note(self.name, "release", case)
        return True

    def _picture(self, case: ShiftCase) -> bool:
        file = io.BytesIO()
        Image.effect_noise((320, 200), 90).save(file, "PNG")
        self._page.get_by_label("发图片").set_input_files({"name": "help.png", "mimeType": "image/png", "buffer": file.getvalue()})
        expect(self._page.get_by_text("图片已发出")).to_be_visible(timeout=WITHIN)
        case.pictures += 1
        self._shift.note(self.name, "reply", case)
        return True

    def _close(self, case: ShiftCase) -> bool:
        return self._end(case, "结束", "已结束", "close")

    def _give_back(self, case: ShiftCase) -> bool:
        return self._end(case, "转回助手", "已转回助手", "give_back")

    def _end(self, case: ShiftCase, button: str, shown: str, step: str) -> bool:
        resolved_by, cause = case.outcome
        if self._keys:
            self._key("c", self._page.get_by_label("怎样处理的"))
        else:
            self._page.get_by_text("转回助手或结束", exact=True).click()
        self._page.get_by_label("怎样处理的").select_option(resolved_by)
        known = self._knowledge.causes.get(cause)
        # A part of its title is enough to name it.
        named = self._page.get_by_label("根本原因")
        # What was found stands there already; this agent knows better.
        named.fill("")
        named.press_sequentially(known.title[1:] if known else self._knowledge.briefing.other_cause)
        end = self._page.locator("#outcome").get_by_role("button", name=button, exact=True)
        end.click()
        self._page.locator(f"#unanswered, #standing .tag:has-text('{shown}')").first.wait_for(timeout=WITHIN)
        if self._has("#unanswered"):
            # Whoever leaves the customer's last words without an answer does so knowingly.
            self._shift.note(self.name, "refused", case)
            self._page.get_by_label("我看过了").check()
            self._lead_on(end)
        expect(self._page.locator("#standing").get_by_text(shown)).to_be_visible(timeout=WITHIN)
        ended = time.monotonic()
        case.seconds = ended - case.begun
        self._shift.note(self.name, step, case)
        expect(self._wall.locator(f'#queue a[data-key="{case.id}"]')).to_have_count(0, timeout=WITHIN)
        self._shift.left.append(1000 * (time.monotonic() - ended))
        return True

    def _send(self, case: ShiftCase) -> bool:
        box = self._page.get_by_label("回复客户")
        text = box.input_value()
        self._press_send()
        expect(box).to_have_value("", timeout=WITHIN)
        expect(self._page.locator("#said .line-agent .said").last).to_have_text(text, timeout=WITHIN, use_inner_text=True)
        expect(self._page.locator("#doubts")).to_have_count(0)
        expect(box).to_be_in_viewport(ratio=1)
        case.said.append(text)
        self._shift.note(self.name, "reply", case)
        return True

    def _doubted(self, case: ShiftCase, text: str) -> None:
        self._write(text)
        self._press_send()
        expect(self._page.locator("#doubts")).to_be_visible(timeout=WITHIN)
        expect(self._page.get_by_label("回复客户")).to_have_value(text)
        expect(self._page.get_by_label("回复客户")).to_be_in_viewport(ratio=1)
        self._shift.note(self.name, "refused", case)

    def _compare(self) -> None:
        """What the untouched list shows is what the server would show now."""
        for page in (self._page, self._wall):
            page.wait_for_timeout(1500)
            before = page.evaluate(_ROWS)
            page.reload()
            if [key for key, _ in before] != [key for key, _ in page.evaluate(_ROWS)]:
                self.trouble.append(f"{self.name}: {page.url} was stale")
