/** What the customer may choose now, and which of it leads on. */

/** What asks for a person; the service takes it at any time. */
export const PERSON = "/request_human";

/** The payload of the button that stands on every diagnosis of an order or bill of which the customer has another one. */
export const ANOTHER = '/about_case{"topic": "correct_subject"}';

/** What asks to be told once it is over. */
const NOTICE = '/affirm{"topic": "wait_for_notice"}';

/** What whoever was told that nobody has come may choose, as long as they wait. */
const WHILE_LATE = ["handoff_wait", "handoff_message", "handoff_go_on"].map((topic) => `/affirm{"topic": "${topic}"}`);

/** The types of messages whose first choice is the next step of the case; below others the choices are only suggestions. */
const LEADING = ["diagnosis", "step", "check", "waiting", "explained"];

/** The types of messages whose choices are about something else than the case. */
const ASIDE = ["answer", "plans", "clarify", "out_of_scope"];

/** What takes back the wish for a person; it stands with the place in the queue. */
export const NO_PERSON = '/about_case{"topic": "cancel_person"}';

/** The buttons that stand in the message's own card and not among the choices. @param {Message} message @returns {Button[]} */
export function inCard({ role, data, buttons }) {
  if (role !== "bot") return [];
  if (data?.type === "clarify") return data.choices.filter(({ order, bill }) => order ?? bill);
  return data?.type === "diagnosis" ? buttons.filter(({ payload }) => payload === ANOTHER) : [];
}

/** @param {Message} message */
function outside(message) {
  const own = inCard(message);
  return message.buttons.filter(({ payload }) => !own.some((each) => each.payload === payload));
}

/**
 * The messages whose choices still fit, the newest first: what was offered about the case goes when the case moves on without the customer, and all of it
 * when something is solved or a person has spoken.
 * @param {Timeline} timeline
 */
export function standing(timeline) {
  /** @type {Message[]} */ const found = [];
  let moved = false;
  let solved = false;
  for (const message of timeline.messages.slice(timeline.latestOwn).reverse()) {
    if (message.role === "agent") break;
    if (message.role !== "bot") continue;
    const offers = outside(message).length > 0;
    const aside = ASIDE.includes(message.data?.type ?? "") && !message.choices_of;
    if (offers && !solved && (aside || !moved)) found.push(message);
    moved ||= moves(message, offers);
    solved ||= message.data?.type === "check" && message.data.passed;
  }
  return found;
}

/** Whether the case stands elsewhere after a message: a failed check leaves it where it was, and words without choices say only something of it. @param {Message} message @param {boolean} offers */
const moves = ({ data }, offers) => (data ? (data.type === "check" ? data.passed : !ASIDE.includes(data.type) && data.type !== "picture") : offers);

/**
 * The newest message's choices come first; what earlier messages offer beside them can still be pressed, so it follows. A person stands last, unless a person is what is
 * offered.
 * @param {Timeline} timeline
 * @param {ServiceNotice[]} [notices]
 * @returns {{buttons: Button[], primary: Button | undefined}}
 */
export function offers(timeline, notices = []) {
  // What the assistant offered before a person came would be chosen past them.
  if (timeline.stage === "person") return { buttons: [], primary: undefined };
  const [newest, ...earlier] = standing(timeline);
  const buttons = newest ? outside(newest) : [];
  for (const button of earlier.flatMap(outside)) if (!buttons.some(({ payload }) => payload === button.payload)) buttons.push(button);
  const person = (/** @type {Button} */ { payload }) => payload === PERSON;
  // Whoever waits for a person has asked already; where they stand and the way back are said above the messages.
  const wanted = timeline.stage === "bot" ? buttons.filter(person) : [];
  // Until it is heard who has the case, what was offered is believed.
  const late = !timeline.stood || timeline.stage === "offered" || timeline.stage === "waiting";
  const over = [PERSON, ...(timeline.stage === "bot" ? [] : [NO_PERSON]), ...(late ? [] : WHILE_LATE), ...(isToldOf(timeline, notices) ? [NOTICE] : [])];
  const others = buttons.filter(({ payload }) => !over.includes(payload));
  const first = newest && asksForPerson(newest) && wanted.length > 0;
  const leads = newest && primary(newest, timeline);
  return { buttons: first ? [...wanted, ...others] : [...others, ...wanted], primary: first ? wanted[0] : others.find((each) => each === leads) };
}

/** Whether a message offers a person before anything else. @param {Message} message */
const asksForPerson = ({ data, buttons }) => !data && buttons.length > 1 && buttons[0].payload === PERSON;

/** Whether the customer will be told of the end of what is waited for, because they asked for it above the messages. @param {Timeline} timeline @param {ServiceNotice[]} notices */
function isToldOf({ messages }, notices) {
  const last = (/** @type {MessageData["type"]} */ type) => /** @type {any} */ (messages.findLast(({ data }) => data?.type === type)?.data);
  const found = last("diagnosis")?.causes.find((/** @type {CauseData} */ { id }) => id === last("waiting")?.cause);
  return notices.some(({ id, subscribed }) => subscribed && found?.evidence.some((/** @type {EvidenceData} */ { fact }) => fact.includes(`[${id}]`)));
}

/** @param {Message} message @param {Timeline} timeline */
function primary(message, timeline) {
  let source = message;
  // An answer repeats the choices of the answer before it, and only the first of them those of the step; a step that comes again has its own.
  while (source.data?.type !== "step" && source.choices_of && source.choices_of < source.seq) source = timeline.messages[source.choices_of - 1];
  if (source.data && (!LEADING.includes(source.data.type) || (source.data.type === "waiting" && source.data.subscribed && !source.data.startable))) return undefined;
  const first = outside(source).find(({ payload }) => payload !== PERSON);
  // By its title: what is sent may say of which step it is.
  return first && message.buttons.find(({ title }) => title === first.title);
}
