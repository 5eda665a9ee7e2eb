/** The messages as people see them. Only the end of a long history is built; the rest follows as the reader scrolls up. */

import { inCard, PERSON, standing } from "../protocol/offers.js";
import { content } from "./cards.js";
import { el, icon } from "./dom.js";
import { feedback } from "./feedback.js";
import { outgoing } from "./outgoing.js";
import { picker } from "./picker.js";

const AT_FIRST = 40;
/** How many are built at once if more than that are unread. */
const AT_MOST = 200;
const MORE = 6;
/** Pixels above what is seen that are built before they are needed. */
const AHEAD = 900;
const NEAR_THE_END = 60;
const GAP = 10;
const TOGETHER = 3000;
const NEW_TIME_AFTER = 5 * 60 * 1000;

export class Log {
  /** Index of the first message that is built, and of the first that is not built yet at the end. */
  #from = 0;
  #to = 0;
  /** @type {Map<string, HTMLElement>} what is shown, by the message's id */
  #turns = new Map();
  /** @type {{message: Message, group: HTMLElement}[]} choices that can still be made, in the dock */
  #live = [];
  /** @type {HTMLElement | null} where what has come last begins */
  #newest = null;
  #marked = 0;
  /** @type {"newest" | "end" | null} what stays in view when something grows or comes; nothing while somebody reads further up */
  #holds = "newest";
  #placed = 0;
  #height = 0;
  #entered = false;

