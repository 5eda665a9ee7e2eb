/** The head of the chat: whom the customer talks to, the way to a person, and, while one is awaited, the place in the queue and the way back. */

import { NO_PERSON, PERSON } from "../protocol/offers.js";
import { fill } from "../texts.js";
import { el, icon } from "./dom.js";

export class Header {
  #shown = "";

  /**
   * @param {Texts} texts
   * @param {Conversation} conversation
   * @param {{close: () => void, leave: () => void}} on `leave` puts the focus where the reader goes on
   */
  constructor(texts, conversation, on) {
    this.texts = texts;
    this.conversation = conversation;
    this.on = on;
    this.face = el("span.round.primary.face");
    this.title = el("h2", { id: "title", tabindex: "-1" });
    this.about = el("p.quiet.about");
    this.person = this.#asks({ part: "person" }, "button.button.small.person", texts.person, PERSON);
    this.back = this.#asks({ part: "cancel" }, "button.small.link", texts.cancelPerson, NO_PERSON);
    this.place = el("p", { role: "status" });
    this.queue = el("div.row.apart.box.warn.status", { part: "queue", hidden: true }, el("div.grow", {}, this.place, el("p.quiet", {}, texts.queueHelp)), this.back);
    this.node = el(
      "header.row.header",
      { part: "header" },
      this.face,
      el("div.grow", {}, this.title, this.about),
      el("slot", { name: "actions" }),
      this.person,
      el("button.round.quiet.close", { part: "close", type: "button", "aria-label": texts.close, onclick: on.close }, icon("close")),
    );
    this.update();
  }

  /** Shows who has the case now. */
  update() {
    const { standing, typing } = this.conversation;
    // Pressing twice asks twice; one request under way is enough.
    this.person.disabled = this.#isAsked(PERSON);
    this.back.disabled = this.#isAsked(NO_PERSON);
    const shown = JSON.stringify([standing, typing]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const { stage, place, name } = standing;
    const { texts } = this;
    const met = stage === "person";
    this.face.replaceChildren(icon(met ? "person" : "robot"));
    this.title.textContent = met ? name ?? texts.agent : texts.name;
    // What does not fit is left out whole.
    this.about.replaceChildren(...(met ? (typing ? texts.agentTyping : texts.agentHas) : texts.about).split(/(?= · )/).map((part) => el("span", {}, part)));
    this.about.classList.toggle("good", met);
    // Whoever waits for a person has asked already.
    this.#withdraw(this.person, stage !== "bot");
    if (place) this.place.textContent = fill(texts.queuePlace, { place });
    this.#withdraw(this.queue, !place);
  }

  /** What is not there any more must not take the focus with it. @param {HTMLElement} part @param {boolean} gone */
  #withdraw(part, gone) {
    const focused = gone && !part.hidden && part.matches(":focus-within, :focus");
    part.hidden = gone;
    if (focused) this.on.leave();
  }

  /** @param {{part: string}} part @param {string} tag @param {string} title @param {string} payload */
  #asks(part, tag, title, payload) {
    const ask = () => {
      this.conversation.press({ title, payload });
      this.on.leave();
    };
    return el(tag, { ...part, type: "button", onclick: ask }, title);
  }

  /** @param {string} payload */
  #isAsked(payload) {
    return this.conversation.outbox.items.some(({ state, content }) => state !== "failed" && "payload" in content && content.payload === payload);
  }
}
