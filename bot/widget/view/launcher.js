/** The button that opens the chat, its count of unread messages, and a word of what has come meanwhile. */

import { fill } from "../texts.js";
import { el, icon } from "./dom.js";

export class Launcher {
  /** @param {Texts} texts @param {() => void} open */
  constructor(texts, open) {
    this.texts = texts;
    this.badge = el("span.tag.badge", { part: "badge", hidden: true, "aria-hidden": "true" });
    this.button = el(
      "button.row.button.primary.launcher",
      { part: "launcher", type: "button", "aria-haspopup": "dialog", "aria-expanded": "false", "aria-label": texts.open, onclick: open },
      icon("chat"),
      el("span.launch-text", {}, texts.launch),
      this.badge,
    );
    this.word = el("button.card.notice", { part: "notice", type: "button", onclick: open });
    this.live = el("div.live", { role: "status" });
    this.node = el("div.corner", {}, this.live, this.button);
  }

  /** @param {number} count of unread messages */
  unread(count) {
    this.badge.textContent = count > 99 ? "99+" : String(count);
    this.badge.hidden = !count;
    this.button.setAttribute("aria-label", count ? fill(this.texts.openUnread, { count }) : this.texts.open);
    if (!count) this.live.replaceChildren();
  }

  /** Shows the beginning of a message to somebody who has the chat closed. @param {string} text */
  call(text) {
    this.word.textContent = text.split("\n")[0];
    this.live.replaceChildren(this.word);
  }
}
