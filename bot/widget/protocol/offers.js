/** What the customer may choose now, and which of it leads on. */

/** What asks for a person; the service takes it at any time. */
export const PERSON = "/request_human";

/** The types of messages whose first choice is the next step of the case; below others the choices are only suggestions. */
const LEADING = ["diagnosis", "step", "check", "waiting", "explained"];

/**
 * The newest message's choices come first; what earlier messages offer beside them can still be pressed, so it follows. A person stands last.
 * @param {Timeline} timeline
 * @returns {{buttons: Button[], primary: Button | undefined}}
 */
export function offers(timeline) {
  const [newest, ...earlier] = timeline.messages.slice(timeline.latestOwn).filter((each) => each.role === "bot" && each.buttons.length).reverse();
  const buttons = newest?.buttons.slice() ?? [];
  for (const button of earlier.flatMap((each) => each.buttons)) if (!buttons.some(({ payload }) => payload === button.payload)) buttons.push(button);
  const person = (/** @type {Button} */ { payload }) => payload === PERSON;
  return { buttons: [...buttons.filter((each) => !person(each)), ...buttons.filter(person)], primary: newest && primary(newest, timeline) };
}

/** @param {Message} message @param {Timeline} timeline */
function primary(message, timeline) {
  let source = message;
  // An answer repeats the choices of the answer before it, and only the first of them those of the step.
  while (source.choices_of && source.choices_of < source.seq) source = timeline.messages[source.choices_of - 1];
  if (source.data && !LEADING.includes(source.data.type)) return undefined;
  const first = source.buttons.find(({ payload }) => payload !== PERSON);
  return first && message.buttons.find(({ title, payload }) => title === first.title && payload === first.payload);
}
