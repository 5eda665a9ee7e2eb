/** Keeps what a page shows current: its live parts are fetched and put in place, again and again until that has succeeded. */

import { pause } from "./live.js";
import { tick } from "./times.js";

/** Between the beginnings of two fetches: with hundreds of changes a second, each fetch holds all of them so far. */
const GAP = 250;
const TIMEOUT = 15_000;

export class Page {
  /**
   * @param {object} told
   * @param {(since: number|null) => void} told.onStale since when what is shown is older than what there is; null: no more
   * @param {() => void} told.onEnded the session has ended
   * @param {() => void} told.onChange something else is shown now
   */
  constructor({ onStale, onEnded, onChange }) {
    this.onStale = onStale;
    this.onEnded = onEnded;
    this.onChange = onChange;
    this.mark = document.body.dataset.mark ?? "";
    this.wanted = false;
    this.running = false;
    this.freshAt = Date.now();
    /** @type {(() => void)|null} */ this.hurry = null;
  }

  /** The server has this mark; one that is known needs nothing. @param {string} mark */
  see(mark) {
    if (mark !== this.mark) this.refresh();
  }

  /** Fetches the page; what changes meanwhile is fetched afterwards. */
  refresh() {
    this.wanted = true;
    this.hurry?.();
    if (!this.running) void this.#run();
  }

  async #run() {
    this.running = true;
    for (let failures = 0; this.wanted; ) {
      const begun = Date.now();
      this.wanted = false;
      const done = await this.#fetch();
      if (done === "ended") {
        this.onEnded();
        break;
      }
      failures = done ? 0 : failures + 1;
      if (!done) this.wanted = true;
      this.onStale(done ? null : this.freshAt);
      const wait = done ? GAP - (Date.now() - begun) : pause(failures - 1);
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, Math.max(0, wait));
        if (!done) this.hurry = () => (clearTimeout(timer), resolve(undefined));
      });
      this.hurry = null;
    }
    this.running = false;
  }

  /** @returns {Promise<boolean | "ended">} */
  async #fetch() {
    const begun = Date.now();
    const address = new URL(location.href);
    // Reading the customer's state anew is a step of the agent's own.
    address.searchParams.delete("state");
    try {
      const response = await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT) });
      if (response.status === 401) return "ended";
      if (!response.ok) return false;
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
      // A proxy may answer with a page of its own.
      if (fresh.body.dataset.mark === undefined) return false;
      this.freshAt = begun;
      this.show(fresh);
      return true;
    } catch {
      return false;
    }
  }

  /** Puts the live parts of a page in place. @param {Document} fresh */
  show(fresh) {
    this.mark = fresh.body.dataset.mark ?? "";
    tick(fresh);
    const focused = document.activeElement?.getAttribute("data-key");
    const csrf = /** @type {HTMLInputElement|null} */ (fresh.querySelector("input[name=csrf]"))?.value;
    let changed = false;
    for (const part of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-live]"))) {
      const news = fresh.getElementById(part.id);
      if (!news || isTyped(part)) continue;
      const end = part.scrollHeight - part.scrollTop - part.clientHeight < 40;
      if (!patch(part, news)) continue;
      changed = true;
      // Whoever reads what was said before is left there.
      if (end && "follow" in part.dataset) part.scrollTop = part.scrollHeight;
    }
    // Somebody else has taken or ended the case: the forms no longer fit, unless something was typed into them.
    const work = document.getElementById("work");
    const newWork = fresh.getElementById("work");
    if (work && newWork && signature(work) !== signature(newWork)) {
      if (!isTyped(work)) {
        work.replaceChildren(...newWork.childNodes);
        changed = true;
      } else if (!document.getElementById("outdated")) work.prepend(outdated());
    } else document.getElementById("outdated")?.remove();
    for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("input[name=csrf]"))) field.value = csrf ?? field.value;
    if (focused && document.activeElement === document.body) focusOn(focused);
    if (!changed) return;
    document.title = fresh.title;
    this.onChange();
  }
}

/** Whether something is typed, chosen or about to be there, that is not sent. @param {Element} part */
export function isTyped(part) {
  const fields = [.../** @type {NodeListOf<HTMLInputElement | HTMLSelectElement>} */ (part.querySelectorAll("textarea, select, input:not([type=hidden])"))];
  return fields.some((field) => {
    if (field === document.activeElement) return true;
    if (!("options" in field)) return field.value !== field.defaultValue;
    return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
  });
}

/** Makes one element like another; whether it had to be changed. @param {Element} old @param {Element} fresh @returns {boolean} */
function patch(old, fresh) {
  if (old.isEqualNode(fresh)) return false;
  if (!isContainer(old) || !isContainer(fresh) || old.localName !== fresh.localName) {
    if (old.hasAttribute("data-live")) old.replaceChildren(...fresh.childNodes);
    else old.replaceWith(fresh);
    return true;
  }
  // What somebody has unfolded stays so.
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && name !== "open") old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  const children = [...old.children];
  const news = [...fresh.children];
  news.forEach((each, place) => (children[place] ? patch(children[place], each) : old.append(each)));
  children.slice(news.length).forEach((each) => each.remove());
  return true;
}

/** A line of a list is another line when anything of it is different. @param {Element} part */
function isContainer(part) {
  const own = [...part.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
  return part.localName !== "li" && !own && (part.children.length > 0 || part.hasAttribute("data-live"));
}

/** Says beside what is being written that the forms around it are of no use any more. */
function outdated() {
  const line = document.createElement("p");
  [line.id, line.className] = ["outdated", "box warn"];
  line.setAttribute("role", "alert");
  const stage = document.querySelector("#standing .stage")?.textContent?.trim() ?? "";
  line.textContent = (document.body.dataset.outdated ?? "").replace("{stage}", stage);
  return line;
}

/** Which forms there are. @param {Element} part */
function signature(part) {
  return [...part.querySelectorAll("form")].map((form) => form.getAttribute("action")).join() || part.textContent;
}

/** @param {string} key */
export function focusOn(key) {
  /** @type {HTMLElement|null} */ (document.querySelector(`[data-key="${CSS.escape(key)}"]`))?.focus();
}
