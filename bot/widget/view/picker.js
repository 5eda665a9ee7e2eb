/** Orders and bills to choose from, in rows that people know them by, and the way to another one from a diagnosis. */

import { ANOTHER } from "../protocol/offers.js";
import { fill } from "../texts.js";
import { el } from "./dom.js";

/** @typedef {ClarifyData["choices"][number]} Choice */

/** @param {Button[]} choices as of inCard @param {(button: Button) => void} press @param {Tools} tools */
export function picker(choices, press, tools) {
  const named = choices[0].payload === ANOTHER;
  const rows = choices.map((each) => row(each, () => press(each), tools));
  return el("div.stack.picker", { role: "group", "aria-label": named ? tools.texts.choices : tools.texts.pick, onkeydown: move }, ...rows);
}

/** @param {Choice} choice @param {() => void} press @param {Tools} tools */
function row(choice, press, { texts, format }) {
  const { title, payload, bill, item, count, shop, amount, date, status } = choice;
  if (payload === ANOTHER) return el("button.button.small.plain", { part: "choice", type: "button", onclick: press }, title);
  const goods = bill ? fill(texts.billOf, { month: Number(date?.slice(-2)) }) : (item ?? title);
  const named = (count ?? 1) > 1 ? fill(texts.andMore, { item: goods, count: count ?? 1 }) : goods;
  const about = [shop, !bill && date && format.day(date), texts.statuses[/** @type {keyof Texts["statuses"]} */ (status)]].filter(Boolean);
  return el(
    "button.row.box.wide.pick-row",
    { part: "choice", type: "button", onclick: press, "data-title": title },
    el("span.text.grow", {}, el("span.head", {}, named), el("span.quiet", {}, about.join(" · "))),
    amount !== undefined && el("strong", {}, format.yuan(/** @type {number} */ (amount))),
  );
}

/** Arrow keys go from row to row. @param {KeyboardEvent} event */
function move(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const group = /** @type {HTMLElement} */ (event.currentTarget);
  const rows = [...group.querySelectorAll("button")];
  const next = step && rows[rows.indexOf(/** @type {HTMLButtonElement} */ (event.target)) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
