/** Whether an answer helped: a thumb counts at once, why can follow, and a second press takes it back. */

import { el, icon } from "./dom.js";

/** The types of messages that answer something; steps and ends are judged by what comes of them. */
const ANSWERS = ["answer", "diagnosis", "plans", "explained", "out_of_scope"];
const LONGEST = 500;

/**
 * @param {Message} message
 * @param {Texts} texts
 * @param {Conversation} conversation
 * @returns {HTMLElement | false}
 */
export function feedback({ seq, role, data }, texts, conversation) {
  if (role !== "bot" || !ANSWERS.includes(data?.type ?? "")) return false;
  const words = texts.votes;
  const thumbs = [thumb("up"), thumb("down")];
  const status = el("p.quiet", { role: "status" });
  const group = el("div.row", { role: "group", "aria-label": words.ask, onkeydown: move }, ...thumbs);
  const why = el("form.stack.box", { hidden: true, onsubmit: submit });
  const node = el("div.stack", { part: "feedback" }, el("div.row", {}, group, status), why);
  /** @type {string | undefined} */
  let reason;
  show(conversation.votes[seq]);

  /** @param {"up" | "down"} vote */
  function thumb(vote) {
    const press = () => cast(conversation.votes[seq] === vote ? null : vote);
    return el("button.quiet.small.vote", { type: "button", "aria-label": words[vote], tabindex: vote === "up" ? 0 : -1, onclick: press, "data-vote": vote }, icon(vote === "up" ? "like" : "dislike"));
  }

  /** @param {"up" | "down" | null | undefined} vote */
  function show(vote) {
    for (const each of thumbs) {
      each.setAttribute("aria-pressed", String(each.dataset.vote === vote));
      each.classList.toggle("accent", each.dataset.vote === vote);
    }
    if (vote !== "down") why.hidden = true;
  }

  /** @param {"up" | "down" | null} vote */
  async function cast(vote) {
    reason = undefined;
    if (!(await sent(vote))) return;
    if (vote === "down") ask();
  }

  function ask() {
    const word = el("input.field.grow", { type: "text", maxlength: LONGEST, placeholder: words.word, "aria-label": words.word });
    const chips = Object.entries(words.reasons).map(([name, title]) => {
      const press = () => choose(name, chips);
      return el("button.button.small.plain", { type: "button", "aria-pressed": "false", onclick: press, "data-reason": name }, title);
    });
    why.replaceChildren(
      el("p.quiet", {}, words.why),
      el("div.wrap", { role: "group", "aria-label": words.why }, ...chips),
      el("div.row", {}, word, el("button.button.primary.small", { type: "submit" }, texts.submit)),
    );
    why.hidden = false;
  }

  /** @param {string} name @param {HTMLElement[]} chips */
  async function choose(name, chips) {
    reason = reason === name ? undefined : name;
    for (const each of chips) {
      each.setAttribute("aria-pressed", String(each.dataset.reason === reason));
      each.classList.toggle("primary", each.dataset.reason === reason);
    }
    await sent("down");
  }

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    if (!(await sent("down", why.querySelector("input").value.trim()))) return;
    // The form goes with what has the focus in it.
    thumbs[1].focus();
    why.hidden = true;
  }

  /** @param {"up" | "down" | null} vote @param {string} [word] */
  async function sent(vote, word) {
    try {
      await conversation.vote(seq, vote, reason, word);
      status.textContent = vote ? words.thanks : words.takenBack;
      show(vote);
      return true;
    } catch {
      status.textContent = words.failed;
      return false;
    }
  }

  /** Both thumbs are one stop of the Tab key. @param {KeyboardEvent} event */
  function move({ key }) {
    if (key === "ArrowRight") thumbs[1].focus();
    if (key === "ArrowLeft") thumbs[0].focus();
  }

  return node;
}
