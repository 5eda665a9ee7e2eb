/** One customer's conversation: what was said, what is being sent, and the line to the service. */

import { Outbox } from "./outbox.js";
import { Pause } from "./pause.js";
import { Refusal, Unreachable } from "./api.js";
import { read } from "./feed.js";
import { Timeline } from "./timeline.js";

const ANSWER = 40000;
const READING = 15000;
/** How long a person is said to be writing after they were seen to. */
const TYPING = 6000;
/** The service sends a heartbeat every 15 seconds. */
const SILENCE = 40000;
/** How long the stream may take to bring a message that the service has taken, before it is fetched. */
const STREAM_LEAD = 300;
/** With nobody but the assistant. @type {Standing} */
const ALONE = { stage: "bot", number: null, place: null, name: null };

/** @typedef {"connecting" | "open" | "reconnecting" | "offline" | "failed"} Line */

export class Conversation {
  timeline = new Timeline();
  /** @type {Line} */ line = "connecting";
  /** Why the line failed, in the service's words. */
  reason = "";
  /** Whether the history has been read once. */
  loaded = false;
  /** What the customer said of ends and of answers, by the message's seq. @type {Record<number, number>} */
  ratings = {};
  /** @type {Record<number, "up" | "down" | null>} */
  votes = {};
  standing = ALONE;
  /** Whether it is known where the customer stands with people. */
  stood = false;
  /** @type {ServiceNotice[]} */ notices = [];
  /** Whether the person who has the case is writing just now. */
  typing = false;
  #typed = 0;
  #unsaid = 0;
  #over = false;
  #asleep = false;
  #pause = new Pause();
  #stream = new AbortController();