  /**
   * @param {Tools} tools
   * @param {Conversation} conversation
   * @param {{press: (button: Button) => void, edit: (text: string) => void, seen: () => number}} on `seen` is the number of the last message that was read
   */
  constructor(tools, conversation, on) {
    const { texts } = tools;
    this.tools = tools;
    this.conversation = conversation;
    this.on = on;
    this.first = el("p.row.box.warn.first", {}, icon("robot"), texts.first);
    this.list = el("div.list", {}, this.first);
    this.fresh = el("p.quiet.system", {}, texts.fresh);
    this.typing = el("p.card.row.bubble.typing", { hidden: true }, el("span.unseen", {}, texts.typing), el("i"), el("i"), el("i"));
    this.after = el("div.after");
    this.down = el("button.round.accent.down", { type: "button", hidden: true, "aria-label": texts.down, onclick: () => this.#toEnd() }, icon("down"));
    this.node = el(
      "div.grow.log",
      { part: "log", role: "log", "aria-label": texts.log, "aria-busy": "true", tabindex: "0", onscroll: () => this.#scrolled() },
      this.list,
      this.typing,
      this.after,
    );
    // A card may grow when names arrive, and the room shrinks with a keyboard or with more to choose from.
    const grown = new ResizeObserver(() => {
      const height = this.node.parentElement?.clientHeight;
      if (!height) return;
      // A keyboard pushes up what is read, as in other chats; what else grows below the messages only covers their end.
      if (!this.#holds && this.#height) this.node.scrollTop += this.#height - height;
      this.#height = height;
      this.#place();
      requestAnimationFrame(() => this.#offerEnd());
    });
    for (const each of [this.node, this.list, this.after]) grown.observe(each);
  }

  /** Begins where life is: at the first message that was not read yet, else at the end. */
  enter() {
    const { timeline } = this.conversation;
    const unread = timeline.firstUnread(this.on.seen());
    const turn = unread && this.#turns.get(unread.id);
    this.fresh.remove();
    if (turn && turn !== this.first.nextElementSibling) turn.before(this.fresh);
    this.#newest = this.fresh.isConnected ? this.fresh : turn || this.#firstUnsent;
    this.#marked = this.#newest ? Date.now() : 0;
    this.#follow();
  }

  /** Shows the conversation as it is now. */
  update() {
    const { timeline, outbox, loaded } = this.conversation;
    const known = this.list.lastElementChild;
    this.node.setAttribute("aria-busy", String(!loaded));
    const arrived = this.#add(timeline.messages);
    const sent = this.#send(outbox.items);
    this.#settle();
    this.typing.hidden = !outbox.busy;
    if (loaded && !this.#entered) {
      this.#entered = true;
      return this.enter();
    }
    const own = arrived || sent;
    const more = this.list.lastElementChild !== known;
    if (more) this.#mark(/** @type {HTMLElement | null} */ (known?.nextElementSibling ?? null), own);
    if (own || (more && this.#holds)) this.#follow();
    else this.#place();
  }

  #follow() {
    this.#holds = "newest";
    this.#place();
  }

  /** Shows the end, or the beginning of what has just come if both do not fit: people read from the top. */
  #place() {
    const { scrollHeight, clientHeight } = this.node;
    if (!this.#holds || !clientHeight) return;
    const begin = this.#holds === "newest" && this.#newest?.isConnected ? this.#newest.offsetTop - this.node.offsetTop - GAP : scrollHeight;
    this.node.scrollTop = this.#placed = Math.max(0, Math.min(scrollHeight - clientHeight, begin));
  }

  /** What comes in one go belongs together. @param {HTMLElement | null} turn @param {boolean} own */
  #mark(turn, own) {
    const now = Date.now();
    if (own || now - this.#marked > TOGETHER) this.#newest = turn;
    this.#marked = now;
  }

  /** Builds new messages at the end. @param {Message[]} messages @returns {boolean} whether the customer's own is among them */
  #add(messages) {
    if (!this.#to) this.#from = this.#to = this.#beginning(messages.length);
    let mine = false;
    for (; this.#to < messages.length; this.#to += 1) {
      const message = messages[this.#to];
      const sent = this.#turns.get(message.id);
      const turn = this.#turn(message, messages[this.#to - 1]);
      mine ||= message.role === "user" && !sent;
      if (sent && this.#newest === sent) this.#newest = turn;
      if (sent) sent.replaceWith(turn);
      else this.list.insertBefore(turn, this.#firstUnsent);
      this.#turns.set(message.id, turn);
    }
    this.first.hidden = this.#from > 0;
    return mine;
  }

  /** @param {number} length of the history @returns {number} the index of the first message to build */
  #beginning(length) {
    const unread = this.conversation.timeline.firstUnread(this.on.seen())?.seq ?? length;
    return Math.max(0, length - AT_MOST, Math.min(length - AT_FIRST, unread - MORE));
  }

  /** @returns {HTMLElement | null} */
  get #firstUnsent() {
    return this.list.querySelector(".unsent");
  }

  /** @param {Outgoing[]} items @returns {boolean} whether there is a new one */
  #send(items) {
    for (const old of this.list.querySelectorAll(".unsent")) if (!items.some((item) => item.id === old.dataset.id)) this.#drop(old);
    let added = false;
    for (const item of items) {
      const before = this.#turns.get(item.id);
      if (before?.dataset.state === item.state) continue;
      const turn = outgoing(item, this.tools.texts, this.conversation.outbox, this.on.edit);
      if (before && this.#newest === before) this.#newest = turn;
      if (before) before.replaceWith(turn);
      else this.list.append(turn);
      added ||= !before;
      this.#turns.set(item.id, turn);
    }
    return added;
  }

  /** @param {HTMLElement} turn */
  #drop(turn) {
    this.#turns.delete(turn.dataset.id ?? "");
    turn.remove();
  }

  /** What can be chosen no more goes as soon as something is said after it; rows of a card stay, with the chosen one marked. */
  #settle() {
    const { timeline, outbox } = this.conversation;
    const offered = standing(timeline);
    this.#live = this.#live.filter(({ message, group }) => {
      const answer = timeline.answerTo(message)?.text;
      const buttons = [...group.querySelectorAll("button")];
      for (const button of buttons) button.disabled = answer !== undefined || outbox.unsettled || outbox.busy;
      if (answer === undefined && (buttons.length || offered.includes(message))) return true;
      if (answer !== undefined && buttons.length) return this.#choose(buttons, answer);
      // The customer's own message says what was chosen.
      group.remove();
      return false;
    });
  }

  /** @param {HTMLButtonElement[]} buttons @param {string} answer */
  #choose(buttons, answer) {
    const chosen = buttons.find((button) => (button.dataset.title ?? button.textContent) === answer);
    chosen?.classList.add("chosen");
    chosen?.prepend(el("span.unseen", {}, this.tools.texts.chosen), icon("check"));
    return false;
  }

  #scrolled() {
    const { scrollTop } = this.node;
    if (Math.abs(scrollTop - this.#placed) > 1) this.#holds = this.#left < NEAR_THE_END ? "end" : null;
    this.#offerEnd();
    this.#reveal();
  }

  /** Pixels below what is seen. */
  get #left() {
    return this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight;
  }

  /** The way to the end stands beside the input: there it covers nothing, and what is read does not move when it comes and goes. */
  #offerEnd() {
    this.down.hidden = this.#left < NEAR_THE_END;
  }

  #toEnd() {
    this.#holds = "end";
    this.#place();
    this.node.focus({ preventScroll: true });
  }

