/** The phone: a checkout page or a bill, with the installment row offered, greyed, missing or failed to load. */

import { el, money } from "./dom.js";

const STATUS = { cart: "购物车", unpaid: "待付款", paid: "已付款", open: "未出账", issued: "已出账", settled: "已还清" };
const CHANNEL = { app: "京东App", web: "电脑网页", wechat: "微信小程序", offline: "线下门店" };

/**
 * @param {any} state what /shop/api/state says
 * @param {{ask: () => void, pay: () => void}} on
 */
export function checkout(state, on) {
  return state.bill ? billPage(state, on) : orderPage(state, on);
}

/** @param {any} state @param {any} on */
function orderPage({ order, installment }, on) {
  const paid = order.status === "paid";
  return [
    bar(paid ? "订单详情" : "收银台", `${STATUS[order.status]} · ${CHANNEL[order.channel]}`),
    el("p.due", {}, el("span.due-label", {}, paid ? "已付" : "应付"), el("strong.due-amount", {}, money(order.amount))),
    el("ul.goods", {}, ...order.lines.map(good)),
    paid
      ? el("p.paid-note", {}, "这笔订单已经付款，付款方式不能再改。")
      : el(
          "fieldset.methods",
          {},
          el("legend", {}, "选择付款方式"),
          method("card", "银行卡", "储蓄卡（演示）", { checked: true }),
          method("wallet", "余额", "钱包余额（演示）", {}),
          ...baitiao(installment, order.down_payment),
        ),
    askButton(installment, on.ask),
    !paid && el("button.pay", { type: "button", onclick: on.pay }, `立即支付 ${money(order.amount)}`),
  ];
}

/** @param {any} state @param {any} on */
function billPage({ bill, installment }, on) {
  const rows = [
    ["账单状态", STATUS[bill.status]],
    ["出账日", bill.issued_on],
    ["还款日", bill.due_on],
  ];
  return [
    bar("白条账单", bill.month),
    el("p.due", {}, el("span.due-label", {}, "账单金额"), el("strong.due-amount", {}, money(bill.amount))),
    el("dl.facts", {}, ...rows.filter(([, value]) => value).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
    el(
      "fieldset.methods",
      {},
      el("legend", {}, "还款方式"),
      method("full", "一次还清", "按账单金额还款", { checked: bill.status === "issued", disabled: bill.status !== "issued" }),
      installment.state === "offered" && el("div.group", {}, el("p.group-title", {}, `账单分期 · 可分 ${money(installment.amount)}`), plans(installment)),
      installment.state === "greyed" && method("split", "账单分期", "暂不可用", { disabled: true }),
      installment.state === "failed" && method("split", "账单分期", "加载失败，请稍后再试", { disabled: true }),
    ),
    askButton(installment, on.ask),
    bill.status === "issued" && el("button.pay", { type: "button", onclick: on.pay }, "去还款"),
  ];
}

/** @param {any} installment @param {number} downPayment */
function baitiao(installment, downPayment) {
  if (installment.state === "greyed") return [method("baitiao", "白条", "暂不可用", { disabled: true })];
  if (installment.state === "failed") return [method("baitiao", "白条", "加载失败，请稍后再试", { disabled: true })];
  const later = method("baitiao", "白条 · 下月付", "不分期", {});
  if (installment.state === "missing") return [later];
  const title = downPayment > 0 ? `白条分期 · 首付 ${money(downPayment)}，其余分期` : "白条分期";
  return [
    later,
    el("div.group", {}, el("p.group-title", {}, title, installment.slow && el("span.slow", {}, "系统繁忙，可能时有时无")), plans(installment)),
  ];
}

/** @param {any} installment */
function plans(installment) {
  // Nothing on credit is chosen beforehand: that is the customer's to do, with the cost in view.
  return el(
    "div.plans",
    {},
    ...installment.plans.map((/** @type {any} */ plan) =>
      el(
        "label.plan",
        {},
        el("input", { type: "radio", name: "method", value: `plan-${plan.tenor}` }),
        el("span.plan-main", {}, `${plan.tenor} 期`),
        el("span.plan-period", {}, `每期 ${money(plan.per_period)}`),
        el("span.plan-cost", {}, plan.fee_total > 0 ? `费用 ${money(plan.fee_total)}` : "免费用"),
        el("span.plan-cost", {}, `年化 ${(plan.apr * 100).toFixed(2)}%`),
      ),
    ),
  );
}

/** @param {any} line */
function good(line) {
  return el(
    "li.good",
    {},
    el("span.thumb", { "aria-hidden": "true" }, [...line.category][0] ?? ""),
    el("span.good-text", {}, el("span.good-title", {}, line.title), el("span.good-shop", {}, line.merchant)),
    el("span.good-price", {}, money(line.amount), line.quantity > 1 && el("span.good-shop", {}, `${line.quantity} 件`)),
  );
}

/** @param {string} value @param {string} title @param {string} note @param {{checked?: boolean, disabled?: boolean}} options */
function method(value, title, note, { checked = false, disabled = false }) {
  return el(
    disabled ? "label.method.off" : "label.method",
    {},
    el("input", { type: "radio", name: "method", value, checked, disabled }),
    el("span.method-title", {}, title),
    el("span.method-note", {}, note),
  );
}

/** @param {string} title @param {string} note */
const bar = (title, note) => el("div.bar", {}, el("h2", { id: "checkout-title" }, title), el("span.bar-note", {}, note));

/** @param {any} installment @param {() => void} ask */
const askButton = (installment, ask) =>
  el("button.ask", { type: "button", id: "ask", onclick: ask }, installment.state === "offered" ? "分期有疑问？问智能助手" : "为什么不能分期？");
