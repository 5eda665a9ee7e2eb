/** The line that says a page is not live, why, and since when; empty while it is. */

/** @typedef {"ended" | "offline" | "lost" | "stale"} Trouble */

/** The first that holds is said. @type {Trouble[]} */
const TROUBLES = ["ended", "offline", "lost", "stale"];
/** A page that is just being left loses its stream too, which nobody needs to be told. */
const GRACE = 400;

export class StateLine {
  constructor() {
    this.line = document.getElementById("live-state");
    /** @type {Map<Trouble, number>} */ this.troubles = new Map();
    /** @type {ReturnType<typeof setTimeout>|undefined} */ this.timer = undefined;
  }

  /** @param {Trouble} trouble @param {number|null} since null: it is over */
  set(trouble, since) {
    if (since === null) this.troubles.delete(trouble);
    else if (!this.troubles.has(trouble)) this.troubles.set(trouble, since);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#show(), this.troubles.size ? GRACE : 0);
  }

  #show() {
    if (!this.line) return;
    const trouble = TROUBLES.find((each) => this.troubles.has(each));
    const since = trouble && new Date(this.troubles.get(trouble) ?? 0).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    const text = trouble ? (this.line.dataset[trouble] ?? "").replace("{since}", since ?? "") : "";
    if (this.line.dataset.said === text) return;
    this.line.dataset.said = text;
    this.line.textContent = text;
    if (trouble !== "ended") return;
    const link = document.createElement("a");
    [link.href, link.target, link.textContent] = ["/desk", "_blank", this.line.dataset.signIn ?? ""];
    this.line.append(" ", link);
  }
}
