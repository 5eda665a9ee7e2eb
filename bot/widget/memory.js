/** All that stays on the device: an unsent draft, the number of the last message seen, notices that were put away, and messages until the service has taken them. */

import { mayStay, mayWait } from "./personal.js";

/** More than these are not kept: somebody without a network writes a few. */
const MOST = 20;
/** What waited longer than this is sent only when its writer says so: it may be about something that is over. */
const FRESH = 60 * 60 * 1000;

export class Memory {
  #prefix;
  /** @type {Map<string, string>} what the device did not take: a full storage, or none in a frame of another site */
  #own = new Map();
  /** @type {Set<string>} ids of messages that are kept */
  #kept = new Set();

  /** @param {string} subject whose conversation it is; only a number made from it is stored */
  constructor(subject) {
    const hash = [...subject].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, 7);
    this.#prefix = `baitiao-chat:${(hash >>> 0).toString(36)}:`;
  }

  get draft() {
    return this.#read("draft");
  }

  /** Keeps a draft if it may stay on a device. @param {string} text @returns {boolean} whether it would survive a reload */
  keepDraft(text) {
    const stays = mayStay(text);
    const written = this.#write("draft", stays ? text : "");
    return !text.trim() || (stays && written);
  }

  get seen() {
    return Number(this.#read("seen")) || 0;
  }

  set seen(seq) {
    this.#write("seen", seq ? String(seq) : "");
  }

  /** @returns {string[]} the notices that were put away */
  get away() {
    return list(this.#read("away"));
  }

  /** @param {string} key of a notice */
  putAway(key) {
    this.#write("away", JSON.stringify([...this.away, key].slice(-MOST)));
  }

  /** Whether a change of the device's storage, made in another tab, is of what was seen. @param {string | null} key */
  isSeen(key) {
    return key === `${this.#prefix}seen`;
  }

  /** @returns {Outgoing[]} what was not taken by the service before the page ended, in the order in which it was written */
  get unsent() {
    const written = this.#names.filter((name) => name.startsWith("unsent:")).flatMap((name) => parsed(this.#read(name)));
    for (const { id } of written) this.#kept.add(id);
    return written
      .sort((one, other) => one.at - other.at)
      .map((each) => ({ ...each, reason: "", final: false, state: Date.now() - each.at < FRESH ? "queued" : "failed" }));
  }

  /**
   * Keeps what was not taken yet, each under a key of its own, so that tabs do not overwrite each other's.
   * @param {Outgoing[]} items
   * @returns {boolean} whether all of it would survive a reload
   */
  keepUnsent(items) {
    // A choice that the service refused is over; a text can still be mended.
    const open = items.filter(({ final, content }) => !final || "text" in content);
    for (const id of this.#kept) if (!open.some((item) => item.id === id)) this.#forget(id);
    for (const item of open) if (!this.#kept.has(item.id)) this.#keep(item);
    return open.every(({ id, state }) => state === "sent" || this.#kept.has(id));
  }

  /** @param {Outgoing} item */
  #keep({ id, at, text, content }) {
    // A picture does not fit, and nobody knows what stands in it.
    if ("picture" in content) return;
    const spoken = "text" in content;
    if (this.#kept.size >= MOST || (spoken && !mayWait(text))) return;
    if (this.#write(`unsent:${id}`, JSON.stringify({ id, at, text, content }))) this.#kept.add(id);
  }

  /** @param {string} id */
  #forget(id) {
    this.#kept.delete(id);
    this.#write(`unsent:${id}`, "");
  }

  get #names() {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(this.#prefix)).map((key) => key.slice(this.#prefix.length));
    } catch {
      return [];
    }
  }

  /** @param {string} name */
  #read(name) {
    try {
      return this.#own.get(name) ?? localStorage.getItem(this.#prefix + name) ?? "";
    } catch {
      return "";
    }
  }

  /** @param {string} name @param {string} value @returns {boolean} whether the device took it */
  #write(name, value) {
    try {
      if (value) localStorage.setItem(this.#prefix + name, value);
      else localStorage.removeItem(this.#prefix + name);
      this.#own.delete(name);
      return true;
    } catch {
      this.#own.set(name, value);
      return false;
    }
  }
}

/** @param {string} written @returns {string[]} nothing if it is not ours */
function list(written) {
  try {
    const found = JSON.parse(written);
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}

/** @param {string} written @returns {Pick<Outgoing, "id" | "at" | "text" | "content">[]} nothing if it is not ours */
function parsed(written) {
  try {
    const { id, at, text, content } = JSON.parse(written);
    return id && at && content ? [{ id, at, text, content }] : [];
  } catch {
    return [];
  }
}
