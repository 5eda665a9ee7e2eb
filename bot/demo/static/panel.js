/** The demo panel: plays the part of the customer, the shop, the platform and time. */

import { el } from "../../widget/view/dom.js";
import texts from "./texts.js";

const DISTURBANCES = Object.entries(texts.disturbances);

/**
 * @param {any} state what /shop/api/state says
 * @param {string|null} starts the disturbance this customer is there to meet
 * @param {{play: (cause: any) => void, world: (action: string, said: string) => void}} on
 */
export function panel(state, starts, on) {
  const running = new Set(state.disturbances);
  return [
    state.causes.length
      ? el("ul.stack", {}, ...state.causes.map((/** @type {any} */ cause) => remedy(cause, on.play)))
      : el("p.quiet", {}, starts && !running.has(starts) ? texts.startFirst : texts.nothingWrong),
    el("h3.quiet", { id: "everybody" }, texts.everybody),
    el(
      "div.wrap",
      { role: "group", "aria-labelledby": "everybody" },
      ...DISTURBANCES.map(([action, title]) => {
        const open = running.has(action);
        const label = open ? texts.end(title) : title;
        const press = () => on.world(open ? "end" : action, open ? texts.ended : texts.started(title));
        return el(starts === action && !open ? "button.button.small.lit" : "button.button.small.plain", { type: "button", "aria-pressed": String(open), onclick: press }, label);
      }),
      el("button.button.small.plain.reset", { type: "button", onclick: () => on.world("reset", texts.wasReset) }, texts.reset),
    ),
  ];
}

/** @param {any} cause @param {(cause: any) => void} play */
function remedy(cause, play) {
  return el(
    "li.stack",
    {},
    el("p.row.quiet", {}, cause.title, cause.kind === "limit" && el("span.tag.warn", {}, texts.onlyLess)),
    cause.remedy &&
      el(
        "button.row.card.remedy",
        { type: "button", onclick: () => play(cause) },
        el("span.tag.good", {}, cause.remedy.by),
        el("span.grow", {}, cause.remedy.title),
        el("span.quiet", {}, cause.remedy.everybody ? texts.ofEverybody : texts.ofThisCustomer),
      ),
    cause.remedy?.stand_in && el("p.quiet", {}, texts.standIn),
  );
}
