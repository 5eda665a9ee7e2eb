/**
 * <baitiao-chat token="…" order="…">: the help chat as one element. docs/widget.md says how to embed it.
 *
 * It talks to the service it was loaded from, and opens a connection only when the customer opens it or has used it on this device before.
 */

import { Api } from "./protocol/api.js";
import { Conversation } from "./protocol/conversation.js";
import { calls } from "./protocol/timeline.js";
import { claims, Tokens } from "./protocol/tokens.js";
import { keep } from "./leaving.js";
import { Memory } from "./memory.js";
import { sheets } from "./style.js";
import { nearest } from "./texts.js";
import { el } from "./view/dom.js";
import { Format } from "./view/format.js";
import { Launcher } from "./view/launcher.js";
import { Panel } from "./view/panel.js";

const SERVICE = new URL("../webhooks/widget", import.meta.url).href;
const DARK = matchMedia("(prefers-color-scheme: dark)");
const NARROW = matchMedia("(max-width: 559px), (max-height: 479px)");
/** Looking elsewhere for longer than this ends the stream. */
const AWAY = 60000;
const ANOTHER_TRY = 4000;

export class BaitiaoChat extends HTMLElement {
  static observedAttributes = ["token", "order", "locale", "theme"];

  /**
   * Set by the page: gives a new token when there is none, when the old one has expired, and when the order on the page has changed.
   * @type {((wanted: {order: string | null}) => Promise<string>) | null}
   */
  refreshToken = null;

  #root = this.attachShadow({ mode: "open" });
  #tokens = new Tokens(() => this.#freshToken());
  #memory = new Memory("");
  #subject = "";
  /** @type {Conversation | null} built, but perhaps not connected */ #next = null;
  /** @type {Conversation | null} */ #conversation = null;
  /** @type {Panel | null} */ #panel = null;
  /** @type {Launcher | null} */ #launcher = null;
  /** @type {Element | null} */ #opener = null;
  /** @type {Promise<any> | null} */ #labels = null;
  /** @type {HTMLElement | null} */ #frame = null;
  /** @type {(() => void)[]} what the page asked for before it could be done */ #wanted = [];
  #leaving = new AbortController();
  #away = 0;
  #unread = 0;
  #builds = 0;
  /** Whether the history has been compared with what was seen of it. */
  #met = false;

