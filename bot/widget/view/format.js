/** Amounts, rates and times as people of a locale write them. All times are the shops': China Standard Time. */

const ZONE = { timeZone: "Asia/Shanghai", hourCycle: /** @type {const} */ ("h23") };

export class Format {
  #money;
  #clock;
  #dayClock;
  #day;

  /** @param {string} locale */
  constructor(locale) {
    const clock = /** @type {const} */ ({ hour: "2-digit", minute: "2-digit" });
    const day = /** @type {const} */ ({ month: "short", day: "numeric" });
    this.#money = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    this.#clock = new Intl.DateTimeFormat(locale, { ...ZONE, ...clock });
    this.#dayClock = new Intl.DateTimeFormat(locale, { ...ZONE, ...day, ...clock });
    this.#day = new Intl.DateTimeFormat(locale, { ...ZONE, year: "numeric", month: "numeric", day: "numeric" });
  }

  /** @param {number} yuan */
  amount(yuan) {
    return this.#money.format(yuan);
  }

  /** @param {number} ratio */
  rate(ratio) {
    return `${(ratio * 100).toFixed(2)}%`;
  }

  /** @param {string | number} at */
  day(at) {
    return this.#day.format(new Date(at));
  }

  /** The time, with the day if it is not today's. @param {string | number} at */
  moment(at) {
    const today = this.day(at) === this.day(Date.now());
    return (today ? this.#clock : this.#dayClock).format(new Date(at));
  }
}