  /**
   * @param {Api} api
   * @param {(news: Message[]) => void} changed called after every change
   */
  constructor(api, changed) {
    this.api = api;
    this.changed = changed;
    this.outbox = new Outbox((item) => this.#send(item), () => this.#tell([]));
  }

  /** Listens until it is closed. */
  async start() {
    while (!this.#over) {
      try {
        if (!this.#asleep) await this.#listen();
        // A stream that the service ended in good order is taken up again at once.
        this.#pause.reset();
        await this.#pause.wait(this.#asleep ? 2 ** 30 : 0);
      } catch (error) {
        if (this.#over) return;
        if (!this.#asleep) this.#lost(error);
        await this.#pause.wait(error instanceof Refusal ? error.retryAfter : 0);
      }
    }
  }

  close() {
    this.#over = true;
    clearTimeout(this.#typed);
    this.#stream.abort();
    this.#pause.wake();
    this.outbox.items = [];
    this.outbox.wake();
  }

  /** Ends the stream while nobody looks: browsers allow few of them, and phones cut them anyway. */
  sleep() {
    this.#asleep = true;
    this.#stream.abort();
  }

  /** Catches up: on return from the background, on a new network, with a new token, or because the customer asks for it. */
  resume() {
    const was = this.#asleep;
    this.#asleep = false;
    if (this.line === "open" && !was) this.#catchUp().catch(() => this.#stream.abort());
    this.#pause.wake();
    this.outbox.wake();
  }

  /** The device has lost its network. */
  cutOff() {
    this.#report("offline");
    this.#stream.abort();
  }

  /** @param {string} text */
  say(text) {
    this.outbox.push(text, { text });
  }

  /** @param {Button} button */
  press({ title, payload }) {
    this.outbox.push(title, { payload });
  }

  /** @param {Blob} picture @param {string} text that stands for it */
  show(picture, text) {
    this.outbox.push(text, { picture });
  }

  /** @param {string} id @returns {Promise<Blob>} a picture of the conversation */
  picture = async (id) => (await this.api.call(`/pictures/${id}`, { patience: READING })).blob();

  /** @param {number} seq @param {number} score @param {string} [word] */
  async rate(seq, score, word) {
    await this.api.call("/rating", { body: { seq, score, ...(word && { word }) }, patience: READING });
    this.ratings[seq] = score;
  }

  /** @param {number} seq @param {"up" | "down" | null} vote null takes it back @param {string} [reason] @param {string} [word] */
  async vote(seq, vote, reason, word) {
    await this.api.call("/feedback", { body: { seq, vote, ...(reason && { reason }), ...(word && { word }) }, patience: READING });
    this.votes[seq] = vote;
  }

  /** @returns {Promise<any>} what machine words are called */
  async labels() {
    return (await this.api.call("/labels", { patience: READING })).json();
  }

  /** @returns {Promise<FirstScreen>} what is known before anything is said */
  async opening() {
    return (await this.api.call("/opening", { patience: READING })).json();
  }

  /** Asks to be told once an incident is over. @param {string} incident */
  want(incident) {
    return this.api.call("/subscriptions", { body: { incident }, patience: READING });
  }

  /** @param {Outgoing} item */
  async #send(item) {
    const { id, content } = item;
    const response =
      "picture" in content
        ? await this.api.call(`/pictures?id=${id}`, { body: content.picture, patience: ANSWER })
        : await this.api.call("/messages", { body: { id, ...content }, patience: ANSWER });
    const { messages } = await response.json().catch(() => {
      throw new Unreachable();
    });
    this.#absorb(messages);
    setTimeout(() => this.#ensure(item), this.line === "open" ? STREAM_LEAD : 0);
  }

  /** A message that was taken must come back in the history; only then is it done. @param {Outgoing} item */
  async #ensure(item) {
    for (const pause = new Pause(); !this.#over && (this.timeline.gap || this.outbox.items.includes(item)); await pause.wait())
      await this.#catchUp().catch(() => {});
  }

  async #listen() {
    this.#stream = new AbortController();
    const { signal } = this.#stream;
    await this.#catchUp(signal);
    const response = await this.api.call(`/events?after=${this.timeline.through}`, { signal, patience: READING });
    this.#report("open");
    this.#pause.reset();
    // A stream begins with who has the case, unless it is the assistant alone.
    this.#unsaid = setTimeout(() => this.#stand(ALONE), STREAM_LEAD);
    // And with what is wrong, but with nothing of what is over.
    if (this.notices.length) this.#ask().catch(() => {});
    await read(response, SILENCE, (events) => this.#hear(events)).finally(() => clearTimeout(this.#unsaid));
  }

  async #ask() {
    const response = await this.api.call("/notices", { patience: READING });
    this.notices = (await response.json()).notices;
    this.#tell([]);
  }

  /** @param {any[]} events messages, who has the case, that this person writes, and what is wrong with the service */
  #hear(events) {
    const messages = events.filter(({ seq }) => seq);
    if (messages.some(({ role }) => role === "agent")) this.#types(false);
    this.#absorb(messages);
    for (const { person, typing, notice } of events) {
      if (typing) this.#types(true);
      if (person) this.#stand(person);
      if (!notice) continue;
      this.notices = notice.notices;
      this.#tell([]);
    }
  }

  /** @param {Standing} standing */
  #stand(standing) {
    clearTimeout(this.#unsaid);
    this.standing = standing;
    this.stood = true;
    this.timeline.stage = standing.stage;
    this.timeline.stood = true;
    this.#types(false);
  }

  /** @param {boolean} typing */
  #types(typing) {
    clearTimeout(this.#typed);
    this.typing = typing;
    if (typing) this.#typed = setTimeout(() => this.#types(false), TYPING);
    this.#tell([]);
  }

  /** @param {AbortSignal} [signal] */
  async #catchUp(signal) {
    /** @type {Message[]} */
    const messages = [];
    for (let after = this.timeline.through, more = true; more; after = messages.at(-1)?.seq ?? after) {
      const response = await this.api.call(`/messages?after=${after}`, { signal, patience: READING });
      const page = await response.json();
      messages.push(...page.messages);
      Object.assign(this.ratings, page.ratings);
      Object.assign(this.votes, page.feedback);
      more = !!page.more;
    }
    const first = !this.loaded;
    this.loaded = true;
    this.#absorb(messages, first);
  }

  /** @param {Message[]} messages @param {boolean} [first] */
  #absorb(messages, first) {
    const news = this.timeline.absorb(messages);
    for (const message of news) this.outbox.arrived(message.id);
    if (news.length || first) this.#tell(first ? [] : news);
  }

  /** @param {unknown} error */
  #lost(error) {
    const refused = error instanceof Refusal && !error.passing;
    this.#report(navigator.onLine === false ? "offline" : refused ? "failed" : "reconnecting", refused ? error.message : "");
  }

  /** @param {Line} line */
  #report(line, reason = "") {
    this.line = line;
    this.reason = reason;
    this.#tell([]);
  }

  /** @param {Message[]} news */
  #tell(news) {
    if (!this.#over) this.changed(news);
  }
}
