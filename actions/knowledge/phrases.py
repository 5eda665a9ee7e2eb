"""The assistant's own sentences: which there are, and what each may be told.

Code names a sentence by a constant of this module, so that a sentence that is missing, misspelt or left over, and a placeholder nobody
fills, are refused when the folder is loaded and not noticed by a customer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from actions.core.causes import CauseKind, FixedBy
from actions.core.moves import OfferReason
from actions.core.subject import SubjectKind


@dataclass(frozen=True)
class Phrase:
    """A sentence the code says.

    Attributes:
        id: its key in the files.
        placeholders: what is given whenever it is said; its variants may hold these and no others.
    """

    id: str
    placeholders: tuple[str, ...] = ()


PHRASES: dict[str, Phrase] = {}
"""Every sentence by its id."""


def _phrase(phrase_id: str, *placeholders: str) -> Phrase:
    PHRASES[phrase_id] = Phrase(phrase_id, placeholders)
    return PHRASES[phrase_id]


def _family(stem: str, members: Sequence[str], *placeholders: str) -> dict[str, Phrase]:
    return {member: _phrase(f"{stem}.{member}", *placeholders) for member in members}


AGAIN = _phrase("again")

# --- small talk ------------------------------------------------------------------------------------------------------------------------

ROBOT_OPENING = _phrase("opening.robot")
GREETING = _phrase("greeting")
WELCOME_BACK = _phrase("welcome_back")
MENU = _phrase("menu")
START_OVER = _phrase("start_over")
ROBOT = _phrase("robot")
THANKS = _phrase("thanks")
GOODBYE = _phrase("goodbye")
GOODBYE_UNFINISHED = _phrase("goodbye.unfinished")
ANYTHING_ELSE = _phrase("anything_else")
CALM = _phrase("calm")
CALM_QUEUED = _phrase("calm.queued")
MASKED = _phrase("masked")
CLARIFY = _phrase("clarify")
CLARIFY_IN_CASE = _phrase("clarify.in_case")
CLARIFY_OR_PERSON = _phrase("clarify.or_person")
UNKNOWN_CUSTOMER = _phrase("unknown_customer")

# --- the first screen ------------------------------------------------------------------------------------------------------------------

OPENING_BLOCKED = _family("opening.blocked", get_args(SubjectKind), "count", "titles")
OPENING_LIMITED = _family("opening.limited", ("order", "bill"), "count", "titles")
OPENING_CLEAR = _family("opening.clear", ("order", "bill"))
OPENING_UNKNOWN = _phrase("opening.unknown")
OPENING_PROGRESS = _phrase("opening.progress", "step", "steps", "needs")
OPENING_START = _phrase("opening.start", "needs")
OPENING_TITLES = _family("opening", ("explain", "look", "missing", "ask", "go_on"))
OPENING_SAYS = _family("opening.says", ("missing", "missing_bill", "tenors", "back"))

# --- the case --------------------------------------------------------------------------------------------------------------------------

DECLINED = _phrase("declined")
DECLINED_IN_QUEUE = _phrase("declined_in_queue")
PAUSED = _phrase("paused")
PAUSED_AT = _phrase("paused.at", "summary")
FIRST_THIS = _phrase("first_this", "title")
RESUMED = _phrase("resumed", "summary")
WILL_WAIT = _phrase("will_wait", "button")
WILL_WAIT_SUBSCRIBED = _phrase("will_wait.subscribed")
NOTICE_NONE = _phrase("notice.none", "title")
WILL_DO_ALONE = _phrase("will_do.alone")
WILL_DO_RESOLVED = _phrase("will_do.resolved")
THREAD_CALM = _phrase("thread.calm")
THREAD_UNCLEAR = _phrase("thread.unclear", "title")
THREAD_REWORDED = _phrase("thread.reworded")
THREAD_PLACE = _phrase("thread.place", "path")
WILL_DO = _phrase("will_do")
WILL_DO_AT = _phrase("will_do.at", "summary")
MENUS_DIFFER = _phrase("menus_differ", "hint")
GIVEN_UP = _phrase("given_up")
GIVEN_UP_NOTICE = _phrase("given_up.notice")
ALSO_BLOCKED = _phrase("also_blocked", "title")
ON_ITS_WAY = _phrase("on_its_way", "pending", "missing")
ANNOUNCED = _family("announced", ("min_amount", "max_amount", "bill_min_amount", "other"), "begins", "before", "after", "notice")
DAY_UNKNOWN = _phrase("day_unknown", "day")
DAY_NAMED = _family("day_named", ("before", "on", "behind"), "day", "until")
ONE_SOLVED = _phrase("one_solved", "title", "left")
ONLY_CAUSE = _phrase("only_cause", "title")
OTHER_CAUSES = _phrase("other_causes", "title")
NOTHING_FOUND_STILL = _phrase("nothing_found_still")
NOT_ON_RECORD = _phrase("not_on_record")
ASK_ORDER = _phrase("ask_order")
ASK_ORDER_NEITHER = _phrase("ask_order.neither")
ASK_ORDER_TOLD = _phrase("ask_order.told")
ORDER_BLOCKED = _phrase("order.blocked", "subject", "summary")
ORDER_BLOCKED_MORE = _phrase("order.blocked_more", "subject", "summary", "count")
ORDER_CLEAR = _phrase("order.clear", "subject")
ASK_SUBJECT = _phrase("ask_subject")
ASK_ORDER_NONE = _phrase("ask_order.none")
ASK_ORDER_ONLY = _phrase("ask_order.only", "subject")
SUBJECT_ORDER = _phrase("subject.order", "item", "amount")
SUBJECT_ORDER_OF_SEVERAL = _phrase("subject.order_of_several", "item", "count", "amount")
SUBJECT_EMPTY_ORDER = _phrase("subject.empty_order")
SUBJECT_BILL = _phrase("subject.bill", "month")
SUBJECT_ACCOUNT = _phrase("subject.account")
DIAGNOSIS_FOUND = _phrase("diagnosis.found", "subject")
DIAGNOSIS_BESIDE = _phrase("diagnosis.beside")
DIAGNOSIS_AGAIN = _phrase("diagnosis.again")
DIAGNOSIS_LED = _phrase("diagnosis.led")
DIAGNOSIS_SEVERAL = _phrase("diagnosis.several", "owners")
NOT_ENOUGH = _family("diagnosis.not_enough", ("own", "fixed"), "title", "others")
DIAGNOSIS_SEVERAL_ALIKE = _phrase("diagnosis.several_alike", "owners")
DIAGNOSIS_OWNERS = _family("owners", get_args(FixedBy))
_YES_OR_NO = ("own_guess", "related")
DIAGNOSIS_GUESSED = _family("diagnosis.guessed", _YES_OR_NO)
DIAGNOSIS_GUESSED_ONE = _family("diagnosis.guessed_one", _YES_OR_NO)
DIAGNOSIS_NOT_GUESSED = _family("diagnosis.not_guessed", _YES_OR_NO)
DIAGNOSIS_GUESS_UNSEEN = _phrase("diagnosis.guess_unseen")
DIAGNOSIS_LIMITED = _phrase("diagnosis.limited", "subject")
DIAGNOSIS_NOTHING = _family("diagnosis.nothing", get_args(SubjectKind), "subject")
DIAGNOSIS_CONTRADICTED = _phrase("diagnosis.contradicted", "claim")
DIAGNOSIS_NAMED = _family("diagnosis.named", get_args(CauseKind), "count", "titles")
DIAGNOSIS_OTHERS = _phrase("diagnosis.others")
DIAGNOSIS_OTHER = _phrase("diagnosis.other", "summary")
SAME_SUBJECT = _phrase("same_subject", "subject")
ONE_MORE = _phrase("diagnosis.one_more", "summary")
OFFER_START = _phrase("offer_start")
EXPLAINED_CHOICES = _phrase("explained.choices")
EXPLAINED_STARTABLE = _phrase("explained.startable")
STEP_FIRST = _phrase("step.first", "number", "count", "text")
STEP_FIRST_ONLY = _phrase("step.first_only", "text")
STEP_TOLD = _phrase("step.told")
STEP_AGAIN = _phrase("step.again", "number", "count", "text")
STEP_AGAIN_ONLY = _phrase("step.again_only", "text")
STEP_STANDS = _phrase("step.stands")
PUT_ASIDE = _phrase("put_aside")
STEP_CHECKED = _phrase("step.checked", "number", "count", "text")
STEP_CHECKED_ONLY = _phrase("step.checked_only", "text")
STEP_PATH = _phrase("step.path", "path")
CHECK_PASSED = _phrase("check.passed", "title")
CHECK_PASSED_MORE = _phrase("check.passed_more", "title", "count")
CHECK_UNCHANGED = _phrase("check.unchanged", "title")
CHECK_FAILED = _phrase("check.failed", "summary")
CONFIRM = _phrase("confirm")
CONFIRMED = _phrase("confirmed")
RESOLVED = _family("resolved", get_args(SubjectKind))
NOT_BLOCKED = _phrase("not_blocked", "subject")
WAITING_OFFER = _phrase("waiting.offer")
WAITING_SUBSCRIBED = _phrase("waiting.subscribed")
RECOVERED = _phrase("recovered", "title")
RECOVERED_DUE = _phrase("recovered.due", "title")
RECOVERED_FROM = _family("recovered", ("clear", "other", "late"), "subject", "left", "pay_before")
WITHDRAWN = _family("withdrawn", ("clear", "other", "late"), "subject", "left", "pay_before")
INCIDENT_ETA = _phrase("incident.eta", "eta")
INCIDENT_REACHES = _phrase("incident.reaches", "subject")

# --- plans -----------------------------------------------------------------------------------------------------------------------------

PLANS_HEAD = _phrase("plans.head", "amount")
PLANS_ROW = _phrase("plans.row", "tenor", "per_period", "fee", "total", "apr")
PLANS_FREE_ROW = _phrase("plans.free_row", "tenor", "per_period", "total", "apr")
PLANS_COSTS = _phrase("plans.costs", "tenor", "per_period", "fee")
PLANS_OF_TENOR = _phrase("plans.of_tenor", "tenor", "per_period", "fee", "total", "apr")
REFRESH_FIRST = _phrase("refresh_first")
PLANS_SHORTEST = _phrase("plans.shortest", "tenor", "per_period", "fee", "total", "apr")
PLANS_BETWEEN = _phrase("plans.between", "tenor", "per_period", "fee", "total", "apr")
PLANS_LONGEST = _phrase("plans.longest", "tenor", "per_period", "fee", "total", "apr")
PLANS_FIRST_DUE = _phrase("plans.first_due", "tenor", "per_period", "fee", "apr")
PLANS_FIRST_DUE_ANY = _phrase("plans.first_due_any")
PLANS_ONLY = _phrase("plans.only", "tenor", "per_period", "fee", "total", "apr")
PLANS_DIFFERENCE = _phrase(
    "plans.difference", "short", "long", "difference", "fee_short", "fee_long", "per_short", "per_long", "apr_short", "apr_long"
)
PLANS_CHEAPEST = _phrase(
    "plans.cheapest", "cheapest", "fee", "per_cheapest", "apr_cheapest", "lightest", "per_lightest", "fee_lightest", "apr_lightest"
)
PLANS_WORKED_OUT = _phrase("plans.worked_out", "amount", "tenor", "per_period", "fee", "total", "apr")
PLANS_WITHIN = _phrase("plans.within", "each", "tenor", "per_period", "fee", "total", "apr")
PLANS_ALL_ABOVE = _phrase("plans.all_above", "each", "tenor", "per_period", "fee", "total", "apr")
PLANS_BINDING = _phrase("plans.binding")
QUOTE_NOT_AN_OFFER = _phrase("quote.not_an_offer")
QUOTE_NO_SUCH_TENOR = _phrase("quote.no_such_tenor", "tenors")
QUOTE_NOT_OF_ORDER = _phrase("quote.not_of_order", "tenors")
QUOTE_NO_PLANS = _phrase("quote.no_plans")
QUOTE_OF_SEVERAL = _phrase("quote.of_several", "price", "quantity", "amount")
QUOTE_REST = _phrase("quote.rest", "whole", "paid", "amount")
QUOTE_PERIODS = _phrase("quote.periods", "each", "tenor", "total")
QUOTE_WHICH_AMOUNT = _phrase("quote.which_amount", "said")
QUOTE_NOTHING = _phrase("quote.nothing", "amount")

# --- people ----------------------------------------------------------------------------------------------------------------------------

OFFER_HANDOFF = _phrase("offer_handoff")
OFFER_HANDOFF_FOR = _family("offer_handoff", get_args(OfferReason))
HANDOFF_NUMBER = _phrase("handoff.number", "number")
NO_PERSON_CALLED = _phrase("no_person_called")
NO_PERSON_THEN = _phrase("no_person_then")
NOT_QUEUED = _phrase("not_queued")
QUEUE_STATUS = _phrase("queue_status", "number", "place")
QUEUE_END_UNKNOWN = _phrase("queue.end_unknown", "number", "place")
QUEUE_PLACE = _phrase("queue_place", "place")
HANDOFF_UNASKED = _phrase("handoff.unasked", "number")
HANDOFF_ALREADY = _phrase("handoff.already", "number", "place")
DESK_LATE = _phrase("desk.late", "number")
DESK_JOINED = _phrase("desk.joined")
DESK_TRANSFERRED = _phrase("desk.transferred")
DESK_MOVED = _phrase("desk.moved")
DESK_RELEASED = _phrase("desk.released")
DESK_RETURNED = _phrase("desk.returned")
DESK_RETURNED_STILL = _phrase("desk.returned.still", "title")
DESK_CLOSED = _phrase("desk.closed")
DESK_WAITING = _phrase("desk.waiting")
DESK_WRITE = _phrase("desk.write")
DESK_NOTED = _phrase("desk.noted")
DESK_GONE_ON = _phrase("desk.gone_on")
DESK_TAKEN_BACK = _phrase("desk.taken_back", "summary")
DESK_SOLVED = _phrase("desk.solved")
DESK_INCIDENT_OVER = _phrase("desk.incident_over", "subject")
DESK_NO_CHOICE = _phrase("desk.no_choice")
PUSH_DUE = _phrase("push.due")
PICTURE = _phrase("picture")
PICTURE_KEPT = _phrase("picture.kept")
PICTURE_QUEUED = _phrase("picture.queued")

# --- advice ----------------------------------------------------------------------------------------------------------------------------

ADVICE_STEP = _phrase("advice.step", "text")
ADVICE_STEP_AT = _phrase("advice.step_at", "text", "path")
ADVICE_TOLD = _phrase("advice.told", "told", "topic")
ADVICE_TOLD_END = _phrase("advice.told_end", "told", "topic")
ADVICE_ASK = _phrase("advice.ask")
ADVICE_GIVEN = _phrase("advice.given", "topic")
ADVICE_GIVEN_ALL = _phrase("advice.given_all")
ADVICE_WITHDRAWN = _phrase("advice.withdrawn", "topic")
ADVICE_WITHDRAWN_ALL = _phrase("advice.withdrawn_all")
ADVICE_SKIPPED = _phrase("advice.skipped")
ADVICE_WHEN = _phrase("advice.when")
ADVICE_WHEN_NONE = _phrase("advice.when_none")
ADVICE_MOVED = _phrase("advice.moved", "on")
ADVICE_GONE = _phrase("advice.gone")

# --- titles of buttons -----------------------------------------------------------------------------------------------------------------

BUTTON_PERSON = _phrase("button.person")
BUTTON_DONE = _phrase("button.done")
BUTTON_NOT_FOUND = _phrase("button.not_found")
BUTTON_NOT_POSSIBLE = _phrase("button.not_possible")
BUTTON_CHECK_AGAIN = _phrase("button.check_again")
BUTTON_START = _phrase("button.start")
BUTTON_NOTIFY = _phrase("button.notify")
BUTTON_CONTINUE = _phrase("button.continue")
BUTTON_VISIBLE = _phrase("button.visible")
BUTTON_STILL_MISSING = _phrase("button.still_missing")
BUTTON_NOT_NOW = _phrase("button.not_now")
BUTTON_NO_ORDER = _phrase("button.no_order")
BUTTON_NOT_THIS = _phrase("button.not_this")
BUTTON_BILL = _phrase("button.bill", "month", "bill")
BUTTON_MORE_SUBJECTS = _phrase("button.more_subjects")
BUTTON_MORE = _phrase("button.more")
BUTTON_ADVICE = _phrase("button.advice")
BUTTON_ADVICE_SKIP = _phrase("button.advice_skip")
BUTTON_ADVICE_OFF = _phrase("button.advice_off")
BUTTON_ADVICE_WHEN = _phrase("button.advice_when")
BUTTON_ADVICE_AT = _phrase("button.advice_at", "days")
BUTTON_CANCEL_PERSON = _phrase("button.cancel_person")
BUTTON_HANDOFF_WAIT = _phrase("button.handoff_wait")
BUTTON_HANDOFF_MESSAGE = _phrase("button.handoff_message")
BUTTON_HANDOFF_GO_ON = _phrase("button.handoff_go_on")
