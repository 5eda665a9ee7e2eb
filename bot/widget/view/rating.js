/** Asks how it went: a press on a star counts at once, a word can follow. */

import { el, icon } from "./dom.js";

/**
 * @param {Texts} texts
 * @param {(score: number, word?: string) => Promise<void>} rate
 * @returns {HTMLElement}
 */
export function rating(texts, rate) {
  let score = 0;
  const status = el("p.quiet", { role: "status" });
  const word = el("input.field.grow", { type: "text", maxlength: 200, placeholder: texts.word, "aria-label": texts.word });
  const more = el("form.row", { hidden: true, onsubmit: submit }, word, el("button.button.primary", { type: "submit" }, texts.submit));
  const stars = el("div.stars", { role: "radiogroup", "aria-label": texts.rate }, ...texts.scores.map(star));
  const node = el("section.card.stack.rating", { part: "rating" }, el("p.head", {}, texts.rate), stars, more, status);

  /** @param {string} name @param {number} place */
  function star(name, place) {
    const choose = () => give(place + 1);
    return el("label.round.quiet.pick.star", {}, el("input", { type: "radio", name: "score", value: place + 1, "aria-label": name, onchange: choose }), icon("star"));
  }

  /** @param {number} given */
  async function give(given) {
    score = given;
    [...stars.children].forEach((each, place) => each.classList.toggle("accent", place < given));
    if (await sent()) more.hidden = false;
  }

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    if (!(await sent(word.value.trim()))) return;
    more.remove();
    stars.remove();
  }

  /** @param {string} [text] */
  async function sent(text) {
    try {
      await rate(score, text);
      status.textContent = texts.thanks;
      return true;
    } catch {
      status.textContent = texts.rateFailed;
      return false;
    }
  }

  return node;
}
