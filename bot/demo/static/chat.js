/** The chat beside the phone: bubbles, buttons that are inert once used or stale, and an input that leaves input methods alone. */

import { el } from "./dom.js";

const FIRST = "您好，我是白条分期智能助手（机器人）。我不会向您索要密码、验证码、银行卡号或身份证号，请不要在这里发送。";
const HUMAN = { title: "转人工", payload: "/request_human" };
const LONGEST = 500;
const NEAR_THE_END = 80;
const NEW_TIME_AFTER = 5 * 60 * 1000;

export class Chat {
  /** @type {Map<string, HTMLElement>} one bubble per message, by its id */
  #bubbles = new Map();
  /** @type {string} */ #lastTime = "";

  /**
   * @param {import("./conversation.js").Conversation} conversation
   * @param {{name: string, close: () => void, panel: () => void}} options
   */
  constructor(conversation, { name, close, panel }) {
    this.conversation = conversation;
    this.log = el("div.log", { role: "log", "aria-label": "聊天记录", tabindex: "0" }, el("p.first", {}, FIRST));
    this.typing = el("p.typing", { hidden: true }, el("span.visually-hidden", {}, "智能助手正在输入"), el("i"), el("i"), el("i"));
    this.log.append(this.typing);
    this.notice = el("p.notice", { role: "status", hidden: true });
    this.input = el("textarea.entry", {
      rows: 1,
      maxlength: LONGEST,
      placeholder: "输入您遇到的问题…",
      "aria-label": "输入消息，回车发送，Shift 加回车换行",
      enterkeyhint: "send",
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
      oninput: () => this.#grow(),
    });
    this.human = el("button.human", { type: "button", onclick: () => conversation.press(HUMAN.title, HUMAN.payload) }, HUMAN.title);
    this.node = el(
      "div.chat-frame",
      {},
      el(
        "header.chat-head",
        {},
        el("div.chat-who", {}, el("h2", { id: "chat-title" }, "智能助手"), el("p", {}, `正在服务：${name}`)),
        this.human,
        el("button.to-panel", { type: "button", onclick: panel }, "演示面板"),
        el("button.close", { type: "button", "aria-label": "关闭聊天", onclick: close }, "×"),
      ),
      this.log,
      this.notice,
      el(
        "form.composer",
        {
          onsubmit: (/** @type {Event} */ event) => {
            event.preventDefault();
            this.#say();
          },
        },
        this.input,
        el("button.send", { type: "submit" }, "发送"),
      ),
    );
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  /** Shows the conversation as it is now. */
  update() {
    const follow = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_THE_END;
    const { messages, outbox, waiting } = this.conversation;
    const latest = messages.findLast((each) => each.role === "user")?.seq ?? 0;
    let before = this.log.firstElementChild;
    let mine = false;
    for (const each of [...messages, ...outbox]) {
      let bubble = this.#bubbles.get(each.id);
      if (!bubble) {
        bubble = "seq" in each ? this.#received(each) : this.#sent(each);
        this.#bubbles.set(each.id, bubble);
        mine ||= !("seq" in each);
      }
      if (before.nextElementSibling !== bubble) before.after(bubble);
      before = bubble;
      if ("seq" in each) this.#settle(bubble, each, each.seq > latest && !outbox.length, messages);
      else this.#track(bubble, each);
    }
    for (const [id, bubble] of this.#bubbles) {
      if (messages.some((each) => each.id === id) || outbox.some((each) => each.id === id)) continue;
      bubble.remove();
      this.#bubbles.delete(id);
    }
    this.#times(messages);
    this.typing.hidden = !waiting;
    this.human.disabled = waiting;
    this.#connection();
    if (follow || mine) this.log.scrollTop = this.log.scrollHeight;
  }

  /** @param {any} message */
  #received(message) {
    const who = { agent: "人工客服", system: "系统" }[/** @type {"agent"} */ (message.role)];
    return el(
      `div.turn.${message.role}`,
      {},
      el("span.visually-hidden", {}, message.role === "user" ? "您说：" : message.role === "bot" ? "智能助手：" : ""),
      who && el("span.who", {}, who),
      el("p.bubble", {}, message.text),
      message.buttons?.length > 0 &&
        el(
          "div.choices",
          { role: "group", "aria-label": "可选回复" },
          ...message.buttons.map((/** @type {any} */ button) =>
            el("button.choice", { type: "button", onclick: () => this.#press(button) }, button.title),
          ),
        ),
    );
  }

  /** @param {any} item */
  #sent(item) {
    return el("div.turn.user", {}, el("span.visually-hidden", {}, "您说："), el("p.bubble", {}, item.text));
  }

  /** A message that has a place in the history: nothing pending, and buttons only while they can still be used. */
  #settle(bubble, message, current, messages) {
    bubble.querySelector(".trouble")?.remove();
    bubble.classList.remove("pending", "failed");
    const answer = current ? undefined : messages.find((/** @type {any} */ each) => each.role === "user" && each.seq > message.seq);
    for (const button of bubble.querySelectorAll(".choice")) {
      button.disabled = !current;
      button.classList.toggle("chosen", answer?.text === button.textContent);
    }
  }

  /** @param {HTMLElement} bubble @param {any} item */
  #track(bubble, item) {
    bubble.classList.toggle("pending", item.state === "sending");
    bubble.classList.toggle("failed", item.state === "failed");
    bubble.querySelector(".trouble")?.remove();
    if (item.state !== "failed") return;
    const { conversation } = this;
    bubble.append(
      el(
        "div.trouble",
        { role: "alert" },
        el("span", {}, item.error),
        el("button.again", { type: "button", onclick: () => conversation.retry(item.id) }, "重试"),
        el("button.again", { type: "button", onclick: () => conversation.discard(item.id) }, "删除"),
      ),
    );
  }

  /** The time above a message that comes a while after the one before. @param {any[]} messages */
  #times(messages) {
    const shown = messages.map((each) => each.id).join();
    if (shown === this.#lastTime) return;
    this.#lastTime = shown;
    this.log.querySelectorAll(".time").forEach((/** @type {Element} */ each) => each.remove());
    let previous = 0;
    for (const each of messages) {
      const at = Date.parse(each.at);
      if (at - previous > NEW_TIME_AFTER) this.#bubbles.get(each.id)?.prepend(el("time.time", { datetime: each.at }, clock(at)));
      previous = at;
    }
  }

  #connection() {
    const { connection, error } = this.conversation;
    this.notice.hidden = connection !== "lost";
    if (connection !== "lost") return;
    this.notice.replaceChildren(error, el("button.again", { type: "button", onclick: () => this.conversation.reconnect() }, "重新连接"));
  }

  /** @param {{title: string, payload: string}} button */
  #press(button) {
    this.conversation.press(button.title, button.payload);
    this.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // While an input method composes, Enter picks a candidate; 229 is what some browsers report instead of isComposing.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.#say();
  }

  #say() {
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    this.#grow();
    this.conversation.say(text);
  }

  #grow() {
    this.input.rows = Math.min(4, this.input.value.split("\n").length + Math.floor(this.input.value.length / 40));
  }
}

/** @param {number} at */
function clock(at) {
  const day = new Date(at).toDateString() === new Date().toDateString() ? {} : /** @type {const} */ ({ month: "long", day: "numeric" });
  return new Intl.DateTimeFormat("zh-CN", { ...day, hour: "2-digit", minute: "2-digit", hour12: false }).format(at);
}
