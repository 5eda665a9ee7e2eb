/** The stream that says when a page has become old: opened again after whatever ended it, and trusted only while it is heard. */

const FIRST_WAIT = 500;
const LONGEST_WAIT = 8_000;
/** The server says something every 5 s; whoever hears nothing for so long has slept, or has a connection that nobody is at the other end of. */
const SILENCE = 11_000;
const LOOK = 1_000;

/** How long to wait before the next try, spread so that not everybody comes back at once. @param {number} failures so far */
export function pause(failures) {
  return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(failures, 10)) * (0.75 + Math.random() / 2);
}

export class Live {
  /**
   * @param {string} address of the stream
   * @param {object} told
   * @param {(mark: string) => void} told.onMark the page may be older than this
   * @param {(why: "lost" | "offline" | "ended" | null, since: number) => void} told.onState null: the stream is heard
   */
  constructor(address, { onMark, onState }) {
    this.address = address;
    this.onMark = onMark;
    this.onState = onState;
    this.failures = 0;
    this.heardAt = Date.now();
    this.aliveAt = Date.now();
    this.open = false;
    /** @type {AbortController|null} */ this.connection = null;
    /** @type {(() => void)|null} */ this.hurry = null;
  }

  start() {
    void this.#run();
    setInterval(() => this.#look(), LOOK);
    addEventListener("offline", () => this.#lose("offline"));
    addEventListener("online", () => this.again());
    addEventListener("pageshow", (event) => event.persisted && this.again());
    document.addEventListener("visibilitychange", () => document.hidden || this.#look());
    addEventListener("focus", () => this.open || this.again());
  }

  /** Opens the stream anew at once. */
  again() {
    this.connection?.abort();
    this.failures = 0;
    this.hurry?.();
  }

  async #run() {
    for (;;) {
      const state = await this.#listen();
      this.#lose(state);
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, pause(this.failures++));
        this.hurry = () => (clearTimeout(timer), resolve(undefined));
      });
      this.hurry = null;
    }
  }

  /** Until the stream ends, however it does. @returns {Promise<"lost" | "ended">} */
  async #listen() {
    const connection = (this.connection = new AbortController());
    this.heardAt = Date.now();
    try {
      const response = await fetch(this.address, { cache: "no-store", signal: connection.signal, headers: { Accept: "text/event-stream" } });
      if (response.status === 401) return "ended";
      if (!response.ok || !response.body || !response.headers.get("content-type")?.startsWith("text/event-stream")) return "lost";
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return "lost";
        this.heardAt = this.aliveAt = Date.now();
        const lines = (rest + value).split("\n");
        rest = lines.pop() ?? "";
        const marks = lines.filter((line) => line.startsWith("data: "));
        if (marks.length) this.#hear(marks[marks.length - 1].slice(6));
      }
    } catch {
      return "lost";
    } finally {
      connection.abort();
    }
  }

  /** @param {string} mark */
  #hear(mark) {
    this.failures = 0;
    this.open = true;
    this.onState(null, this.aliveAt);
    this.onMark(mark);
  }

  /** @param {"lost" | "offline" | "ended"} why */
  #lose(why) {
    this.open = false;
    this.onState(navigator.onLine ? why : "offline", this.aliveAt);
  }

  #look() {
    if (!this.hurry && Date.now() - this.heardAt > SILENCE) {
      this.#lose("lost");
      this.again();
    }
  }
}
