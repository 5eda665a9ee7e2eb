/** Pauses between attempts: each about twice as long as the one before, a little random so that clients do not come back in step. */

const FIRST = 400;
const LONGEST = 15000;

export class Pause {
  #count = 0;
  /** @type {(() => void) | null} */ #end = null;

  /** @param {number} [atLeast] milliseconds @returns {Promise<void>} */
  wait(atLeast = 0) {
    const usual = Math.min(LONGEST, FIRST * 2 ** this.#count++) * (0.75 + Math.random() / 2);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(atLeast, usual));
      this.#end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Ends the pause under way and starts small again. */
  wake() {
    this.reset();
    this.#end?.();
  }

  reset() {
    this.#count = 0;
  }
}
