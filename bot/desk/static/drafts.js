/** What was typed and not sent: kept in this tab over reloads; where it holds a personal number, leaving is warned about instead. */

import { personalNumbers } from "../../widget/personal.js";

const PREFIX = "desk ";

export class Drafts {
  /** @param {string} whose the agent and the case */
  constructor(whose) {
    this.whose = PREFIX + whose;
    const agent = PREFIX + whose.split(" ")[0] + " ";
    // Whoever signs in next at this window has no business with them.
    attempt(() => Object.keys(sessionStorage).forEach((key) => key.startsWith(PREFIX) && !key.startsWith(agent) && sessionStorage.removeItem(key)));
    document.addEventListener("input", (event) => event.target instanceof HTMLTextAreaElement && this.#keep(event.target));
    addEventListener("beforeunload", (event) => fields().some((field) => field.value && !this.#isKept(field)) && event.preventDefault());
  }

  /** Puts back what was typed before, and keeps what was typed before this was there to listen. */
  restore() {
    for (const field of fields()) {
      if (field.value) {
        this.#keep(field);
        continue;
      }
      field.value = attempt(() => sessionStorage.getItem(this.#key(field))) ?? "";
      const folded = field.closest("details:not(.tool)");
      if (field.value && folded instanceof HTMLDetailsElement) folded.open = true;
    }
  }

  /** What a form held has arrived. @param {HTMLFormElement} form */
  forget(form) {
    for (const field of form.querySelectorAll("textarea")) attempt(() => sessionStorage.removeItem(this.#key(field)));
  }

  /** @param {HTMLTextAreaElement} field */
  #keep(field) {
    if (field.value && !personalNumbers(field.value).length) attempt(() => sessionStorage.setItem(this.#key(field), field.value));
    else attempt(() => sessionStorage.removeItem(this.#key(field)));
  }

  /** @param {HTMLTextAreaElement} field */
  #isKept(field) {
    return attempt(() => sessionStorage.getItem(this.#key(field))) === field.value;
  }

  /** @param {HTMLTextAreaElement} field */
  #key(field) {
    return `${this.whose} ${field.form?.getAttribute("action")?.split("/").pop()} ${field.name}`;
  }
}

/** Whether anything is written that is not sent. */
export function isAnythingWritten() {
  return fields().some((field) => field.value !== "");
}

function fields() {
  return [.../** @type {NodeListOf<HTMLTextAreaElement>} */ (document.querySelectorAll("main textarea"))];
}

/** Storage may be full, or refused altogether. @template T @param {() => T} step @returns {T|undefined} */
function attempt(step) {
  try {
    return step();
  } catch {
    return undefined;
  }
}
