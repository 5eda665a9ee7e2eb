/**
 * <baitiao-badge sku="…">: what stands at a product about installments, with why, what instead, and a way to ask. docs/widget.md says how to embed it.
 *
 * It asks the service it was loaded from, for all badges of a page at a time. Whatever goes wrong, there is no badge: the page is as it was.
 */

import { fill, nearest } from "./texts.js";
import { el } from "./view/dom.js";

const SERVICE = new URL("../webhooks/widget/badges", import.meta.url).href;
const DARK = matchMedia("(prefers-color-scheme: dark)");
/** Products of one request. */
const MOST = 50;
/** The longest that a page waits for a badge to change by time; whoever comes back to it asks anyway. */
const LONGEST_WAIT = 86400000;

/** @type {Intl.DateTimeFormatOptions} */
const WRITTEN = { timeZone: "Asia/Shanghai", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" };

/** @typedef {{sku: string, state: "unavailable" | "later" | "limited", badge: string | null, why: string[], instead: string[], until: string | null}} Badge */

/** @type {Set<BaitiaoBadge>} on the page */ const all = new Set();
/** @type {Set<BaitiaoBadge>} to be asked for together */ const waiting = new Set();
/** @type {Map<string, Promise<Texts>>} */ const texts = new Map();
/** @type {Promise<CSSStyleSheet[]> | null} */ let sheets = null;
let timer = 0;
/** When the page asks again by itself. */
let next = Infinity;

/** @returns {(HTMLElement & {ask?: (text: string) => void, refreshToken?: ((wanted: {order: string | null}) => Promise<string>) | null}) | null} */
const chat = () => document.querySelector("baitiao-chat");

/** @param {string} name */
const file = async (name) => {
  const response = await fetch(new URL(name, import.meta.url));
  if (!response.ok) throw new Error(name);
  return response;
};

/** @param {string} name */
const sheet = async (name) => new CSSStyleSheet().replace(await (await file(name)).text());

/** @param {boolean} fresh whether the one that the chat has was refused */
async function token(fresh) {
  const host = chat();
  const given = host?.getAttribute("token");
  return (!fresh && given) || (await host?.refreshToken?.({ order: host.getAttribute("order") })) || given || "";
}

/** @param {string} query @returns {Promise<{as_of: string, valid_until: string | null, badges: Badge[]}>} */
async function answer(query) {
  for (const fresh of [false, true]) {
    const headers = { Authorization: `Bearer ${await token(fresh)}` };
    const response = await fetch(`${SERVICE}?${query}`, { headers, credentials: "omit" });
    if (response.ok) return response.json();
    if (response.status !== 401) break;
  }
  throw new Error("badges");
}

/** @param {number} milliseconds */
function askAgainIn(milliseconds) {
  if (Date.now() + milliseconds >= next) return;
  next = Date.now() + milliseconds;
  clearTimeout(timer);
  timer = setTimeout(() => {
    next = Infinity;
    all.forEach((each) => each.refresh());
  }, milliseconds);
}

function ask() {
  /** @type {Map<string, BaitiaoBadge[]>} */ const places = new Map();
  for (const each of waiting) places.set(each.place, [...(places.get(each.place) ?? []), each]);
  waiting.clear();
  for (const [place, badges] of places) {
    const skus = [...new Set(badges.map((each) => each.sku))];
    for (let at = 0; at < skus.length; at += MOST) {
      const some = skus.slice(at, at + MOST);
      askFor(
        some,
        place,
        badges.filter((each) => some.includes(each.sku)),
      );
    }
  }
}

/** @param {string[]} skus @param {string} place @param {BaitiaoBadge[]} badges */
async function askFor(skus, place, badges) {
  try {
    const found = await answer([...skus.map((sku) => `sku=${encodeURIComponent(sku)}`), place].join("&"));
    for (const each of badges) await each.show(found.badges.find(({ sku }) => sku === each.sku));
    const left = found.valid_until ? Date.parse(found.valid_until) - Date.parse(found.as_of) : LONGEST_WAIT;
    askAgainIn(Math.min(Math.max(left, 1000), LONGEST_WAIT));
  } catch {
    badges.forEach((each) => each.show());
  }
}

export class BaitiaoBadge extends HTMLElement {
  static observedAttributes = ["sku", "region", "channel"];

  #root = this.attachShadow({ mode: "open", delegatesFocus: true });
  #shown = "";

  connectedCallback() {
    all.add(this);
    this.hidden = true;
    this.refresh();
  }

  disconnectedCallback() {
    all.delete(this);
  }

  attributeChangedCallback() {
    this.refresh();
  }

  get sku() {
    return this.getAttribute("sku") ?? "";
  }

  /** Where its customer looks, as the service is asked. */
  get place() {
    return ["region", "channel"].flatMap((name) => (this.getAttribute(name) ? [`${name}=${encodeURIComponent(this.getAttribute(name) ?? "")}`] : [])).join("&");
  }

  /** Asks anew, as after something has changed in the shop. */
  refresh() {
    if (!all.has(this) || !this.sku) return;
    if (!waiting.size) setTimeout(ask);
    waiting.add(this);
  }

  /** @param {Badge} [badge] */
  async show(badge) {
    const said = badge?.badge ? JSON.stringify(badge) : "";
    if (said === this.#shown) return;
    this.#shown = said;
    this.hidden = true;
    this.#root.replaceChildren();
    if (!badge?.badge) return;
    const locale = nearest(this.getAttribute("locale") ?? (document.documentElement.lang || navigator.language));
    const known = texts.get(locale) ?? file(`texts/${locale}.json`).then((response) => response.json());
    texts.set(locale, known);
    sheets ??= Promise.all(["style/tokens.css", "badge.css"].map(sheet));
    try {
      const [words, looks] = await Promise.all([known, sheets]);
      if (said !== this.#shown) return;
      this.#root.adoptedStyleSheets = looks;
      this.#root.replaceChildren(this.#body(badge, words.badge, locale));
      this.#paint();
      this.hidden = false;
    } catch {
      this.#shown = "";
      texts.delete(locale);
      sheets = null;
    }
  }

  /** @param {Badge} badge @param {Texts["badge"]} words @param {string} locale */
  #body(badge, words, locale) {
    /** @type {Record<string, string>} */ const ways = words.ways;
    const instead = badge.instead.filter((way) => ways[way]);
    const until = badge.until && new Date(badge.until).toLocaleString(locale, WRITTEN);
    return el(
      "details.chat",
      {},
      el("summary", {}, el("span.mark", { lang: "zh-CN" }, badge.badge), " ", el("span.more", {}, words.why)),
      el(
        "div.box",
        {},
        el("ul", { lang: "zh-CN" }, ...badge.why.map((why) => el("li", {}, why))),
        until && el("p", {}, fill(words.until, { until })),
        instead.length > 0 && el("p", {}, words.instead),
        instead.length > 0 && el("ul", {}, ...instead.map((way) => el("li", {}, ways[way]))),
        chat() && el("button", { type: "button", onclick: () => this.#ask(words.questions[badge.state]) }, words.ask),
      ),
    );
  }

  /** @param {string} question */
  #ask(question) {
    const detail = { sku: this.sku, order: this.getAttribute("order"), question };
    // The page may know better what the chat is to be about, and ask itself.
    if (!this.dispatchEvent(new CustomEvent("baitiao-ask", { detail, bubbles: true, composed: true, cancelable: true }))) return;
    if (detail.order) chat()?.setAttribute("order", detail.order);
    chat()?.ask?.(question);
  }

  #paint() {
    const theme = this.getAttribute("theme");
    this.#root.firstElementChild?.classList.toggle("night", theme === "dark" || (theme !== "light" && DARK.matches));
  }

  /** Night has come, or day. */
  static paint() {
    all.forEach((each) => each.#paint());
  }
}

DARK.addEventListener("change", () => BaitiaoBadge.paint());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && all.forEach((each) => each.refresh()));
if (!customElements.get("baitiao-badge")) customElements.define("baitiao-badge", BaitiaoBadge);
