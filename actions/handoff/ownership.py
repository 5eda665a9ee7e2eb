"""Who owns a conversation, changed in the database: the table of ``core.ownership``, with the texts the customer gets.

Every function is one step of the caller's transaction. Of all who try the same step at once, exactly one succeeds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from actions.core.diagnosis import diagnose
from actions.core.facts import FactsSource, UnknownCustomer, UnknownSubject
from actions.core.handoff import QUEUED, Event, NotPossible, after, is_possible
from actions.core.messages import EndedData, MessageData
from actions.core.signs import cleaned
from actions.core.subject import Subject
from actions.core.turn import Button
from actions.dialogue.buttons import Buttons
from actions.handoff import picture_messages
from actions.knowledge import phrases
from actions.knowledge.handoffs import SOLVED_MEANWHILE
from actions.knowledge.model import Knowledge
from actions.knowledge.phrases import Phrase
from actions.masking import mask
from actions.state import conversations, handoffs
from actions.state.pictures import CleanPicture

ASSISTANT, CUSTOMER = "assistant", "customer"
OTHER_CAUSE = "other"
"""The root cause of an outcome that is none of the known ones."""
DESK_ACTION = "desk"
"""What stands behind messages that are not an answer of the assistant's."""


@dataclass(frozen=True)
class Outcome:
    """What became of a case, as a person says or as the state shows.

    Attributes:
        resolved_by: a key of ``resolved_by`` in ``knowledge/briefing.yml``.
        root_cause: a cause's id, or ``OTHER_CAUSE``.
        note: in the person's words.
    """

    resolved_by: str
    root_cause: str
    note: str

    def to_data(self) -> dict[str, str | None]:
        """As it is stored: the note masked, like everything else that somebody typed."""
        return {"resolved_by": self.resolved_by, "root_cause": self.root_cause, "note": mask(cleaned(self.note)).text or None}

    def for_audit(self) -> dict[str, str]:
        """As the audit keeps it, which outlives the customer's erasure: without words of anybody's."""
        return {"resolved_by": self.resolved_by, "root_cause": self.root_cause}


class UnknownHandoff(LookupError):
    """There is no handoff of that id."""


class MeantForAnother(NotPossible):
    """The case waits, but for another agent."""


def find(session: Session, handoff_id: str) -> handoffs.Handoff:
    """A handoff.

    Raises:
        UnknownHandoff: there is none of that id.
    """
    row = handoffs.get_handoff(session, handoff_id)
    if row is None:
        raise UnknownHandoff(f"no handoff {handoff_id}")
    return row


def take(session: Session, knowledge: Knowledge, handoff_id: str, agent: str, shown_as: str | None = None) -> None:
    """A person takes the case; from now on the assistant is silent.

    Args:
        shown_as: the name that the customer sees.

    Raises:
        UnknownHandoff: there is no such handoff.
        MeantForAnother: it is assigned to another agent.
        NotPossible: it is not waiting, or somebody else was faster.
    """
    row = find(session, handoff_id)
    after(row.stage, "take")
    if row.assigned_to not in (None, agent):
        raise MeantForAnother(row.stage, "take")
    if not handoffs.take(session, handoff_id, agent, shown_as):
        raise NotPossible("person", "take")
    handoffs.append(session, handoff_id, "take", agent)
    say(session, row, knowledge, phrases.DESK_JOINED, role="system")


def reply(session: Session, handoff_id: str, agent: str, text: str, message_id: str | None = None) -> None:
    """What the person says, masked.

    Args:
        message_id: what has been said with it is not said again, as when an answer was lost on its way and the form is sent once more.

    Raises:
        UnknownHandoff: there is no such handoff.
        NotPossible: the case is not this person's.
    """
    row, said = find(session, handoff_id), mask(cleaned(text)).text
    before = conversations.by_id(session, row.conversation_id, message_id) if message_id else None
    if before is not None and (before.role, before.text) == ("agent", said):
        return
    own(session, handoff_id, agent, "close")
    # An id that stands for other words, as after going back in the browser, must not swallow these.
    draft = conversations.MessageDraft(role="agent", text=said, action=DESK_ACTION, id=None if before else message_id)
    conversations.append(session, row.conversation_id, [draft])


def reply_with_picture(session: Session, knowledge: Knowledge, handoff_id: str, agent: str, picture: CleanPicture) -> None:
    """A picture that the person sends.

    Raises:
        UnknownHandoff: there is no such handoff.
        NotPossible: the case is not this person's.
    """
    row = own(session, handoff_id, agent, "close")
    picture_messages.send(session, knowledge, row.conversation_id, "agent", picture)


def give_back(session: Session, knowledge: Knowledge, source: FactsSource, handoff_id: str, agent: str, outcome: Outcome) -> None:
    """The person gives the case back to the assistant, which re-reads the state and offers to go on.

    Raises:
        UnknownHandoff: there is no such handoff.
        NotPossible: the case is not this person's.
    """
    row = own(session, handoff_id, agent, "give_back")
    end(session, row, "give_back", "returned", agent, outcome)
    title = _still_there(knowledge, source, row)
    buttons = Buttons(knowledge).resume(phrases.BUTTON_CONTINUE)
    if title is None:
        say(session, row, knowledge, phrases.DESK_RETURNED, buttons)
    else:
        say(session, row, knowledge, phrases.DESK_RETURNED_STILL, buttons, title=title)