  /** Builds earlier messages above the ones that are seen, and keeps those where they are. */
  #reveal() {
    const { messages } = this.conversation.timeline;
    if (this.node.scrollTop > AHEAD || !this.#from) return;
    const { scrollHeight, scrollTop } = this.node;
    const to = this.#from;
    this.#from = Math.max(0, to - MORE);
    const turns = messages.slice(this.#from, to).map((message, place) => this.#turn(message, messages[this.#from + place - 1]));
    this.first.after(...turns);
    this.first.hidden = this.#from > 0;
    this.#settle();
    this.node.scrollTop = this.#placed = scrollTop + this.node.scrollHeight - scrollHeight;
  }

  /** @param {Message} message @param {Message | undefined} previous */
  #turn(message, previous) {
    const { texts, format } = this.tools;
    const { role, at, buttons } = message;
    const pause = Date.parse(at) - Date.parse(previous?.at ?? "1970-01-01") > NEW_TIME_AFTER;
    const speaker = { user: texts.you, bot: texts.robot, agent: texts.agent, system: texts.system }[role];
    const own = inCard(message);
    // Whoever waits for a person is offered none.
    const waits = this.conversation.timeline.stage !== "bot";
    const below = buttons.filter(({ payload }) => !own.some((each) => each.payload === payload) && !(waits && payload === PERSON));
    const group = below.length > 0 && role === "bot" && this.#choices(message, below);
    const look = { user: ".card.primary", bot: ".card", agent: ".card", system: ".quiet" }[role];
    const inside = content(message, this.tools);
    if (own.length) inside.push(this.#live[this.#live.push({ message, group: picker(own, this.on.press, this.tools) }) - 1].group);
    return el(
      `div.turn.${role}`,
      { part: `message ${role}`, "data-seq": message.seq },
      pause && el("time.quiet.time", { datetime: at }, format.clock(at)),
      el(role === "agent" ? "p.row.head.good" : "p.unseen", {}, role === "agent" && icon("person"), speaker),
      el(`div${look}${inside.length > 1 ? ".wide" : ""}.stack.bubble`, { part: "bubble", "data-type": message.data?.type }, ...inside),
      group,
      feedback(message, texts, this.conversation),
    );
  }

  /** What can be chosen stands in the dock; here it is read out with its message. @param {Message} message @param {Button[]} buttons */
  #choices(message, buttons) {
    const group = el("ul.unseen", { "aria-label": this.tools.texts.choices }, ...buttons.map(({ title }) => el("li", {}, title)));
    this.#live.push({ message, group });
    return group;
  }
}
