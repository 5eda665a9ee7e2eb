/** The phone: a checkout page or a bill, with the installment row offered, greyed, missing or failed to load. */

import { el } from "../../widget/view/dom.js";
import { money } from "./money.js";
import texts from "./texts.js";

/** @type {Record<string, string>} */ const STATUS = texts.statuses;
/** @type {Record<string, string>} */ const CHANNEL = texts.channels;

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
    bar(paid ? texts.orderPage : texts.checkout, `${STATUS[order.status]} · ${CHANNEL[order.channel]}`),
    el("p.due", {}, el("span.due-label", {}, paid ? texts.paid : texts.due), el("strong.due-amount", {}, money(order.amount))),
    el("ul.goods", {}, ...order.lines.map(good)),
    order.discount > 0 && el("p.paid-note", {}, texts.discount(money(order.discount))),
    paid
      ? el("p.paid-note", {}, texts.paidNote)
      : el(
          "fieldset.methods",
          {},
          el("legend", {}, texts.method),
          method("card", texts.card, { checked: true }),
          method("wallet", texts.wallet),
          ...baitiao(installment, order.down_payment),
        ),
    askButton(installment, on.ask),
    !paid && el("button.pay", { type: "button", onclick: on.pay }, texts.pay(money(order.amount))),
  ];
}

/** @param {any} state @param {any} on */
function billPage({ bill, installment }, on) {
  const rows = [
    [texts.billFacts[0], STATUS[bill.status]],
    [texts.billFacts[1], bill.issued_on],
    [texts.billFacts[2], bill.due_on],
  ];
  return [
    bar(texts.bill, bill.month),
    el("p.due", {}, el("span.due-label", {}, texts.billAmount), el("strong.due-amount", {}, money(bill.amount))),
    el("dl.facts", {}, ...rows.filter(([, value]) => value).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
    el(
      "fieldset.methods",
      {},
      el("legend", {}, texts.repayment),
      method("full", texts.repayAll, { checked: bill.status === "issued", disabled: bill.status !== "issued" }),
      installment.state === "offered" && el("div.group", {}, el("p.group-title", {}, texts.billPlans(money(installment.amount))), plans(installment)),
      installment.state === "greyed" && method("split", [texts.billSplit, texts.greyed], { disabled: true }),
      installment.state === "failed" && method("split", [texts.billSplit, texts.notLoaded], { disabled: true }),
    ),
    askButton(installment, on.ask),
    bill.status === "issued" && el("button.pay", { type: "button", onclick: on.pay }, texts.repay),
  ];
}

/** @param {any} installment @param {number} downPayment */
function baitiao(installment, downPayment) {
  if (installment.state === "greyed") return [method("baitiao", [texts.baitiao, texts.greyed], { disabled: true })];
  if (installment.state === "failed") return [method("baitiao", [texts.baitiao, texts.notLoaded], { disabled: true })];
  const later = method("baitiao", texts.later);
  if (installment.state === "missing") return [later];
  const title = downPayment > 0 ? texts.downPayment(money(downPayment)) : texts.installments;
  return [
    later,
    el("div.group", {}, el("p.group-title", {}, title, installment.slow && el("span.slow", {}, texts.slow)), plans(installment)),
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
        el("span.plan-main", {}, texts.periods(plan.tenor)),
        el("span.plan-period", {}, texts.perPeriod(money(plan.per_period))),
        el("span.plan-cost", {}, plan.fee_total > 0 ? texts.fee(money(plan.fee_total)) : texts.free),
        el("span.plan-cost", {}, texts.apr((plan.apr * 100).toFixed(2))),
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
    el("span.good-price", {}, money(line.amount), line.quantity > 1 && el("span.good-shop", {}, texts.pieces(line.quantity))),
  );
}

/** @param {string} value @param {string[]} words title and note @param {{checked?: boolean, disabled?: boolean}} [options] */
function method(value, [title, note], { checked = false, disabled = false } = {}) {
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
  el("button.ask", { type: "button", id: "ask", onclick: ask }, installment.state === "offered" ? texts.doubt : texts.question);
