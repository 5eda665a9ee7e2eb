"""Plays a conversation and compares what was seen with what was expected."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Union

from actions.core.messages import ENDS
from actions.knowledge.model import Knowledge
from actions.state.conversations import Message
from bot.channel.buttons import always_accepted
from bot.web.responses import ProblemError
from conversations.backstage import titles
from conversations.checks import Answer, Miss, in_order, missed, says_phrase, slot_found, slot_misses
from conversations.loading import Conversation
from conversations.rules import broken
from conversations.script import Event, OtherDevice, SlotValue, Step
from conversations.stage import Stage

Problem = Union[Miss, str]
PATH_FIELDS = ("cause", "step", "passed", "subscribed", "reason", "topic")
"""The fields of message data that tell one path through a case from another."""


class Mismatch(AssertionError):
    """A turn went otherwise than expected; the text holds the transcript and both sides."""


@dataclass(frozen=True)
class Played:
    """A conversation that went as expected.

    Attributes:
        turns: how many messages the customer sent.
        signature: what makes it a conversation of its own: the causes diagnosed, the path through the steps, and the intents.
    """

    turns: int
    signature: tuple[Any, ...]


@dataclass
class Playing:
    """A conversation while it is played."""

    stage: Stage
    knowledge: Knowledge
    replies: tuple[Message, ...] = ()
    unread: list[Message] = field(default_factory=list)
    turns: int = 0
    ended_after: int | None = None
    second: OtherDevice | None = None

    def step(self, step: Step) -> Iterator[Problem]:
        """Plays one step; yields what went wrong."""
        if step.when is not None:
            yield from self._happen(step.when)
        elif step.is_said:
            yield from self._answered(step)
        elif step.bot is not None:
            yield from self._next_says(step.bot, lambda text: text == step.bot)
        elif step.utter is not None:
            yield from self._next_says(step.utter, lambda text: says_phrase(self.knowledge, str(step.utter), text))
        for wanted in _slots(step.slot_was_set):
            yield from slot_misses(wanted, self.stage)
        for wanted in _slots(step.slot_was_not_set):
            yield from slot_found(wanted, self.stage)

    def _happen(self, event: Event) -> Iterator[Problem]:
        stage, value = self.stage, event.value
        if event.kind == "notices":
            yield from self._notices(value)
        elif event.kind == "advice":
            yield from self._advised(value)
        elif event.kind == "second_device":
            self.second = value
            payload = self._payload(value.press) if value.press is not None else None
            stage.send_meanwhile(**({"text": value.user} if payload is None else {"payload": payload}))
        else:
            happen: dict[str, Callable[[Any], object]] = {
                "remedy": stage.play_remedy,
                "patch": stage.patch,
                "order": stage.use_order,
                "hours": lambda hours: stage.pass_time(hours=hours),
                "minutes": lambda minutes: stage.pass_time(minutes=minutes),
                "restart": lambda _: stage.start(),
                "taken": lambda _: stage.take_over(),
                "closed": lambda _: stage.close(),
                "returned": lambda _: stage.give_back(),
                "transferred": lambda _: stage.transfer(),
                "moved": stage.move,
                "released": lambda _: stage.release(),
                "late": lambda _: stage.let_wait(),
                "picture": lambda _: stage.send_picture(),
                "faults": lambda faults: stage.break_down(faults),
            }
            before = len(stage.history())
            happen[event.kind](value)
            # What is said to it can be looked at, and its buttons pressed.
            self.unread = list(stage.history()[before:]) or self.unread

    def _notices(self, expected: int) -> Iterator[Problem]:
        before = len(self.stage.history())
        told = self.stage.look()
        history = self.stage.history()
        self.unread = list(history[before:])
        if told != expected or len(history) - before != expected:
            yield Miss("notices", expected, f"{told} were told, {len(history) - before} messages came")
        elif told:
            yield from broken(self.knowledge, history, history[before:], notice=True)

    def _advised(self, expected: int) -> Iterator[Problem]:
        before = len(self.stage.history())
        self.stage.look_ahead()
        history = self.stage.history()
        self.unread = list(history[before:])
        if len(self.unread) != expected:
            yield Miss("advice", expected, f"{len(self.unread)} messages came")
        elif expected:
            yield from broken(self.knowledge, history, self.unread, notice=True)

    def _answered(self, step: Step) -> Iterator[Problem]:
        before = self.stage.history()
        if step.press is not None and self._payload(step.press) is None:
            yield Miss("press", f"a button {step.press}", sorted(_offered(before)))
            return
        self.turns += 1
        expected_problem = next((each.refused for each in step.assertions if each.refused is not None), None)
        try:
            replies = self._send(step)
        except ProblemError as problem:
            if problem.name != expected_problem:
                yield Miss("refused", expected_problem or "an answer", problem.name)
            if self.stage.history() != before:
                yield Miss("refused", "nothing is stored", [message.text for message in self.stage.history()[len(before) :]])
            return
        self.replies, self.unread = replies, list(replies)
        yield from self._second_device()
        if expected_problem is not None:
            yield Miss("refused", expected_problem, [message.text for message in replies])
            return
        if any(each.silent for each in step.assertions):
            yield from (Miss("silent", "no answer", message.text) for message in replies)
            return
        if step.resend and replies and replies[0].seq <= len(before):
            yield from (Miss("resend", "nothing new is stored", message.text) for message in self.stage.history()[len(before) :])
        else:
            yield from self._ruled(replies)
        answer = Answer(self.knowledge, replies, before, self.stage)
        if step.assertion_order_enabled:
            yield from in_order(step.assertions, answer)
        for assertion in step.assertions:
            yield from missed(assertion, answer)
        if self.ended_after is None and any(message.data and message.data["type"] in ENDS for message in replies):
            self.ended_after = self.turns

    def _second_device(self) -> Iterator[Problem]:
        if self.second is None:
            return
        wanted, got, self.second = self.second.refused, self.stage.meanwhile, None
        if isinstance(got, ProblemError):
            yield from [] if got.name == wanted else [Miss("second device", wanted or "an answer", got.name)]
        elif wanted is not None:
            yield Miss("second device refused", wanted, [message.text for message in got])
        else:
            yield from self._ruled(got)

    def _ruled(self, replies: Sequence[Message]) -> Iterator[Problem]:
        history = self.stage.history()
        yield from broken(self.knowledge, [message for message in history if message.seq <= max(reply.seq for reply in replies)], replies)

    def _send(self, step: Step) -> tuple[Message, ...]:
        if step.press is not None:
            return self.stage.press(str(self._payload(step.press)))
        return self.stage.resend() if step.resend else self.stage.say(str(step.user))

    def _payload(self, title: str | None) -> str | None:
        always = {name: payload for payload, name in always_accepted().items()}
        return {**always, **_offered(self.stage.history())}.get(str(title))

    def _next_says(self, expected: str, fits: Any) -> Iterator[Problem]:
        found = next((index for index, message in enumerate(self.unread) if fits(message.text)), None)
        if found is None:
            yield Miss("bot", expected, [message.text for message in self.unread])
        else:
            del self.unread[: found + 1]


def play(conversation: Conversation, stage: Stage, knowledge: Knowledge) -> Played:
    """Plays a conversation to its end.

    Raises:
        Mismatch: at the first step that breaks a rule or an expectation.
    """
    prepare(conversation, stage)
    playing = Playing(stage, knowledge)
    for number, step in enumerate(conversation.case.steps):
        _raise(conversation, stage, conversation.where(number), list(playing.step(step)))
    _raise(conversation, stage, conversation.where(0), list(_whole(conversation, stage, playing)))
    return Played(playing.turns, signature(stage.history()))


def prepare(conversation: Conversation, stage: Stage) -> None:
    """Puts a stage into the state that a conversation begins with."""
    if conversation.now is not None:
        stage.patch({"now": conversation.now})
    if conversation.slots:
        stage.set_slots(conversation.slots)
    if conversation.faults:
        stage.break_down(conversation.faults)


def signature(history: Sequence[Message]) -> tuple[Any, ...]:
    """What makes a conversation one of its own: the causes diagnosed, the path through the steps, and the intents.

    A conversation of one message is about how something is said, so its words count too.
    """
    said = [message for message in history if message.role == "user"]
    data = [message.data for message in history if message.role == "bot" and message.data]
    causes = {cause["id"] for each in data if each["type"] == "diagnosis" for cause in each["causes"]}
    path = tuple((each["type"], *(each.get(key) for key in PATH_FIELDS)) for each in data)
    words = said[0].text if len(said) == 1 else None
    return tuple(sorted(causes)), path, tuple(message.intent for message in said), words


def transcript(history: Sequence[Message]) -> str:
    """The conversation as a person would read it, with the data's types and the understood intents."""
    lines: list[str] = []
    for message in history:
        if message.role == "user":
            confidence = f" {message.confidence:.2f}" if message.confidence is not None else ""
            lines.append(f"> {message.text}    [{message.intent}{confidence}]")
            continue
        data = {key: value for key, value in (message.data or {}).items() if key not in ("causes", "plans", "choices")}
        if message.data and "causes" in message.data:
            data["causes"] = [cause["id"] for cause in message.data["causes"]]
        lines.extend(f"  {line}" for line in message.text.splitlines())
        lines.append(f"    {data or 'no data'} {' | '.join(titles(message))}")
    return "\n".join(lines)


