/** The messages as people see them. Only the end of a long history is built; the rest follows as the reader scrolls up. */

import { content } from "./cards.js";
import { el, icon } from "./dom.js";
import { feedback } from "./feedback.js";
import { outgoing } from "./outgoing.js";
import { inCard, picker } from "./picker.js";

const AT_FIRST = 40;
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
  /** @type {{message: Message, group: HTMLElement}[]} buttons that can still be pressed */
  #live = [];
  /** @type {HTMLElement | null} where what has come last begins */
  #newest = null;
  #marked = 0;
  #followed = 0;

  /**
   * @param {Tools} tools
   * @param {Conversation} conversation
   * @param {{press: (button: Button) => void, edit: (text: string) => void}} on
   */
  constructor(tools, conversation, on) {
    const { texts } = tools;
    this.tools = tools;
    this.conversation = conversation;
    this.on = on;
    this.first = el("p.row.box.warn.first", {}, icon("robot"), texts.first);
    this.list = el("div.list", {}, this.first);
    this.typing = el("p.card.row.bubble.typing", { hidden: true }, el("span.unseen", {}, texts.typing), el("i"), el("i"), el("i"));
    this.after = el("div.after");
    this.down = el("button.card.round.accent.down", { type: "button", hidden: true, "aria-label": texts.down, onclick: () => this.#toEnd() }, icon("down"));
    this.node = el(
      "div.grow.log",
      { part: "log", role: "log", "aria-label": texts.log, "aria-busy": "true", tabindex: "0", onscroll: () => this.#scrolled() },
      this.list,
      this.typing,
      this.after,
      this.down,
    );
    // A card may grow when names arrive, and the room shrinks with a keyboard.
    let height = 0;
    const seen = new ResizeObserver(() => {
      this.#scrolled();
      if (this.node.clientHeight && (this.#follows || this.node.clientHeight !== height)) this.follow();
      height = this.node.clientHeight;
    });
    for (const each of [this.node, this.list, this.after]) seen.observe(each);
  }

  /** Shows the conversation as it is now. */
  update() {
    const { timeline, outbox, loaded } = this.conversation;
    const follows = this.#follows;
    const known = this.list.lastElementChild;
    this.node.setAttribute("aria-busy", String(!loaded));
    const arrived = this.#add(timeline.messages);
    const sent = this.#send(outbox.items);
    this.#settle();
    this.typing.hidden = !outbox.busy;
    const own = arrived || sent;
    if (this.list.lastElementChild !== known) this.#mark(known?.nextElementSibling ?? null, own);
    if (follows || own) this.follow();
  }

  /** Shows the end, or the beginning of what has just come if both do not fit: people read from the top. */
  follow() {
    const { scrollHeight, clientHeight } = this.node;
    const begin = this.#newest?.isConnected ? this.#newest.offsetTop - this.node.offsetTop - GAP : scrollHeight;
    this.node.scrollTop = this.#followed = Math.max(0, Math.min(scrollHeight - clientHeight, begin));
  }

  /** Whether the reader is where new messages appear, and not further up. */
  get #follows() {
    const { scrollHeight, scrollTop, clientHeight } = this.node;
    return scrollHeight - scrollTop - clientHeight < NEAR_THE_END || Math.abs(scrollTop - this.#followed) < GAP;
  }

  /** What comes in one go belongs together. @param {Element | null} turn @param {boolean} own */
  #mark(turn, own) {
    const now = Date.now();
    if (own || now - this.#marked > TOGETHER) this.#newest = /** @type {HTMLElement | null} */ (turn);
    this.#marked = now;
  }

  /** Builds new messages at the end. @param {Message[]} messages @returns {boolean} whether the customer's own is among them */
  #add(messages) {
    if (!this.#to) this.#from = this.#to = Math.max(0, messages.length - AT_FIRST);
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

  /** Buttons can be pressed until something is said after them. */
  #settle() {
    const { timeline, outbox } = this.conversation;
    this.#live = this.#live.filter(({ message, group }) => {
      const current = timeline.isCurrent(message);
      for (const button of group.querySelectorAll("button")) button.disabled = !current || outbox.unsettled;
      if (!current) this.#choose(message, group);
      return current;
    });
  }

  /** @param {Message} message @param {HTMLElement} group */
  #choose(message, group) {
    group.classList.add("stale");
    const answer = this.conversation.timeline.answerTo(message)?.text;
    const chosen = [...group.querySelectorAll("button")].find((button) => (button.dataset.title ?? button.textContent) === answer);
    chosen?.classList.add("chosen");
    chosen?.prepend(el("span.unseen", {}, this.tools.texts.chosen), icon("check"));
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.node;
    this.down.hidden = scrollHeight - scrollTop - clientHeight < NEAR_THE_END;
    this.#reveal();
  }

  #toEnd() {
    this.node.scrollTop = this.node.scrollHeight;
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
    this.node.scrollTop = scrollTop + this.node.scrollHeight - scrollHeight;
  }

  /** @param {Message} message @param {Message | undefined} previous */
  #turn(message, previous) {
    const { texts, format } = this.tools;
    const { role, at, buttons } = message;
    const pause = Date.parse(at) - Date.parse(previous?.at ?? "1970-01-01") > NEW_TIME_AFTER;
    const speaker = { user: texts.you, bot: texts.robot, agent: texts.agent, system: texts.system }[role];
    const own = inCard(message);
    const below = buttons.filter(({ payload }) => !own.some((each) => each.payload === payload));
    const group = below.length > 0 && role === "bot" && this.#choices(message, below);
    const look = { user: ".card.primary", bot: ".card", agent: ".card", system: ".quiet" }[role];
    const inside = content(message, this.tools);
    if (own.length) inside.push(this.#live[this.#live.push({ message, group: picker(own, this.on.press, this.tools) }) - 1].group);
    return el(
      `div.turn.${role}`,
      { part: `message ${role}`, "data-seq": message.seq },
      pause && el("time.quiet.time", { datetime: at }, format.moment(at)),
      el(role === "agent" ? "p.row.head.good" : "p.unseen", {}, role === "agent" && icon("person"), speaker),
      el(`div${look}${inside.length > 1 ? ".wide" : ""}.stack.bubble`, { part: "bubble", "data-type": message.data?.type }, ...inside),
      group,
      feedback(message, texts, this.conversation),
    );
  }

  /** @param {Message} message @param {Button[]} buttons */
  #choices(message, buttons) {
    const press = this.on.press;
    const group = el(
      "div.wrap.choices",
      { role: "group", "aria-label": this.tools.texts.choices },
      ...buttons.map((each) => el("button.row.button.choice", { part: "choice", type: "button", onclick: () => press(each) }, each.title)),
    );
    this.#live.push({ message, group });
    return group;
  }
}
