/** Amounts, rates and times as people read them, one way for each locale: as `written` of its texts says. All times are the shops': China Standard Time. */

import { fill } from "../texts.js";

const PARTS = new Intl.DateTimeFormat("en", { timeZone: "Asia/Shanghai", hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });

export class Format {
  #names;
  #written;

  /** @param {string} locale @param {Texts["written"]} written */
  constructor(locale, written) {
    this.#names = new Intl.DateTimeFormat(locale, { timeZone: "Asia/Shanghai", month: "short" });
    this.#written = written;
  }

  /** The bare number, for tables whose heads say what it is. @param {number} yuan */
  amount(yuan) {
    return yuan.toFixed(2);
  }

  /** @param {number} yuan */
  yuan(yuan) {
    return fill(this.#written.yuan, { amount: this.amount(yuan) });
  }

  /** @param {number} ratio */
  rate(ratio) {
    return `${(ratio * 100).toFixed(2)}%`;
  }

  /** With its year if that is not this one. @param {string | number} at */
  day(at) {
    const date = new Date(at);
    const parts = partsOf(date);
    const pattern = parts.year === partsOf(new Date()).year ? this.#written.date : this.#written.dateWithYear;
    return fill(pattern, { ...parts, name: this.#names.format(date) });
  }

  /** @param {string | number} at */
  moment(at) {
    return fill(this.#written.instant, { date: this.day(at), ...partsOf(new Date(at)) });
  }

  /** The time, with the day if it is not today's. @param {string | number} at */
  clock(at) {
    const moment = this.moment(at);
    return this.day(at) === this.day(Date.now()) ? moment.slice(-5) : moment;
  }
}

/** @param {Date} date @returns {Record<string, string>} */
const partsOf = (date) => Object.fromEntries(PARTS.formatToParts(date).map(({ type, value }) => [type, value]));
