/** The demo panel: plays the part of the customer, the shop, the platform and time. */

import { el } from "./dom.js";

const DISTURBANCES = [
  ["outage", "系统故障"],
  ["degraded", "高峰拥堵"],
  ["maintenance", "系统维护"],
];

/**
 * @param {any} state what /shop/api/state says
 * @param {string|null} starts the disturbance this customer is there to meet
 * @param {{play: (cause: any) => void, world: (action: string, said: string) => void}} on
 */
export function panel(state, starts, on) {
  const running = new Set(state.disturbances);
  return [
    state.causes.length
      ? el("ul.remedies", {}, ...state.causes.map((/** @type {any} */ cause) => remedy(cause, on.play)))
      : el("p.panel-none", {}, starts && !running.has(starts) ? "先点下面亮起的按钮，让这位顾客遇上它。" : "这位顾客现在没有障碍，可以正常分期。"),
    el("h3.panel-head", {}, "所有顾客都会遇到的"),
    el(
      "div.world",
      {},
      ...DISTURBANCES.map(([action, title]) => {
        const open = running.has(action);
        const label = open ? `结束${title}` : title;
        const press = () => on.world(open ? "end" : action, open ? "已恢复正常" : `已开始：${title}`);
        return el(starts === action && !open ? "button.chip.lit" : "button.chip", { type: "button", "aria-pressed": String(open), onclick: press }, label);
      }),
      el("button.chip.reset", { type: "button", onclick: () => on.world("reset", "演示数据已恢复原样") }, "重置演示数据"),
    ),
  ];
}

/** @param {any} cause @param {(cause: any) => void} play */
function remedy(cause, play) {
  return el(
    "li.remedy",
    {},
    el("p.remedy-cause", {}, cause.title, cause.kind === "limit" && el("span.tag", {}, "只是变少")),
    cause.remedy &&
      el(
        "button.remedy-play",
        { type: "button", onclick: () => play(cause) },
        el("span.tag.by", {}, cause.remedy.by),
        el("span", {}, cause.remedy.title),
      ),
    cause.remedy?.stand_in && el("p.remedy-note", {}, "仅为模拟：这笔订单或这个账户其实没有解法，这一步只让演示能继续。"),
  );
}
