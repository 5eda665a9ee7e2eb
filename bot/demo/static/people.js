/** The list of customers: one stop of the Tab key, arrow keys within, and a search above it. */

import { el } from "../../widget/view/dom.js";
import texts from "./texts.js";

/** @param {any} each of a customer's orders and bills */
export const keyOf = (each) => each.order ?? each.bill;

export class People {
  /** @type {any[]} */ #people = [];
  /** @type {any[]} */ #found = [];
  /** @type {any} */ #chosen = null;
  /** Index of the option that the keys are at. */
  #at = 0;

  /** @param {{search: HTMLInputElement, count: HTMLElement, list: HTMLElement}} parts @param {(person: any) => void} pick */
  constructor(parts, pick) {
    this.parts = parts;
    this.pick = pick;
    parts.search.addEventListener("input", () => this.#list());
    parts.search.addEventListener("keydown", (event) => this.#searching(event));
    parts.list.addEventListener("keydown", (event) => this.#keyed(event));
  }

  /** @param {any[]} people */
  show(people) {
    this.#people = people;
    this.#list();
  }

  /** @param {any} person */
  choose(person) {
    this.#chosen = person;
    this.#list();
  }

  #list() {
    const { search, count, list } = this.parts;
    const parts = search.value.trim().toLowerCase().split(/\s+/);
    this.#found = this.#people.filter((each) => parts.every((part) => wordsOf(each).includes(part)));
    this.#at = Math.max(0, this.#found.indexOf(this.#chosen));
    count.textContent = texts.found(this.#found.length);
    list.replaceChildren(...this.#found.map((each, place) => this.#option(each, place)));
    this.#reach(this.#at);
  }

  /** @param {any} each @param {number} place */
  #option(each, place) {
    return el(
      "li.person",
      { role: "option", id: `person-${place}`, "aria-selected": String(each === this.#chosen), onclick: () => this.pick(each) },
      el("span.head", {}, `${each.name} `, el("span.quiet", {}, each.region)),
      el("span.quiet", {}, each.about || each.id),
    );
  }

  /** Moves the keys to an option, and the list alone to where it is seen: the page stays. @param {number} place */
  #reach(place) {
    const { list } = this.parts;
    this.#at = Math.max(0, Math.min(place, this.#found.length - 1));
    const options = /** @type {HTMLElement[]} */ ([...list.children]);
    options.forEach((each, index) => each.classList.toggle("reached", index === this.#at));
    const reached = options[this.#at];
    if (!reached) return list.removeAttribute("aria-activedescendant");
    list.setAttribute("aria-activedescendant", reached.id);
    const above = reached.offsetTop - list.offsetTop;
    if (above < list.scrollTop) list.scrollTop = above;
    else if (above + reached.offsetHeight > list.scrollTop + list.clientHeight) list.scrollTop = above + reached.offsetHeight - list.clientHeight;
  }

  /** @param {KeyboardEvent} event */
  #keyed(event) {
    const last = this.#found.length - 1;
    const wanted = { ArrowDown: this.#at + 1, ArrowUp: this.#at - 1, PageDown: this.#at + 5, PageUp: this.#at - 5, Home: 0, End: last }[event.key];
    if (wanted !== undefined) this.#reach(wanted);
    else if (event.key === "Enter" || event.key === " ") this.#found[this.#at] && this.pick(this.#found[this.#at]);
    else return;
    event.preventDefault();
  }

  /** From the search straight to what was found. @param {KeyboardEvent} event */
  #searching(event) {
    if (event.isComposing || !["ArrowDown", "Enter"].includes(event.key) || !this.#found.length) return;
    event.preventDefault();
    this.#reach(0);
    if (event.key === "Enter") this.pick(this.#found[0]);
    else this.parts.list.focus();
  }
}

/** @param {any} each */
const wordsOf = (each) =>
  [each.id, each.name, each.region, each.about, ...each.subjects.flatMap((/** @type {any} */ one) => [keyOf(one), ...(one.titles ?? [])])].join(" ").toLowerCase();