def _whole(conversation: Conversation, stage: Stage, playing: Playing) -> Iterator[Problem]:
    most = conversation.case.max_turns
    if most is not None and (playing.ended_after is None or playing.ended_after > most):
        yield Miss("max_turns", f"an end within {most}", playing.ended_after or f"none in {playing.turns}")
    if conversation.case.no_repeat:
        texts = [message.text for message in stage.history() if message.role == "bot"]
        yield from (Miss("no_repeat", "no text twice", text) for text in sorted({each for each in texts if texts.count(each) > 1}))


def _raise(conversation: Conversation, stage: Stage, where: str, problems: Sequence[Problem]) -> None:
    if problems:
        lines = "\n".join(f"  - {problem}" for problem in problems)
        raise Mismatch(f"{conversation.id}\n{transcript(stage.history())}\n\n{where}\n{lines}")


def _offered(history: Sequence[Message]) -> dict[str, str]:
    offered: dict[str, str] = {}
    for message in reversed(history):
        if message.role == "user":
            break
        for button in message.buttons:
            offered.setdefault(button["title"], button["payload"])
    return offered


def _slots(given: Sequence[Any] | None) -> Iterator[SlotValue]:
    for entry in given or ():
        yield from (
            [SlotValue(name=entry)] if isinstance(entry, str) else [SlotValue(name=name, value=value) for name, value in entry.items()]
        )
