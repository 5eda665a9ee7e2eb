/** The phone before the checkout: a list of products, and the page of one, each with what stands there about installments. */

import { el } from "../../widget/view/dom.js";
import { badge, thumb } from "./checkout.js";
import texts from "./texts.js";
import { money } from "./written.js";

/** @param {any[]} goods @param {(sku: string) => void} open */
export function list(goods, open) {
  return [
    el("h2", { id: "checkout-title" }, texts.allGoods),
    el(
      "ul.stack",
      {},
      ...goods.map((each) =>
        el(
          "li.box.goods",
          { "data-sku": each.sku },
          el(
            "button.row.open-goods",
            { type: "button", onclick: () => open(each.sku) },
            thumb(each.picture),
            el("span.grow", {}, el("span.title", {}, each.title), el("span.quiet", {}, each.merchant)),
            el("span.price", {}, money(each.price)),
          ),
          badge(each.sku),
        ),
      ),
    ),
  ];
}

/** @param {any} each @param {{back: () => void, buy: () => void}} on */
export function product(each, on) {
  const rows = [
    [texts.shopOf, each.merchant],
    [texts.categoryOf, each.category],
  ];
  return [
    el("button.button.small.plain", { type: "button", onclick: on.back }, texts.backToGoods),
    el("div.row", {}, thumb(each.picture), el("h2.grow", { id: "checkout-title" }, each.title)),
    el("p.due", {}, el("strong.due-amount", {}, money(each.price))),
    badge(each.sku),
    el("dl.box.facts", {}, ...rows.flatMap(([name, value]) => [el("dt.quiet", {}, name), el("dd", {}, value)])),
    el("button.button.primary.pay", { type: "button", onclick: on.buy }, texts.buy),
  ];
}
