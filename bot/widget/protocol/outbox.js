/** What the customer sends: one message at a time and in order, the same id at every attempt, until the service has taken it. */

import { Pause } from "./pause.js";
import { Refusal } from "./api.js";

/** Attempts before a message that cannot be sent is shown as failed; about a minute. */
const MOST_ATTEMPTS = 9;

export class Outbox {
  /** @type {Outgoing[]} */ items = [];
  /** Whether a request is under way, so that an answer is being written. */
  busy = false;
  #pause = new Pause();
  #running = false;

  /**
   * @param {(item: Outgoing) => Promise<void>} send resolves when the service has taken the message
   * @param {() => void} changed
   */
  constructor(send, changed) {
    this.send = send;
    this.changed = changed;
  }

  /** Whether something is on its way that may change what the customer can press. */
  get unsettled() {
    return this.items.some((item) => item.state !== "failed");
  }

  /** @param {string} text @param {Outgoing["content"]} content */
  push(text, content) {
    const at = Math.max(Date.now(), (this.items.at(-1)?.at ?? 0) + 1);
    this.items.push({ id: uuid(), at, text, content, state: "queued", reason: "", final: false });
    this.#run();
  }

  /** Takes up what an earlier page could not send, with the old ids. @param {Outgoing[]} items in the order in which they were written */
  restore(items) {
    this.items.unshift(...items.filter(({ id }) => !this.items.some((item) => item.id === id)));
    this.#run();
  }

  /** The conversation shows the message: it has arrived, whatever became of the request. @param {string} id */
  arrived(id) {
    const known = this.items.length;
    this.items = this.items.filter((item) => item.id !== id);
    if (this.items.length < known) this.#pause.wake();
  }

  /** Tries everything again that failed and can succeed, in the order in which it was written. */
  retry() {
    for (const item of this.items) if (item.state === "failed" && !item.final) item.state = "queued";
    this.#run();
  }

  /** There is a new token: what failed for want of one goes out by itself. */
  signIn() {
    for (const item of this.items) if (item.state === "failed" && item.signedOut) item.state = "queued";
    this.#run();
  }

  /** @param {string} id of a message that failed */
  discard(id) {
    this.items = this.items.filter((item) => item.id !== id || item.state !== "failed");
    this.changed();
  }

  /** Tries again now. */
  wake() {
    this.#pause.wake();
  }

  async #run() {
    this.changed();
    if (this.#running) return;
    this.#running = true;
    for (let item; (item = this.items.find((each) => each.state === "queued")); ) await this.#deliver(item);
    this.#running = false;
  }

  /** @param {Outgoing} item */
  async #deliver(item) {
    this.#pause.reset();
    // Without a network nothing is an attempt: the message leaves as soon as there is one.
    for (let attempt = 1; this.items.includes(item); attempt += Number(navigator.onLine !== false)) {
      const error = await this.#attempt(item);
      if (!error) return;
      if (!this.items.includes(item)) break;
      const refused = error instanceof Refusal;
      if ((refused && !error.passing) || attempt >= MOST_ATTEMPTS) {
        this.#fail(item, refused ? error : null);
        break;
      }
      item.state = "waiting";
      this.changed();
      await this.#pause.wait(refused ? error.retryAfter : 0);
    }
    this.changed();
  }

  /** @param {Outgoing} item @returns {Promise<unknown>} the error, if it was not taken */
  async #attempt(item) {
    item.state = "sending";
    this.busy = true;
    this.changed();
    try {
      await this.send(item);
      item.state = "sent";
      return null;
    } catch (error) {
      return error;
    } finally {
      this.busy = false;
      this.changed();
    }
  }

  /** What was written after a message that cannot be sent waits with it, so that the order stays. @param {Outgoing} item @param {Refusal | null} refusal */
  #fail(item, refusal) {
    const signedOut = refusal?.status === 401;
    item.final = !!refusal && !refusal.passing && !signedOut;
    const failed = item.final ? [item] : this.items.filter((each) => each === item || each.state === "queued");
    for (const each of failed) {
      each.state = "failed";
      each.reason = refusal?.message ?? "";
      each.signedOut = signedOut;
    }
  }
}

/** randomUUID exists only on pages that are served securely. */
export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-a$4-$5");
}
