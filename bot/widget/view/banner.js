/** What is wrong with the service and holds for this customer: said above the messages, until it is over or put away. */

import { fill } from "../texts.js";
import { el, icon } from "./dom.js";

export class Banner {
  #shown = "";
  /** @type {ServiceNotice | undefined} */ #notice;
  /** @type {Set<string>} what the customer has just asked to be told of */ #wanted = new Set();
  #failed = "";

  /**
   * @param {Tools} tools
   * @param {Conversation} conversation
   * @param {{away: () => string[], put: (key: string) => void, leave: () => void}} on `away`: what was put away; `leave` puts the focus where the reader goes on
   */
  constructor({ texts, format }, conversation, on) {
    this.texts = texts;
    this.format = format;
    this.conversation = conversation;
    this.on = on;
    // The service speaks Chinese, whatever the shell does.
    this.said = el("p", { lang: "zh-CN" });
    this.end = el("p.quiet");
    this.act = el("div");
    this.close = el("button.round.quiet", { type: "button", "aria-label": texts.noticeClose, onclick: () => this.#put() }, icon("close"));
    this.node = el(
      "section.row.box.warn.status.banner",
      { part: "banner", "aria-label": texts.notice, hidden: true },
      el("div.grow", {}, el("div", { role: "status" }, this.said, this.end), this.act),
      this.close,
    );
  }

  update() {
    const away = this.on.away();
    const found = this.conversation.notices.find((each) => !away.includes(key(each)));
    const wanted = !!found && (found.subscribed || this.#wanted.has(found.id));
    const shown = found ? JSON.stringify([found, wanted, this.#failed]) : "";
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#notice = found;
    const focused = this.node.matches(":focus-within");
    this.node.hidden = !found;
    if (found) this.#show(found, wanted);
    if (focused && (!found || !this.node.matches(":focus-within"))) this.on.leave();
  }

  /** @param {ServiceNotice} notice @param {boolean} wanted */
  #show({ id, kind, text, eta }, wanted) {
    const { texts } = this;
    // A day is no instant: in no time zone has it an hour.
    const at = eta && (eta.length > 10 ? this.format.moment(eta) : this.format.day(eta));
    this.said.textContent = text;
    this.end.textContent = at ? fill(kind === "incident" ? texts.noticeEta : texts.noticeEnd, { at }) : "";
    this.act.replaceChildren(
      wanted
        ? el("p.good", {}, texts.noticeWanted)
        : el("button.link", { type: "button", onclick: () => this.#want(id) }, texts.noticeWant),
      ...(this.#failed === id ? [el("span", { role: "alert" }, texts.votes.failed)] : []),
    );
  }

  /** @param {string} id */
  async #want(id) {
    const done = await this.conversation.want(id).then(
      () => true,
      () => false,
    );
    if (done) this.#wanted.add(id);
    this.#failed = done ? "" : id;
    this.update();
  }

  #put() {
    if (this.#notice) this.on.put(key(this.#notice));
    this.update();
  }
}

/** One that has become worse is shown again. @param {ServiceNotice} notice */
const key = ({ id, severity }) => `${id} ${severity}`;
