/** The case as the messages tell it: what is to be done, how far it is, and who can do something. Nothing is read from texts. */

/**
 * @typedef {"open" | "doing" | "done" | "waiting" | "stuck" | "limit"} Stand what has become of a cause; stuck: not the customer's to change
 * @typedef {{id: string, stand: Stand, by?: ExplainedData["fixed_by"], shown: ShownData[], step: number, steps: number}} Item
 * @typedef {object} Case
 * @property {string} subject what it is about
 * @property {number[]} told the seq of the messages that told it
 * @property {Item[]} items in the order in which they must be fixed
 * @property {boolean} solved
 * @property {string} person the number under which a person has it, or nothing
 * @property {boolean} left whether a person had it and has ended their part
 * @property {string} at of the last message that said something of it
 */

/**
 * What is under way, or has just been solved. A diagnosis of another subject begins anew; being asked which order is meant ends what was about another.
 * @param {Message[]} messages
 * @returns {Case | null}
 */
export function caseOf(messages) {
  /** @type {Case | null} */ let now = null;
  for (const message of messages) {
    const { role, data } = message;
    if (role !== "bot" || !data) continue;
    const known = /** @type {Case | null} */ (now);
    if (data.type === "diagnosis") now = diagnosed(known, message.seq, data);
    // Whoever sees the option has nothing left to do, whatever was found.
    else if (data.type === "ended" && data.by === "customer" && !known?.solved) now = null;
    else if (data.type === "clarify" && data.choices.some(({ payload }) => payload.includes('"order"'))) now = null;
    else if (known) follow(known, data);
    if (now) now.at = message.at;
  }
  return now?.items.length ? now : null;
}

/** @param {Case | null} before @param {number} seq @param {DiagnosisData} data @returns {Case} */
function diagnosed(before, seq, { order, bill, causes, findings }) {
  const subject = `${order ?? ""}/${bill ?? ""}`;
  const same = before && before.subject === subject && !before.solved ? before : null;
  const items = causes.map(({ id, kind, evidence }) => {
    const known = same?.items.find((item) => item.id === id && item.stand !== "done");
    const found = findings?.find(({ cause }) => cause === id);
    const fresh = { id, stand: /** @type {Stand} */ (kind === "limit" ? "limit" : "open"), step: 0, steps: 0 };
    return { ...fresh, ...known, by: found?.by, shown: found?.shown ?? evidence };
  });
  // What is not found any more has been done; it stays on the list, so that it can be seen how far the case is.
  const gone = same?.items.filter(({ id, stand }) => stand !== "limit" && !items.some((item) => item.id === id)) ?? [];
  const done = gone.map((item) => ({ ...item, stand: /** @type {Stand} */ ("done") }));
  return { subject, told: [...(same?.told ?? []), seq], items: [...done, ...items], solved: false, person: "", left: false, at: "" };
}

/** @param {Case} now @param {MessageData} data */
function follow(now, data) {
  const item = "cause" in data ? now.items.find(({ id }) => id === data.cause) : undefined;
  if (item || data.type === "resolved" || data.type === "handoff") now.left = false;
  if (data.type === "step" && item) {
    for (const other of now.items) if (other.stand === "doing") other.stand = "open";
    Object.assign(item, { stand: "doing", step: data.step, steps: data.steps });
    now.person = "";
  } else if (data.type === "check" && item) item.stand = data.passed ? "done" : item.stand;
  else if (data.type === "waiting" && item) item.stand = "waiting";
  else if (data.type === "explained" && item) item.stand = item.stand === "limit" ? "limit" : "stuck";
  else if (data.type === "handoff") now.person = data.handoff_id;
  else if (data.type === "ended") Object.assign(now, { person: "", left: data.by === "person" });
  else if (data.type === "resolved") {
    now.solved = true;
    now.person = "";
    for (const each of now.items) if (each.stand !== "limit") each.stand = "done";
  }
}

/** What is to be counted and done: limits, with which nothing can be done, only where nothing else was found. @param {Case} found */
export function toDo({ items }) {
  const blocks = items.filter(({ stand }) => stand !== "limit");
  const count = blocks.length || items.length;
  const done = blocks.filter(({ stand }) => stand === "done").length;
  return { count, limits: !blocks.length, done, next: blocks.find(({ stand }) => stand === "doing") ?? blocks.find(({ stand }) => stand !== "done") };
}