def close(session: Session, knowledge: Knowledge, handoff_id: str, agent: str, outcome: Outcome) -> None:
    """The person ends the case.

    Raises:
        UnknownHandoff: there is no such handoff.
        NotPossible: the case is not this person's.
    """
    row = own(session, handoff_id, agent, "close")
    end(session, row, "close", "closed", agent, outcome)
    say(session, row, knowledge, phrases.DESK_CLOSED, Buttons(knowledge).resume(phrases.BUTTON_MORE), data=EndedData(by="person"))


def tell_late(session: Session, knowledge: Knowledge, row: handoffs.Handoff) -> bool:
    """Tells a customer that nobody has come in time, once, with the choice of what to do; whether it was told now."""
    if not handoffs.tell(session, row.id):
        return False
    handoffs.append(session, row.id, "late", ASSISTANT)
    say(session, row, knowledge, phrases.DESK_LATE, Buttons(knowledge).queued(), number=row.id)
    return True


def note_choice(session: Session, user: str, choice: Event) -> bool:
    """Notes what a customer chose for whom nobody has come; False if no such choice is open."""
    row = handoffs.open_handoff(session, user)
    if row is None or not is_possible(row.stage, choice):
        return False
    withdrawn = choice == "go_on"
    done = handoffs.close(session, row.id, "withdrawn") if withdrawn else handoffs.choose(session, row.id, choice)
    if done:
        handoffs.append(session, row.id, choice, CUSTOMER)
    return done


def can_be_solved(knowledge: Knowledge, row: handoffs.Handoff, subject: Subject, reasons: Collection[str]) -> bool:
    """Whether a handoff ends when its case solves itself: it still waits, is about just that, and for reasons that all end with the case.

    Args:
        subject: what is solved.
        reasons: everything for which a person was called.
    """
    return row.stage in QUEUED and row.subject == subject and _end_when_solved(knowledge, reasons)


def _end_when_solved(knowledge: Knowledge, reasons: Collection[str]) -> bool:
    return all(name in knowledge.handoffs and knowledge.handoffs[name].ends_when_solved for name in reasons)


def end_solved(session: Session, row: handoffs.Handoff, cause: str | None) -> bool:
    """Closes a handoff whose case has solved itself; False if a person has taken or ended it.

    Args:
        cause: the one that is gone.
    """
    if row.stage not in QUEUED:
        return False
    end(session, row, "solve", "solved", ASSISTANT, Outcome(SOLVED_MEANWHILE, cause or OTHER_CAUSE, ""))
    return True


def may_end_unasked(session: Session, knowledge: Knowledge, row: handoffs.Handoff) -> bool:
    """Whether everything for which a person was called ends with the case: a complaint or an alarm does not."""
    return _end_when_solved(knowledge, reasons_of(session, row))


def note_reason(session: Session, row: handoffs.Handoff, reason: str, brought_by: Mapping[str, int]) -> None:
    """Remembers what else an open handoff is needed for: nobody may end it before all of that is done.

    Args:
        brought_by: the customer's message, for the event.
    """
    if reason not in reasons_of(session, row):
        handoffs.append(session, row.id, "hand_over", ASSISTANT, {"reason": reason, "priority": row.priority, **brought_by})


def reasons_of(session: Session, row: handoffs.Handoff) -> set[str]:
    """Everything for which a person was called: the reason of the handoff, and those given while it was open."""
    given = (event.detail.get("reason") for event in handoffs.of(session, row.id) if event.kind in ("hand_over", "raise"))
    return {row.reason, *(str(reason) for reason in given if reason is not None)}


def own(session: Session, handoff_id: str, agent: str, event: Event) -> handoffs.Handoff:
    """A case that this person has, and to which an event can happen.

    Raises:
        UnknownHandoff: there is no such handoff.
        NotPossible: the case is not this person's.
    """
    row = find(session, handoff_id)
    after(row.stage, event)
    if row.taken_by != agent:
        raise NotPossible(row.stage, event)
    return row


def end(session: Session, row: handoffs.Handoff, event: Event, ending: str, agent: str, outcome: Outcome) -> None:
    """Closes a handoff with its outcome, once.

    Raises:
        NotPossible: somebody has closed it meanwhile.
    """
    label = outcome.to_data()
    if not handoffs.close(session, row.id, ending, **label):
        raise NotPossible("closed", event)
    handoffs.append(session, row.id, event, agent, label)


def _still_there(knowledge: Knowledge, source: FactsSource, row: handoffs.Handoff) -> str | None:
    """The title of the first thing that still blocks the option, by the state as it is now."""
    try:
        facts = source.snapshot(row.user, row.subject)
    except (UnknownCustomer, UnknownSubject):
        return None
    blocks = diagnose(facts, knowledge.causes.values()).blocks
    return blocks[0].cause.title if blocks else None


def say(
    session: Session,
    row: handoffs.Handoff,
    knowledge: Knowledge,
    phrase: Phrase,
    buttons: Sequence[Button] = (),
    role: conversations.Role = "bot",
    data: MessageData | None = None,
    **values: str,
) -> None:
    """Says a sentence to the customer, from outside of any turn."""
    text = knowledge.phrases.texts(phrase, **values)[0]
    made = [button.to_json() for button in buttons]
    told = data.to_data() if data is not None else None
    draft = conversations.MessageDraft(role=role, text=text, buttons=made, data=told, action=DESK_ACTION)
    conversations.append(session, row.conversation_id, [draft])
