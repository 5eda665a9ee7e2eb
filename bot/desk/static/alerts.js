/** A short tone when an urgent customer begins to wait; off until somebody switches it on, and remembered. */

const KEY = "baitiao-desk-sound";
const TONES = [880, 1175];
const LENGTH = 0.16;

export class Alerts {
  constructor() {
    this.button = document.getElementById("sound");
    /** @type {AudioContext|null} */ this.audio = null;
    this.on = stored() === "1";
    /** @type {Set<string>} */ this.known = new Set(urgent());
    if (!this.button) return;
    this.button.hidden = false;
    this.button.addEventListener("click", () => this.#switch());
    // Browsers let a page sound only after somebody has touched it.
    for (const touch of ["pointerdown", "keydown"]) addEventListener(touch, () => this.on && this.#ready(), { once: true });
    this.#show();
  }

  /** Looks at the page again: who is new is called out. */
  look() {
    const now = urgent();
    const isNew = now.some((id) => !this.known.has(id));
    this.known = new Set(now);
    if (isNew && this.on) this.#sound();
  }

  #switch() {
    this.on = !this.on;
    try {
      localStorage.setItem(KEY, this.on ? "1" : "0");
    } catch {
      // Then it holds until the page is left.
    }
    this.#show();
    if (this.on) this.#sound();
  }

  #show() {
    if (!this.button) return;
    this.button.setAttribute("aria-pressed", `${this.on}`);
    this.button.textContent = (this.on ? this.button.dataset.on : this.button.dataset.off) ?? "";
  }

  #ready() {
    this.audio ??= new AudioContext();
    if (this.audio.state === "suspended") void this.audio.resume();
    return this.audio;
  }

  #sound() {
    const audio = this.#ready();
    TONES.forEach((height, place) => {
      const [from, tone, loudness] = [audio.currentTime + place * LENGTH, audio.createOscillator(), audio.createGain()];
      tone.frequency.value = height;
      loudness.gain.setValueAtTime(0.15, from);
      loudness.gain.exponentialRampToValueAtTime(0.001, from + LENGTH);
      tone.connect(loudness).connect(audio.destination);
      tone.start(from);
      tone.stop(from + LENGTH);
    });
  }
}

function urgent() {
  return (document.getElementById("queue")?.dataset.urgent ?? "").split(" ").filter(Boolean);
}

function stored() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
