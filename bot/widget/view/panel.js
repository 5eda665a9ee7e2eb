/** The open chat: header, line to the service, messages, rating and input. */

import { ends } from "../protocol/timeline.js";
import { Composer } from "./composer.js";
import { el } from "./dom.js";
import { Header } from "./header.js";
import { Log } from "./log.js";
import { pictureButton } from "./picture_button.js";
import { rating } from "./rating.js";

/** A connection that takes no longer than this needs no word. */
const SHORTLY = 1200;

export class Panel {
  #rated = 0;
  #shown = "";
  #timer = 0;

  /**
   * @param {Tools} tools
   * @param {Conversation} conversation
   * @param {{close: () => void, draft: (text: string) => void}} on
   */
  constructor(tools, conversation, on) {
    const { texts } = tools;
    this.texts = texts;
    this.conversation = conversation;
    this.composer = new Composer(texts, { send: (text) => conversation.say(text), draft: on.draft }, pictureButton(texts, (picture) => conversation.show(picture, texts.pictureSent)));
    this.log = new Log(tools, conversation, {
      press: (button) => {
        conversation.press(button);
        this.#keepFocus();
      },
      edit: (text) => {
        this.composer.text = text;
        this.composer.focus();
      },
    });
    this.header = new Header(texts, conversation, { close: on.close, leave: () => this.#keepFocus() });
    this.status = el("div.row.apart.box.warn.status", { role: "status", part: "status", hidden: true });
    this.node = el(
      "section.card.panel",
      { part: "panel", role: "dialog", "aria-labelledby": "title", hidden: true, onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event, on.close) },
      this.header.node,
      this.header.queue,
      this.status,
      this.log.node,
      this.composer.node,
    );
  }

  /** Puts the focus where the customer goes on: a keyboard on a screen only comes when it is asked for. */
  focus() {
    if (matchMedia("(pointer: coarse)").matches) this.node.querySelector("h2").focus({ preventScroll: true });
    else this.composer.focus();
  }

  /** @param {Message[]} news */
  update(news) {
    this.log.update();
    this.header.update();
    this.#line();
    this.#rate(news);
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

  /** Asks for a rating where a case has just come to its end, and no longer once it goes on. @param {Message[]} news */
  #rate(news) {
    if (news.some((message) => message.role === "user")) this.log.after.replaceChildren();
    const end = news.findLast(ends);
    if (!end || end.seq <= this.#rated || end.seq < this.conversation.timeline.latestOwn) return;
    this.#rated = end.seq;
    this.log.after.replaceChildren(rating(this.texts, (score, word) => this.conversation.rate(end.seq, score, word)));
  }

  /** A button that was pressed is inert, and focus on it would be lost. */
  #keepFocus() {
    if (matchMedia("(pointer: coarse)").matches) this.log.node.focus({ preventScroll: true });
    else this.composer.focus();
  }

  /** @param {KeyboardEvent} event @param {() => void} close */
  #key(event, close) {
    if (event.key === "Escape" && !event.isComposing) {
      event.stopPropagation();
      close();
    }
    if (event.key === "Tab" && this.node.getAttribute("aria-modal")) this.#stay(event);
  }

  /** Where the panel covers the page, Tab goes round within it. @param {KeyboardEvent} event */
  #stay(event) {
    const slotted = /** @type {HTMLSlotElement} */ (this.node.querySelector("slot")).assignedElements();
    const own = this.node.querySelectorAll("button:not(:disabled), textarea, input, [tabindex='0']");
    const stops = [...slotted, ...own].filter((each) => each.getClientRects().length);
    const now = /** @type {ShadowRoot} */ (this.node.getRootNode()).activeElement ?? document.activeElement;
    const [first, last] = [stops[0], stops.at(-1)];
    const leaving = event.shiftKey ? now === first || now?.id === "title" : now === last;
    if (!leaving) return;
    event.preventDefault();
    /** @type {HTMLElement} */ (event.shiftKey ? last : first).focus();
  }
}
