/** All that stays on the device: an unsent draft and the number of the last message seen. */

export class Memory {
  #prefix;

  /** @param {string} subject whose conversation it is; only a number made from it is stored */
  constructor(subject) {
    const hash = [...subject].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, 7);
    this.#prefix = `baitiao-chat:${(hash >>> 0).toString(36)}:`;
  }

  get draft() {
    return this.#read("draft");
  }

  set draft(text) {
    this.#write("draft", text);
  }

  get seen() {
    return Number(this.#read("seen")) || 0;
  }

  set seen(seq) {
    this.#write("seen", seq ? String(seq) : "");
  }

  /** @param {string} name */
  #read(name) {
    try {
      return localStorage.getItem(this.#prefix + name) ?? "";
    } catch {
      return ""; // a frame of another site may have no storage
    }
  }

  /** @param {string} name @param {string} value */
  #write(name, value) {
    try {
      if (value) localStorage.setItem(this.#prefix + name, value);
      else localStorage.removeItem(this.#prefix + name);
    } catch {
      // The same; nothing depends on it.
    }
  }
}
