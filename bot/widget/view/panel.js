/** The open chat: header, line to the service, messages, what can be chosen now, and input. */

import { Banner } from "./banner.js";
import { CaseCard } from "./case_card.js";
import { Composer } from "./composer.js";
import { Dock } from "./dock.js";
import { el } from "./dom.js";
import { Header } from "./header.js";
import { Log } from "./log.js";
import { Opening } from "./opening.js";
import { pictureButton } from "./picture_button.js";
import { Ratings } from "./rating.js";

/** A connection that takes no longer than this needs no word. */
const SHORTLY = 1200;

export class Panel {
  #shown = "";
  #timer = 0;

  /**
   * @param {Tools} tools
   * @param {Conversation} conversation
   * @param {{close: () => void, draft: (text: string) => void, seen: () => number, away: () => string[], put: (key: string) => void}} on
   */
  constructor(tools, conversation, on) {
    const { texts } = tools;
    this.texts = texts;
    this.conversation = conversation;
    const picture = pictureButton(texts, (chosen) => conversation.show(chosen, texts.pictureSent));
    this.composer = new Composer(texts, { send: (text) => conversation.say(text), draft: on.draft, up: () => this.dock.focus() }, picture);
    tools.card = new CaseCard(tools, conversation);
    this.opening = new Opening(texts, conversation, (text) => {
      conversation.say(text);
      this.#goOn();
    });
    this.log = new Log(tools, conversation, {
      press: (button) => {
        conversation.press(button);
        // What was pressed can do nothing any more, and focus on it would be lost.
        this.#goOn();
      },
      edit: (text) => {
        this.composer.text = text;
        this.composer.focus();
      },
      seen: on.seen,
    });
    this.dock = new Dock(texts, conversation, {
      press: (button) => conversation.press(button),
      write: () => this.composer.focus(),
      leave: () => this.#goOn(),
    });
    this.composer.line.prepend(this.log.down);
    this.rating = new Ratings(texts, conversation, this.log.after);
    this.log.list.after(this.opening.node);
    this.card = tools.card;
    this.header = new Header(texts, conversation, { close: on.close, leave: () => this.#goOn() });
    this.banner = new Banner(tools, conversation, { away: on.away, put: on.put, leave: () => this.#goOn() });
    this.status = el("div.row.apart.box.warn.status", { role: "status", part: "status", hidden: true });
    this.node = el(
      "section.card.panel",
      { part: "panel", role: "dialog", "aria-labelledby": "title", hidden: true, onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event, on.close) },
      this.header.node,
      this.header.queue,
      this.banner.node,
      this.status,
      tools.card.node,
      this.log.node,
      this.dock.node,
      this.composer.node,
    );
  }

  /** Puts the focus where the customer goes on: a keyboard on a screen only comes when it is asked for. */
  focus() {
    if (matchMedia("(pointer: coarse)").matches) this.node.querySelector("h2").focus({ preventScroll: true });
    else this.composer.focus();
  }

  update() {
    this.card.update();
    this.opening.update();
    this.dock.update();
    this.header.update();
    this.banner.update();
    this.#line();
    this.rating.update();
    // Last: it is placed in the room that the others leave, and would take their growing and shrinking for the reader's scrolling.
    this.log.update();
  }

  #line() {
    const { line, reason } = this.conversation;
    const shown = line + reason;
    if (shown === this.#shown) return;
    this.#shown = shown;
    clearTimeout(this.#timer);
    if (line === "open") this.status.hidden = true;
    else if (line === "connecting" || line === "reconnecting") this.#timer = window.setTimeout(() => this.#say(), SHORTLY);
    else this.#say();
  }

  #say() {
    const { texts } = this;
    const { line, reason } = this.conversation;
    if (line === "open") return;
    const text = line === "failed" ? reason || texts.signIn : texts[line];
    const retry = el("button.small.link", { type: "button", onclick: () => this.conversation.resume() }, texts.retryNow);
    this.status.replaceChildren(el("span", {}, text), ...(line === "connecting" ? [] : [retry]));
    this.status.hidden = false;
  }

  /** Where the reader goes on when nothing can be chosen any more. */
  #goOn() {
    if (matchMedia("(pointer: coarse)").matches) this.log.node.focus({ preventScroll: true });
    else this.composer.focus();
  }

  /** @param {KeyboardEvent} event @param {() => void} close */
  #key(event, close) {
    if (event.key === "Escape" && !event.isComposing) {
      event.stopPropagation();
      close();
    }
    this.dock.key(event);
    if (event.key === "Tab" && this.node.getAttribute("aria-modal")) this.#stay(event);
  }

  /** Where the panel covers the page, Tab goes round within it. @param {KeyboardEvent} event */
  #stay(event) {
    const slotted = /** @type {HTMLSlotElement} */ (this.node.querySelector("slot")).assignedElements();
    const own = this.node.querySelectorAll("button:not(:disabled, [tabindex='-1']), textarea, input, [tabindex='0']");
    const stops = [...slotted, ...own].filter((each) => each.getClientRects().length);
    const now = /** @type {ShadowRoot} */ (this.node.getRootNode()).activeElement ?? document.activeElement;
    const [first, last] = [stops[0], stops.at(-1)];
    const leaving = event.shiftKey ? now === first || now?.id === "title" : now === last;
    if (!leaving) return;
    event.preventDefault();
    /** @type {HTMLElement} */ (event.shiftKey ? last : first).focus();
  }
}
