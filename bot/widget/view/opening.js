/** What stands in the chat before the customer has said anything: what is known already, the next step, and what they may want to ask. */

import { el } from "./dom.js";

/** A conversation that has rested for longer is taken up anew. */
const REST = 5 * 60 * 1000;

export class Opening {
  node = el("section.card.stack.opening", { part: "opening", hidden: true });
  #entered = false;
  /** The number of messages at which it is shown; nothing if there is no need of it. */
  #at = -1;
  #asked = 0;
  #shown = "";
  /** The incidents that were known when it was looked up. */
  #notices = "";

  /** @param {Texts} texts @param {Conversation} conversation @param {(text: string) => void} say */
  constructor(texts, conversation, say) {
    this.texts = texts;
    this.conversation = conversation;
    this.say = say;
    this.node.setAttribute("aria-label", texts.opening);
  }

  /** The customer has opened the chat. */
  enter() {
    this.#entered = false;
    this.update();
  }

  /** Gives way as soon as something is said. */
  update() {
    const { timeline, outbox, loaded } = this.conversation;
    if (!loaded) return;
    if (!this.#entered) {
      this.#entered = true;
      const rested = Date.now() - Date.parse(timeline.messages.at(-1)?.at ?? "1970-01-01") > REST;
      this.#at = rested ? timeline.through : -1;
      this.node.hidden = true;
      this.node.replaceChildren();
      if (rested) this.#ask();
    } else if (!this.node.hidden && this.#notices !== JSON.stringify(this.conversation.notices)) this.#ask();
    this.node.hidden = !this.node.hasChildNodes() || this.#at !== timeline.through || outbox.items.length > 0;
  }

  /** Looks it up anew for whoever comes back to it: they may have put something right meanwhile. */
  renew() {
    if (!this.node.hidden) this.#ask();
  }

  /** Without an answer the chat opens as it is, and what is known stays. */
  async #ask() {
    const asked = (this.#asked += 1);
    this.#notices = JSON.stringify(this.conversation.notices);
    const found = await this.conversation.opening().catch(() => null);
    if (!found || asked !== this.#asked || found.stands === "person") return;
    const shown = JSON.stringify(found);
    if (shown === this.#shown && this.node.hasChildNodes()) return;
    this.#shown = shown;
    const focused = this.node.matches(":focus-within");
    this.node.replaceChildren(...this.#inside(found));
    if (focused) this.node.querySelector("button")?.focus({ preventScroll: true });
    this.update();
  }

  /** @param {FirstScreen} found @returns {HTMLElement[]} */
  #inside({ text, start, progress, questions }) {
    const step = progress?.go_on ?? start;
    const button = (/** @type {string} */ look, /** @type {{title: string, text: string}} */ { title, text: said }) =>
      el(`button.button.${look}`, { type: "button", onclick: () => this.say(said) }, title);
    return [
      el("p", {}, text),
      ...(progress ? [el("p.head", {}, progress.text)] : []),
      ...(step ? [button("primary", step)] : []),
      ...(questions.length ? [el("p.quiet", {}, this.texts.likely), el("div.wrap.likely", {}, ...questions.map((each) => button("small", { title: each.text, text: each.text })))] : []),
    ];
  }
}