  connectedCallback() {
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    window.addEventListener("online", () => this.#conversation?.resume(), { signal });
    window.addEventListener("offline", () => this.#conversation?.cutOff(), { signal });
    window.addEventListener("storage", ({ key }) => this.#memory.isSeen(key) && this.#count(), { signal });
    window.addEventListener("pageshow", () => this.#look(), { signal });
    window.addEventListener("focus", () => this.renew(), { signal });
    document.addEventListener("visibilitychange", () => this.#look(), { signal });
    NARROW.addEventListener("change", () => this.#cover(), { signal });
    DARK.addEventListener("change", () => this.#paint(), { signal });
    for (const name of ["resize", "scroll"]) window.visualViewport?.addEventListener(name, () => this.#fitKeyboard(), { signal });
    this.#build();
  }

  disconnectedCallback() {
    this.#leaving.abort();
    this.#forget();
  }

  /** @param {string} name @param {string | null} before @param {string | null} now */
  attributeChangedCallback(name, before, now) {
    if (!this.#launcher || before === now) return;
    if (name === "locale") this.#build();
    else if (name === "theme") this.#paint();
    else if (name === "token") this.#take(now ?? "");
    // The token names the order: another order needs another token.
    else if (this.refreshToken && this.#conversation) this.#tokens.set("");
  }

  /** Whether the chat is open. */
  get isOpen() {
    return this.hasAttribute("open");
  }

  /** Opens the chat. */
  open() {
    const panel = this.#panel;
    if (!panel) this.#wanted.push(() => this.open());
    if (!panel || this.isOpen) return;
    this.#opener = document.activeElement === this ? null : document.activeElement;
    this.toggleAttribute("open", true);
    panel.node.hidden = false;
    this.#cover();
    this.#fitKeyboard();
    this.#launcher?.button.setAttribute("aria-expanded", "true");
    this.#converse();
    panel.composer.fit();
    panel.log.enter();
    panel.opening.enter();
    panel.focus();
    this.#seen();
    this.#say("open");
  }

  /** Closes the chat; the focus goes back to where it was opened from. */
  close() {
    const panel = this.#panel;
    if (!panel || !this.isOpen) return;
    this.toggleAttribute("open", false);
    panel.node.hidden = true;
    const back = this.#opener instanceof HTMLElement && this.#opener.isConnected && this.#opener !== document.body ? this.#opener : this.#launcher?.button;
    this.#launcher?.button.setAttribute("aria-expanded", "false");
    back?.focus({ preventScroll: true });
    this.#say("close");
  }

  /** Opens the chat and sends a text in the customer's name. @param {string} text */
  ask(text) {
    this.open();
    if (this.#panel) this.#conversation?.say(text);
    else this.#wanted.push(() => this.#conversation?.say(text));
  }

  /** What is known of the order may have changed: a first screen that is open is looked up anew. */
  renew() {
    if (this.isOpen) this.#panel?.opening.renew();
  }

  async #build() {
    const wasOpen = this.isOpen;
    const turn = (this.#builds += 1);
    this.#forget();
    const locale = nearest(this.getAttribute("locale") ?? (document.documentElement.lang || navigator.language));
    const files = await Promise.all([fetch(new URL(`texts/${locale}.json`, import.meta.url)), sheets()]).catch(() => null);
    if (turn !== this.#builds || !this.isConnected) return;
    if (!files) return void setTimeout(() => turn === this.#builds && this.#build(), ANOTHER_TRY);
    /** @type {Texts} */ const texts = await files[0].json();
    if (turn !== this.#builds || !this.isConnected) return;
    const conversation = new Conversation(new Api(SERVICE, this.#tokens), (news) => this.#changed(news));
    const tools = { texts, format: new Format(locale, texts.written), labels: () => this.#named(conversation), picture: conversation.picture };
    this.#root.adoptedStyleSheets = files[1];
    this.toggleAttribute("open", false);
    this.#next = conversation;
    this.#launcher = new Launcher(texts, () => this.open());
    this.#panel = new Panel(tools, conversation, {
      close: () => this.close(),
      draft: (text) => keep("draft", this.#memory.keepDraft(text)),
      seen: () => this.#memory.seen,
      away: () => this.#memory.away,
      put: (key) => this.#memory.putAway(key),
    });
    const frame = el("div.chat", { lang: locale }, this.#launcher.node, this.#panel.node);
    this.#frame = frame;
    this.#root.replaceChildren(frame);
    this.#paint();
    this.#take(this.getAttribute("token") ?? "");
    this.#restore();
    if (wasOpen) this.open();
    for (const act of this.#wanted.splice(0)) act();
  }

  /** What machine words are called, asked for once it is needed, and again if that failed. @param {Conversation} conversation */
  #named(conversation) {
    this.#labels ??= conversation.labels().catch((error) => {
      this.#labels = null;
      throw error;
    });
    return this.#labels;
  }

  #converse() {
    if (this.#conversation || !this.#next) return;
    this.#conversation = this.#next;
    this.#conversation.start();
  }

  #forget() {
    this.#conversation?.close();
    this.#conversation = this.#next = this.#panel = null;
    this.#met = false;
    keep("draft", true);
    keep("unsent", true);
    this.#root.replaceChildren();
  }

  #paint() {
    const theme = this.getAttribute("theme");
    this.#frame?.classList.toggle("night", theme === "dark" || (theme !== "light" && DARK.matches));
  }

  /** @param {string} token */
  #take(token) {
    this.#tokens.set(token);
    this.#recognise(token);
    this.#conversation?.resume();
    if (token) this.#next?.outbox.signIn();
    if (this.isOpen) this.#panel?.opening.enter();
  }

  /** What one customer said is not for the next. @param {string} token */
  #recognise(token) {
    const subject = claims(token).sub ?? "";
    if (subject === this.#subject) return;
    const another = this.#subject;
    this.#subject = subject;
    this.#memory = new Memory(subject);
    if (another) return this.#build();
    this.#restore();
  }

  /** Takes up what the customer had written when the page ended, and listens for whoever used the chat here before. */
  #restore() {
    if (!this.#panel || !this.#next || !this.#subject) return;
    if (this.#memory.draft) this.#panel.composer.text = this.#memory.draft;
    this.#next.outbox.restore(this.#memory.unsent);
    if (this.#memory.seen || this.#next.outbox.items.length) this.#converse();
  }

  /** @returns {Promise<string>} */
  async #freshToken() {
    const order = this.getAttribute("order");
    if (!this.refreshToken) this.#say("token-needed", { order });
    const token = (await this.refreshToken?.({ order })) ?? this.getAttribute("token") ?? "";
    if (token) this.#recognise(token);
    return token;
  }

  /** @param {Message[]} news */
  #changed(news) {
    this.#meet();
    this.#panel?.update();
    const unsent = this.#next?.outbox.items ?? [];
    // What an unknown customer wrote would be the next one's.
    keep("unsent", this.#subject ? this.#memory.keepUnsent(unsent) : !unsent.length);
    for (const message of news) this.#say("message", message);
    if (this.isOpen) return this.#seen();
    const call = news.findLast(calls);
    this.#count();
    if (call) this.#launcher?.call(call.text);
  }

  /** A history that is shorter than what was seen of it was erased and has begun anew. */
  #meet() {
    if (this.#met || !this.#conversation?.loaded) return;
    this.#met = true;
    this.#memory.seen = Math.min(this.#memory.seen, this.#conversation.timeline.through);
  }

  #seen() {
    const through = this.#conversation?.timeline.through ?? 0;
    // Another tab may be further, and reads for this one.
    if (through > this.#memory.seen && document.visibilityState === "visible") this.#memory.seen = through;
    this.#count();
  }

  #count() {
    const count = this.isOpen ? 0 : this.#conversation?.timeline.unread(this.#memory.seen) ?? 0;
    this.#launcher?.unread(count);
    if (this.#unread !== count) this.#say("unread", { count });
    this.#unread = count;
  }

  /** Somebody has gone away or come back. */
  #look() {
    clearTimeout(this.#away);
    if (document.visibilityState === "hidden") {
      this.#away = window.setTimeout(() => this.#conversation?.sleep(), AWAY);
      return;
    }
    this.#conversation?.resume();
    this.renew();
    if (this.isOpen) this.#seen();
  }

  /** On a narrow screen the chat covers the page, and nothing behind it can be reached. */
  #cover() {
    if (NARROW.matches) this.#panel?.node.setAttribute("aria-modal", "true");
    else this.#panel?.node.removeAttribute("aria-modal");
  }

  /** An on-screen keyboard takes its room from the visible part of the page, not from the window. */
  #fitKeyboard() {
    const view = window.visualViewport;
    if (!view || !this.isOpen || view.scale > 1.01) return;
    this.style.setProperty("--_height", `${view.height}px`);
    this.style.setProperty("--_top", `${view.offsetTop}px`);
  }

  /** @param {string} name @param {unknown} [detail] */
  #say(name, detail) {
    this.dispatchEvent(new CustomEvent(`baitiao-${name}`, { detail, bubbles: true, composed: true }));
  }
}

if (!customElements.get("baitiao-chat")) customElements.define("baitiao-chat", BaitiaoChat);
