/** The card of the case above the log: one line that says how far it is, and behind it the list of what there is to do. */

import { caseOf, toDo } from "../protocol/case.js";
import { fill } from "../texts.js";
import { el, icon } from "./dom.js";
import { readable } from "./facts.js";

/** Milliseconds after which what was solved is not worth a line any more. */
const NEWS = 12 * 3600 * 1000;
const NARROW = matchMedia("(max-width: 559px), (max-height: 479px)");

/** @typedef {import("../protocol/case.js").Case} Case */

const MARKS = { open: "ring", doing: "right", done: "check", waiting: "clock", stuck: "warn", limit: "warn" };

export class CaseCard {
  /** @type {Case | null} */ #case = null;
  #shown = "";
  #said = 0;
  /** @type {Map<number, (told: boolean) => void>} messages that are shorter while the card tells the rest */
  #told = new Map();

  /** @param {Tools} tools @param {Conversation} conversation */
  constructor(tools, conversation) {
    this.tools = tools;
    this.conversation = conversation;
    this.line = el("span.grow.standing");
    this.toggle = el("summary.row.head.toggle", {}, icon("list"), this.line, icon("unfold"));
    this.list = el("ul.stack.causes", { tabindex: "0", "aria-label": tools.texts.caseList });
    this.node = el("details.case", { part: "case", hidden: true }, this.toggle, this.list);
  }

  /** Opens the list for whoever comes from a message. */
  open() {
    this.node.open = true;
    this.toggle.focus({ preventScroll: true });
  }

  /**
   * Tells a message whether the card tells what it would repeat, now and whenever that changes.
   * @param {number} seq of the message @param {(told: boolean) => void} show
   */
  watch(seq, show) {
    this.#told.set(seq, show);
    show(this.#tells(seq));
  }

  /** Shows the case as the messages tell it now. */
  update() {
    const { timeline, standing, stood } = this.conversation;
    const found = caseOf(timeline.messages);
    // The wish for a person can be taken back, and a person's case ended, without a word that machines understand.
    if (found && stood && standing.stage === "bot") found.person = "";
    const over = found && (found.solved || found.left);
    const now = over && Date.now() - Date.parse(found.at) > NEWS ? null : found;
    const { words } = this.tools;
    // Without names there is nothing to list, and the messages say everything themselves.
    if (now && !words) return void this.tools.labels().then((labels) => this.#named(labels), () => {});
    if (this.#said !== timeline.latestOwn && NARROW.matches) this.node.open = false;
    this.#said = timeline.latestOwn;
    const shown = JSON.stringify([now, now?.told]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#case = now;
    this.node.hidden = !now;
    if (now && words) this.#build(now, words);
    for (const [seq, show] of this.#told) show(this.#tells(seq));
  }

  /** @param {Labels} labels */
  #named(labels) {
    this.tools.words = labels;
    this.update();
  }

  /** @param {number} seq */
  #tells(seq) {
    return !!this.#case?.told.includes(seq);
  }

  /** @param {Case} now @param {Labels} words */
  #build(now, words) {
    const { texts } = this.tools;
    this.toggle.classList.toggle("good", now.solved && !toDo(now).limits);
    this.line.textContent = inALine(now, words, texts);
    this.list.replaceChildren(...now.items.map((item) => this.#item(item, words)));
  }

  /** @param {Case["items"][number]} item @param {Labels} words */
  #item({ id, stand, by, shown, step, steps }, words) {
    const { texts } = this.tools;
    const named = words.causes[id];
    const fixer = by ?? named?.changed_by;
    const over = stand === "done";
    const facts = over ? [] : readable(shown, words.facts, this.tools);
    const at = stand === "doing" && fill(texts.step, { step, steps });
    return el(
      "li.box.cause",
      {},
      el(`p.row.head${over ? ".good" : ""}`, {}, icon(MARKS[stand]), el("span.cause-title", {}, named?.title ?? id), el("span.tag", {}, texts.stands[stand])),
      !over && el("p.quiet", {}, [named?.needs, fixer && texts.fixers[fixer], at].filter(Boolean).join(" · ")),
      facts.length > 0 && el("dl.wrap", { "aria-label": texts.evidence }, ...facts.map(([name, value]) => el("div.row", {}, el("dt.quiet", {}, name), el("dd", {}, value)))),
    );
  }
}

/** @param {Case} now @param {Labels} words @param {Texts} texts */
function inALine(now, words, texts) {
  const { count, limits, done, next } = toDo(now);
  if (!limits && (now.solved || (done && !next))) return fill(texts.caseSolved, { count });
  const rest = now.person ? texts.handoff : now.left ? texts.personLeft : next && fill(texts.caseNow, { needs: words.causes[next.id]?.needs ?? "" });
  const counted = limits ? texts.caseLimits : texts.caseCount;
  return [fill(counted, { count }), done > 0 && fill(texts.caseDone, { count: done }), rest].filter(Boolean).join(" · ");
}
