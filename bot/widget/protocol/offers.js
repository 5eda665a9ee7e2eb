/** What the customer may choose now, and which of it leads on. */

/** What asks for a person; the service takes it at any time. */
export const PERSON = "/request_human";

/** The payload of the button that stands on every diagnosis of an order or bill of which the customer has another one. */
export const ANOTHER = '/about_case{"topic": "correct_subject"}';

/** The types of messages whose first choice is the next step of the case; below others the choices are only suggestions. */
const LEADING = ["diagnosis", "step", "check", "waiting", "explained"];

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
 * The newest message's choices come first; what earlier messages offer beside them can still be pressed, so it follows. A person stands last.
 * @param {Timeline} timeline
 * @returns {{buttons: Button[], primary: Button | undefined}}
 */
export function offers(timeline) {
  // What the assistant offered before a person came would be chosen past them.
  if (timeline.withPerson) return { buttons: [], primary: undefined };
  const said = timeline.messages.slice(timeline.latestOwn).filter((each) => each.role === "bot" && outside(each).length);
  const [newest, ...earlier] = said.reverse();
  const buttons = newest ? outside(newest) : [];
  for (const button of earlier.flatMap(outside)) if (!buttons.some(({ payload }) => payload === button.payload)) buttons.push(button);
  const person = (/** @type {Button} */ { payload }) => payload === PERSON;
  return { buttons: [...buttons.filter((each) => !person(each)), ...buttons.filter(person)], primary: newest && primary(newest, timeline) };
}

/** @param {Message} message @param {Timeline} timeline */
function primary(message, timeline) {
  let source = message;
  // An answer repeats the choices of the answer before it, and only the first of them those of the step.
  while (source.choices_of && source.choices_of < source.seq) source = timeline.messages[source.choices_of - 1];
  if (source.data && !LEADING.includes(source.data.type)) return undefined;
  const first = outside(source).find(({ payload }) => payload !== PERSON);
  return first && message.buttons.find(({ title, payload }) => title === first.title && payload === first.payload);
}
