/** The conversation as it is known here: each message once, in order, and nothing shown beyond a gap. */

export class Timeline {
  /** @type {Message[]} without a gap: the message of seq n stands at n - 1 */
  messages = [];
  /** The seq of the customer's latest message. */
  latestOwn = 0;
  /** Who has the case: of what the assistant offered only that can be chosen which fits it. @type {Standing["stage"]} */
  stage = "bot";
  /** Whether that was heard yet. */
  stood = false;
  /** @type {Map<number, Message>} messages that came before their predecessors */
  #early = new Map();

  /** The seq up to which everything is known. */
  get through() {
    return this.messages.length;
  }

  /** Whether something is known to be missing. */
  get gap() {
    return this.#early.size > 0;
  }

  /**
   * @param {Message[]} received in any order, known ones among them
   * @returns {Message[]} those that can be shown now for the first time
   */
  absorb(received) {
    const known = this.through;
    for (const message of received) if (message.seq > known) this.#early.set(message.seq, message);
    for (let next; (next = this.#early.get(this.through + 1)); ) {
      this.#early.delete(next.seq);
      this.messages.push(next);
      if (next.role === "user") this.latestOwn = next.seq;
    }
    return this.messages.slice(known);
  }

  /** What the customer said next. @param {Message} message @returns {Message | undefined} */
  answerTo(message) {
    return this.messages.slice(message.seq).find((each) => each.role === "user");
  }

  /** What others wrote that was read neither here nor, as what the customer said after it shows, elsewhere. @param {number} seq of the last message read here; 0 if none */
  firstUnread(seq) {
    return seq ? this.messages.slice(Math.max(seq, this.latestOwn)).find((each) => each.role !== "user") : undefined;
  }

  /** The message with which the case has ended, while nothing was said after it that goes on. @returns {Message | undefined} */
  get end() {
    const last = this.messages.findLast(({ role, data }) => data || role === "user" || role === "agent");
    return last && ends(last) ? last : undefined;
  }

  /** How many messages of others come after a seq. @param {number} seq */
  unread(seq) {
    return this.messages.slice(seq).filter((each) => each.role !== "user").length;
  }
}

/**
 * Whether a case has come to its end, by the type of data with which it can.
 * @type {{ [T in EndType]: (data: Extract<MessageData, { type: T }>) => boolean }}
 */
const ENDED = {
  resolved: () => true,
  ended: () => true,
  // A person was only called; the case ends when they close it.
  handoff: () => false,
  waiting: ({ subscribed, startable }) => subscribed && !startable,
  // Old messages do not say whether there was something left to begin with, so they end nothing.
  explained: ({ startable }) => startable === false,
};

/** Whether a case has come to its end with this message, so that it can be rated. @param {Message} message */
export function ends({ role, data }) {
  if (role !== "bot" || !data) return false;
  const ended = /** @type {Record<string, ((data: any) => boolean) | undefined>} */ (ENDED)[data.type];
  return ended !== undefined && ended(data);
}

/** Whether somebody who looks elsewhere should be told: a person writes, or what was waited for is over. @param {Message} message */
export const calls = ({ role, data }) => role === "agent" || (role === "bot" && data?.type === "check" && data.passed);
