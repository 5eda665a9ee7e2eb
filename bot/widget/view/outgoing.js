/** A message of the customer's that is not in the history yet, and what can be done if it does not get there. */

import { el } from "./dom.js";
import { outgoingPicture } from "./picture.js";

/**
 * @param {Outgoing} item
 * @param {Texts} texts
 * @param {Outbox} outbox
 * @param {(text: string) => void} edit puts the text back into the input
 */
export function outgoing(item, texts, outbox, edit) {
  const { id, state, text, content, final, reason } = item;
  const failed = state === "failed";
  const discard = () => outbox.discard(id);
  const mend = () => {
    discard();
    edit(text);
  };
  const button = (/** @type {string} */ title, /** @type {() => void} */ press) => el("button.small.link", { type: "button", onclick: press }, title);
  return el(
    `div.turn.user.unsent.${state}`,
    { part: "message user", "data-id": id, "data-state": state },
    el("p.unseen", {}, texts.you),
    el(failed ? "div.card.bubble" : "div.card.primary.bubble", { part: "bubble" }, "picture" in content ? outgoingPicture(content.picture, text) : el("p.text", {}, el("span", {}, text))),
    state === "waiting" && el("p.quiet", {}, texts.waiting),
    failed &&
      el(
        "p.row.quiet.accent",
        { role: "alert" },
        el("span", {}, reason || texts.unsent),
        !final && button(texts.retry, () => outbox.retry()),
        final && "text" in content && button(texts.edit, mend),
        button(texts.discard, discard),
      ),
  );
}
