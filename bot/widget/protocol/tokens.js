/** The token in use, and where the next one comes from. */

import { Refusal } from "./api.js";

/** Milliseconds for which a page that has just been opened may still be learning who its customer is. */
const FIRST = 5000;

export class Tokens {
  #token = "";
  #refused = "";
  /** @type {(token: string) => void} */ #given = () => {};
  /** The first token that the page gives; an empty text if none comes in time, and once it was given. @type {Promise<string>} */
  #first = new Promise((resolve) => {
    this.#given = (token) => {
      this.#first = Promise.resolve("");
      resolve(token);
    };
  });
  /** @type {Promise<string> | null} */ #coming = null;

  /** @param {() => Promise<string>} fresh asks the page for a new token; an empty text if it has none */
  constructor(fresh) {
    this.fresh = fresh;
  }

  /** @param {string} token */
  set(token) {
    this.#token = token;
    if (token) this.#given(token);
  }

  /** @param {string} token one that the service did not accept */
  refuse(token) {
    if (this.#token === token) this.#token = "";
    this.#refused = token;
  }

  /** @returns {Promise<string>} */
  async get() {
    if (this.#token && !expired(this.#token)) return this.#token;
    // Several calls at once ask the page once.
    this.#coming ??= this.fresh().finally(() => {
      this.#coming = null;
    });
    const token = (await this.#coming.catch(() => "")) || (await this.#late());
    if (!token || token === this.#refused) throw new Refusal(401, "", 0);
    this.#token = token;
    return token;
  }

  /** Waits for a page that has given no token yet. */
  #late() {
    setTimeout(() => this.#given(""), FIRST);
    return this.#first;
  }
}

/** What a token says, unchecked: only for keeping things apart on this device. @param {string} token @returns {Record<string, any>} */
export function claims(token) {
  try {
    return JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
  } catch {
    return {};
  }
}

/** @param {string} token */
const expired = (token) => claims(token).exp * 1000 < Date.now();
