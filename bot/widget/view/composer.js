/** The input: keeps its draft, leaves input methods alone, counts, and warns before a personal number is sent. */

import { personalNumbers } from "../personal.js";
import { fill } from "../texts.js";
import { el, icon } from "./dom.js";

export const LONGEST = 500;
const COUNT_FROM = 400;

export class Composer {
  #warned = "";

  /**
   * @param {Texts} texts
   * @param {{send: (text: string) => void, draft: (text: string) => void, up: () => boolean}} on `up` goes to what can be chosen, if there is anything
   * @param {{button: HTMLElement, wrong: HTMLElement}} [picture] the way to send a picture
   */
  constructor(texts, on, picture) {
    this.texts = texts;
    this.on = on;
    this.picture = picture;
    this.input = el("textarea.field.grow.input", {
      part: "input",
      rows: 1,
      placeholder: texts.input,
      "aria-label": texts.input,
      "aria-describedby": "help count",
      enterkeyhint: "send",
      autocomplete: "off",
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
      oninput: () => this.#changed(),
    });
    this.count = el("p.quiet", { id: "count", role: "status" });
    this.warning = el("div.box.warn.stack.warning", { role: "alert", hidden: true });
    this.button = el("button.button.primary.round.send", { part: "send", type: "submit", "aria-label": texts.send, disabled: true }, icon("send"));
    this.line = el("div.row.line", {}, this.input, picture?.button, this.button);
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#send();
    };
    this.node = el(
      "form.composer",
      { part: "composer", onsubmit: submit },
      picture?.wrong,
      this.warning,
      this.count,
      this.line,
      el("p.unseen", { id: "help" }, texts.inputHelp),
    );
  }

  get text() {
    return this.input.value;
  }

  set text(text) {
    this.input.value = text;
    this.#changed();
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  /** Fits the height to the text. */
  fit() {
    this.input.style.height = "auto";
    if (this.input.scrollHeight) this.input.style.height = `${this.input.scrollHeight}px`;
  }

  #changed() {
    const length = [...this.text.trim()].length;
    const { left, over } = this.texts;
    const count = LONGEST - length;
    this.count.textContent = length < COUNT_FROM ? "" : fill(count < 0 ? over : left, { count: Math.abs(count) });
    this.count.classList.toggle("accent", count < 0);
    this.button.disabled = !length || count < 0;
    this.warning.hidden = true;
    // Whoever writes instead has read what was wrong with the picture.
    if (this.picture) this.picture.wrong.hidden = true;
    this.#warned = "";
    this.fit();
    this.on.draft(this.text);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "ArrowUp" && !this.text && !event.isComposing && this.on.up()) event.preventDefault();
    // While an input method composes, Enter takes a candidate; 229 is what some browsers say instead of isComposing.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.#send();
  }

  #send() {
    const text = this.text.trim();
    if (this.button.disabled) return;
    const found = personalNumbers(text);
    if (found.length && this.#warned !== text) return this.#warn(found, text);
    this.text = "";
    this.on.send(text);
  }

  /** @param {ReturnType<typeof personalNumbers>} found @param {string} text */
  #warn(found, text) {
    const { warning, kinds, and, goBack, sendAnyway } = this.texts;
    const back = () => {
      this.warning.hidden = true;
      this.focus();
    };
    const anyway = () => {
      this.#warned = text;
      this.#send();
      this.focus();
    };
    const stay = el("button.button.primary", { type: "button", onclick: back }, goBack);
    this.warning.replaceChildren(
      el("p.row", {}, icon("warn"), fill(warning, { kinds: found.map((kind) => kinds[kind]).join(and) })),
      el("p.row", {}, stay, el("button.small.link", { type: "button", onclick: anyway }, sendAnyway)),
    );
    this.warning.hidden = false;
    stay.focus();
  }
}
