/** The phone: a checkout page or a bill, with the installment row offered, greyed, missing or failed to load. */

import { el } from "../../widget/view/dom.js";
import { day, money } from "./written.js";
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
    el("p.due", {}, el("span.quiet", {}, paid ? texts.paid : texts.due), el("strong.due-amount", {}, money(order.amount))),
    el("ul.box.stack", {}, ...order.lines.map((/** @type {any} */ line) => good(line, order))),
    order.discount > 0 && el("p.quiet", {}, texts.discount(money(order.discount))),
    paid
      ? el("p.quiet", {}, texts.paidNote)
      : el(
          "fieldset.methods",
          {},
          el("legend.quiet", {}, texts.method),
          method("card", texts.card, { checked: true }),
          method("wallet", texts.wallet),
          ...baitiao(installment, order.down_payment),
        ),
    askButton(installment, on.ask),
    !paid && el("button.button.primary.pay", { type: "button", onclick: on.pay }, texts.pay(money(order.amount))),
  ];
}

/** @param {any} state @param {any} on */
function billPage({ bill, installment }, on) {
  const rows = [
    [texts.billFacts[0], STATUS[bill.status]],
    [texts.billFacts[1], bill.issued_on && day(bill.issued_on)],
    [texts.billFacts[2], bill.due_on && day(bill.due_on)],
  ];
  return [
    bar(texts.bill, texts.monthOf(bill.month)),
    el("p.due", {}, el("span.quiet", {}, texts.billAmount), el("strong.due-amount", {}, money(bill.amount))),
    el("dl.box.facts", {}, ...rows.filter(([, value]) => value).flatMap(([name, value]) => [el("dt.quiet", {}, name), el("dd", {}, value)])),
    el(
      "fieldset.methods",
      {},
      el("legend.quiet", {}, texts.repayment),
      method("full", texts.repayAll, { checked: bill.status === "issued", disabled: bill.status !== "issued" }),
      installment.state === "offered" && el("div.stack.group", {}, el("p", {}, texts.billPlans(money(installment.amount))), plans(installment)),
      installment.state === "greyed" && method("split", [texts.billSplit, texts.greyed], { disabled: true }),
      installment.state === "failed" && method("split", [texts.billSplit, texts.notLoaded], { disabled: true }),
    ),
    askButton(installment, on.ask),
    bill.status === "issued" && el("button.button.primary.pay", { type: "button", onclick: on.pay }, texts.repay),
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
    el("div.stack.group", {}, el("p.row", {}, title, installment.slow && el("span.tag.warn", {}, texts.slow)), plans(installment)),
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
        "label.card.pick.plan",
        {},
        el("input", { type: "radio", name: "method", value: `plan-${plan.tenor}` }),
        el("span.head", {}, texts.periods(plan.tenor)),
        el("span.period", {}, texts.perPeriod(money(plan.per_period))),
        el("span.quiet", {}, plan.fee_total > 0 ? texts.fee(money(plan.fee_total)) : texts.free),
        el("span.quiet", {}, texts.apr((plan.apr * 100).toFixed(2))),
      ),
    ),
  );
}

/** @param {any} line @param {any} order */
function good(line, order) {
  return el(
    "li.goods",
    {},
    el(
      "div.row",
      {},
      thumb(line.picture),
      el("span.grow", {}, el("span.title", {}, line.title), el("span.quiet", {}, line.merchant)),
      el("span.price", {}, money(line.amount), line.quantity > 1 && el("span.quiet", {}, texts.pieces(line.quantity))),
    ),
    badge(line.sku, order),
  );
}

/** What stands at a product about installments. @param {string} sku @param {{id?: string, channel?: string}} [order] that holds it */
export const badge = (sku, order = {}) => el("baitiao-badge", { sku, order: order.id, channel: order.channel });

/** A drawing of goods; their name stands beside it. @param {string} file */
export const thumb = (file) => el("img.thumb", { src: `/shop/static/${file}`, alt: "", width: 48, height: 48 });

/** @param {string} value @param {string[]} words title and note @param {{checked?: boolean, disabled?: boolean}} [options] */
function method(value, [title, note], { checked = false, disabled = false } = {}) {
  return el(
    disabled ? "label.method.off" : "label.method",
    {},
    el("input", { type: "radio", name: "method", value, checked, disabled }),
    el("span.title", {}, title),
    el("span.quiet", {}, note),
  );
}

/** @param {string} title @param {string} note */
const bar = (title, note) => el("div.row.apart", {}, el("h2", { id: "checkout-title" }, title), el("span.quiet", {}, note));

/** @param {any} installment @param {() => void} ask */
const askButton = (installment, ask) =>
  el("button.button.ask", { type: "button", id: "ask", onclick: ask }, installment.state === "offered" ? texts.doubt : texts.question);
