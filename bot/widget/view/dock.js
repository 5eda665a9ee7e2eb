/**
 * What can be chosen now, always in view above the input: by mouse, touch, arrow keys and digits.
 *
 * A digit alone presses only while the focus is here or in the messages, because texts begin with digits too; with Alt it presses from everywhere.
 */

import { offers } from "../protocol/offers.js";
import { el } from "./dom.js";

export class Dock {
  #shown = "";
  /** Which choice Tab reaches. */
  #at = 0;

  /**
   * @param {Texts} texts
   * @param {Conversation} conversation
   * @param {{press: (button: Button) => void, write: () => void, leave: () => void}} on `write` puts the focus into the input, `leave` where the reader goes on
   */
  constructor(texts, conversation, on) {
    this.conversation = conversation;
    this.on = on;
    this.node = el("div.wrap.dock", {
      part: "dock",
      role: "toolbar",
      "aria-label": texts.choices,
      tabindex: "-1",
      hidden: true,
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.#move(event),
    });
  }

  /** Shows what can be chosen now; while an answer is on its way, what was there stays and can do nothing, so that nothing jumps. */
  update() {
    const { timeline, outbox, notices } = this.conversation;
    const { buttons, primary } = offers(timeline, notices);
    const waits = outbox.unsettled || outbox.busy;
    const shown = JSON.stringify(buttons);
    if (shown !== this.#shown && (buttons.length || !waits)) this.#show(buttons, primary, shown);
    const inert = waits || !buttons.length;
    // A focused button that becomes inert would drop the focus out of the chat.
    if (inert && this.#choices.some((each) => each.matches(":focus"))) this.node.focus();
    for (const button of this.#choices) button.disabled = inert;
    this.#reach(this.#at);
  }

  /** Puts the focus on a choice. @returns {boolean} whether there is one */
  focus(place = this.#at) {
    const choice = this.#choices[place];
    if (!choice || choice.disabled) return false;
    this.#reach(place);
    choice.focus();
    return true;
  }

  /** Presses the choice whose digit this is. @param {KeyboardEvent} event of the whole panel */
  key(event) {
    const { altKey, ctrlKey, metaKey, shiftKey, repeat, isComposing, code, key } = event;
    const digit = altKey ? code?.match(/^Digit([1-9])$/)?.[1] : key?.match(/^[1-9]$/)?.[0];
    const choice = digit && this.#choices[Number(digit) - 1];
    if (!choice || choice.disabled || repeat || isComposing || ctrlKey || metaKey || shiftKey) return;
    const target = /** @type {Element} */ (event.target);
    if (!altKey && (!target.closest(".log, .dock") || target.matches("input, textarea"))) return;
    event.preventDefault();
    choice.click();
  }

  /** @returns {HTMLButtonElement[]} */
  get #choices() {
    return [...this.node.children];
  }

  /** @param {Button[]} buttons @param {Button | undefined} primary @param {string} shown */
  #show(buttons, primary, shown) {
    this.#shown = shown;
    this.#at = Math.max(0, buttons.findIndex((each) => each === primary));
    // The focus stays here without a choice under it: whoever presses Enter twice chooses once, and a screen reader reads on.
    const focused = this.node.contains(focus(this.node));
    if (focused) this.node.focus();
    this.node.replaceChildren(...buttons.map((each, place) => this.#choice(each, each === primary, place)));
    this.node.scrollTop = 0;
    this.node.hidden = !buttons.length;
    if (focused && this.node.hidden) this.on.leave();
  }

  /** @param {Button} button @param {boolean} leads @param {number} place */
  #choice(button, leads, place) {
    return el(
      `button.button.choice${leads ? ".primary" : ""}`,
      { part: "choice", type: "button", "aria-keyshortcuts": place < 9 && `Alt+${place + 1}`, onclick: (/** @type {MouseEvent} */ event) => this.#press(event, button) },
      button.title,
    );
  }

  /** A choice that was pressed is inert, and focus on it would be lost. @param {MouseEvent} event @param {Button} button */
  #press(event, button) {
    const mouse = event.detail > 0 && !matchMedia("(pointer: coarse)").matches;
    const writing = focus(this.node)?.localName === "textarea";
    if (mouse) this.on.write();
    else if (!writing) this.node.focus({ preventScroll: true });
    this.on.press(button);
  }

  /** @param {KeyboardEvent} event */
  #move(event) {
    const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
    const choices = this.#choices;
    const last = choices.length - 1;
    const now = choices.findIndex((each) => each.matches(":focus"));
    const next = now + 1;
    const previous = now < 0 ? last : now - 1;
    const place = { Home: 0, End: last, ArrowRight: next, ArrowDown: next, ArrowLeft: previous, ArrowUp: previous }[key];
    if (place === undefined || ctrlKey || metaKey || altKey || shiftKey) return;
    if (this.focus((place + choices.length) % choices.length)) event.preventDefault();
  }

  /** @param {number} place */
  #reach(place) {
    this.#at = place;
    this.#choices.forEach((each, number) => (each.tabIndex = number === place ? 0 : -1));
  }
}

/** What has the focus within the chat. @param {Node} node of the chat */
const focus = (node) => /** @type {ShadowRoot} */ (node.getRootNode()).activeElement;
