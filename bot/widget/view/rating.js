/** Asks how it went where a case has ended: a press on a star counts at once, a word can follow. */

import { ends } from "../protocol/timeline.js";
import { el, icon } from "./dom.js";

/** The question stands as long as the end is the last thing said, also after the page was loaded anew, and is not put twice. */
export class Ratings {
  /** The seq of the end that is asked about. */
  #asked = 0;

  /** @param {Texts} texts @param {Conversation} conversation @param {HTMLElement} node where it is asked */
  constructor(texts, conversation, node) {
    this.texts = texts;
    this.conversation = conversation;
    this.node = node;
  }

  update() {
    const { timeline } = this.conversation;
    const seq = timeline.end?.seq ?? 0;
    if (seq === this.#asked) return;
    this.#asked = seq;
    const asks = seq && !this.#isRated(seq);
    this.node.replaceChildren(...(asks ? [rating(this.texts, (score, word) => this.conversation.rate(seq, score, word))] : []));
  }

  /** Whether the end, or the solution that the customer has only confirmed with it, is rated. @param {number} seq */
  #isRated(seq) {
    const { timeline, ratings } = this.conversation;
    const { data } = timeline.messages[seq - 1];
    const before = data?.type === "ended" && data.by === "customer" && timeline.messages.slice(0, seq - 1).findLast(ends);
    return seq in ratings || (before && before.seq in ratings);
  }
}

/**
 * @param {Texts} texts
 * @param {(score: number, word?: string) => Promise<void>} rate
 * @returns {HTMLElement}
 */
function rating(texts, rate) {
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
