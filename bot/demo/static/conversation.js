/** One customer's conversation over the widget API: history, live updates, an outbox. Each message is kept once, ordered by seq. */

import { sentence, UNREACHABLE } from "./api.js";

const BASE = "/webhooks/widget";
const LONGEST_PAUSE = 15000;
const PATIENCE = 60000;

/**
 * @typedef {{seq: number, id: string, at: string, role: string, text: string, buttons: {title: string, payload: string}[], data: any}} Message
 * @typedef {{id: string, text: string, body: object, state: "sending"|"failed"|"sent", error: string}} Outgoing
 */

export class Conversation {
  /** @type {Map<number, Message>} */ #messages = new Map();
  /** @type {Map<string, Outgoing>} */ #outbox = new Map();
  #closing = new AbortController();
  #token = "";
  #pause = 0;
  #queue = Promise.resolve();

  /**
   * @param {() => Promise<string>} tokenFor fetches a token; again when the old one is refused
   * @param {(news: Message[]) => void} changed called after every change
   */
  constructor(tokenFor, changed) {
    this.tokenFor = tokenFor;
    this.changed = changed;
    /** @type {"connecting"|"open"|"lost"} */
    this.connection = "connecting";
    this.error = "";
  }

  /** Everything received, by seq. */
  get messages() {
    return [...this.#messages.values()].sort((a, b) => a.seq - b.seq);
  }

  /** What was sent and has not come back yet, in the order of sending. */
  get outbox() {
    return [...this.#outbox.values()];
  }

  /** Whether an answer is being waited for. */
  get waiting() {
    return this.outbox.some((item) => item.state === "sending");
  }

  /** Loads the history and listens until closed. */
  async start() {
    while (!this.#closing.signal.aborted) {
      try {
        await this.#listen();
        this.#pause = 0;
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        this.#report("lost", error);
      }
      // A server that ends the stream politely is asked again at once; one that fails, less and less often.
      await this.#rest();
    }
  }

  /** Tries again now instead of at the end of the pause. */
  reconnect() {
    this.#wake?.();
  }

  close() {
    this.#closing.abort();
    this.#wake?.();
  }

  /** @param {string} text */
  say(text) {
    return this.#post(text, { text });
  }

  /** @param {string} title @param {string} payload */
  press(title, payload) {
    return this.#post(title, { payload });
  }

  /** @param {string} id of a message that failed */
  retry(id) {
    const item = this.#outbox.get(id);
    if (item?.state !== "failed") return;
    item.state = "sending";
    this.changed([]);
    this.#enqueue(item);
  }

  /** @param {string} id of a message that failed */
  discard(id) {
    if (this.#outbox.get(id)?.state === "failed") this.#outbox.delete(id);
    this.changed([]);
  }

  /** @type {(() => void)|null} */ #wake = null;

  /** @param {string} text @param {object} content */
  #post(text, content) {
    const id = uuid();
    /** @type {Outgoing} */
    const item = { id, text, body: { id, ...content }, state: "sending", error: "" };
    this.#outbox.set(id, item);
    this.changed([]);
    return this.#enqueue(item);
  }

  /** One at a time, so that answers come in the order of the questions. @param {Outgoing} item */
  #enqueue(item) {
    this.#queue = this.#queue.then(() => this.#send(item));
    return this.#queue;
  }

  /** @param {Outgoing} item */
  async #send(item) {
    try {
      const response = await this.#fetch("/messages", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(item.body),
        signal: AbortSignal.any?.([this.#closing.signal, AbortSignal.timeout(PATIENCE)]) ?? this.#closing.signal,
      });
      const replies = (await response.json()).messages;
      item.state = "sent";
      this.#absorb(replies);
      if (this.#outbox.has(item.id)) await this.#catchUp();
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      // What the stream has brought meanwhile did arrive, whatever happened to the answer of the request.
      if (!this.#outbox.has(item.id)) return;
      if (item.state === "sent") return;
      item.state = "failed";
      item.error = error instanceof Refusal ? error.message : UNREACHABLE;
      this.changed([]);
    }
  }

  async #listen() {
    await this.#catchUp();
    const response = await this.#fetch(`/events?after=${this.#last()}`, { signal: this.#closing.signal });
    this.#report("open", null);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const events = (text + value.replaceAll("\r\n", "\n")).split("\n\n");
      text = events.pop() ?? "";
      this.#absorb(events.map(message).filter((each) => each !== null));
    }
  }

  async #catchUp() {
    const response = await this.#fetch(`/messages?after=${this.#last()}`, { signal: this.#closing.signal });
    this.#absorb((await response.json()).messages);
  }

  /** @param {Message[]} messages */
  #absorb(messages) {
    const news = messages.filter((each) => !this.#messages.has(each.seq));
    for (const each of news) {
      this.#messages.set(each.seq, each);
      this.#outbox.delete(each.id);
    }
    if (news.length) this.changed(news);
  }

  /** The seq up to which nothing is missing. */
  #last() {
    let seq = 0;
    while (this.#messages.has(seq + 1)) seq += 1;
    return seq;
  }

  /** @param {string} path @param {RequestInit} options @returns {Promise<any>} */
  async #fetch(path, options) {
    for (let attempt = 0; ; attempt += 1) {
      this.#token ||= await this.tokenFor();
      const headers = { ...options.headers, Authorization: `Bearer ${this.#token}` };
      const response = await fetch(BASE + path, { ...options, headers, cache: "no-store" });
      if (response.ok) return response;
      if (response.status !== 401 || attempt > 0) throw new Refusal(await sentence(response));
      this.#token = "";
    }
  }

  /** @param {"open"|"lost"} connection @param {unknown} error */
  #report(connection, error) {
    this.connection = connection;
    this.error = error instanceof Refusal ? error.message : error ? UNREACHABLE : "";
    this.#pause = error ? Math.min(LONGEST_PAUSE, (this.#pause || 500) * 2) : 0;
    this.changed([]);
  }

  #rest() {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#pause || 200);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(undefined);
      };
    });
  }
}

class Refusal extends Error {}

/** @param {string} event one server-sent event @returns {Message|null} */
function message(event) {
  const data = event
    .split("\n")
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice(5).trimStart())
    .join("\n");
  return data ? JSON.parse(data) : null;
}

/** randomUUID exists only where the page is served securely, which a demo on another machine of the house is not. */
function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
