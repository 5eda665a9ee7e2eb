/** One card per kind of message data: what the text says, in a form that is taken in at a glance. */

import { fill } from "../texts.js";
import { el, icon } from "./dom.js";
import { linked } from "./links.js";
import { place } from "./path.js";
import { picture } from "./picture.js";

/** The inside of a message's bubble. @param {Message} message @param {Tools} tools @returns {HTMLElement[]} */
export function content(message, tools) {
  const type = message.data?.type;
  // The checker cannot see that a card is given the messages of its own type.
  const make = type && Object.hasOwn(CARDS, type) && /** @type {any} */ (CARDS[type]);
  return make ? make(message, tools) : [said(message.text)];
}

/** @param {string} text */
const said = (text) => el("p.text", {}, ...text.split("\n").map((line) => el("span", {}, ...linked(line))));

/** @param {string} kind good, plain or warn @param {string} name of an icon @param {string} title */
const head = (kind, name, title) => el(`p.row.head.${kind}`, {}, icon(name), title);

/** While the card above tells the causes, or there are none, only what leads to them is said. @param {MessageOf<"diagnosis">} message @param {Tools} tools */
function diagnosis({ seq, text, data }, { texts, card }) {
  const node = el("div.stack");
  const blocks = data.causes.filter(({ kind }) => kind === "block").length;
  const count = data.causes.length;
  const see = () => (blocks ? fill(texts.caseSee, { count: blocks }) : fill(texts.caseSeeLimits, { count }));
  const point = () => el("button.link.accent", { type: "button", onclick: () => card?.open() }, see());
  const show = (/** @type {boolean} */ told) => node.replaceChildren(said(((told || !count) && data.short) || text), ...(told ? [point()] : []));
  if (card && count) card.watch(seq, show);
  else show(false);
  return [node];
}

/** @param {MessageOf<"step">} message @param {Tools} tools */
function step({ text, data }, { texts }) {
  const { step: number, steps, path, instruction, link } = data;
  if (instruction === undefined) return [said(text)];
  const bar = el("span.row.bar", { "aria-hidden": "true" }, ...Array.from({ length: steps }, (_, place) => el(place < number ? "i.grow.on" : "i.grow")));
  return [
    el("p.row.apart.head.accent", {}, fill(texts.step, { step: number, steps }), bar),
    said(instruction),
    ...place(path, link, texts),
  ];
}

/** Green only where nothing is left in the way. @param {MessageOf<"check">} message @param {Tools} tools */
function check({ text, data: { passed, blocked } }, { texts }) {
  const [kind, name, title] = passed ? (blocked ? ["plain", "check", texts.passedOne] : ["good", "check", texts.passed]) : ["warn", "search", texts.notPassed];
  return [head(kind, name, title), said(text)];
}

/** @param {MessageOf<"resolved">} message @param {Tools} tools */
function resolved(message, tools) {
  return [head("good", "check", tools.texts.resolved), ...plans(message, tools)];
}

/** @param {MessageOf<"plans" | "resolved">} message @param {Tools} tools */
function plans({ text, data }, { texts, format }) {
  const { plans, intro, note } = data;
  if (!plans.length || intro === undefined) return [said(text)];
  const names = [texts.tenor, texts.perPeriod, texts.fee, texts.total, texts.apr];
  const row = (/** @type {PlanData} */ plan) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, fill(texts.periods, { count: plan.tenor })),
      el("td", {}, format.amount(plan.per_period)),
      el("td", {}, plan.fee_total > 0 ? format.amount(plan.fee_total) : texts.free),
      el("td", {}, format.amount(plan.total)),
      el("td", {}, el("strong", {}, format.rate(plan.apr))),
    );
  return [
    said(intro),
    el(
      "table.plans",
      { "aria-label": texts.plans },
      el("thead", {}, el("tr", {}, ...names.map((name) => el("th", { scope: "col" }, name)))),
      el("tbody", {}, ...plans.map(row)),
    ),
    ...(note ? [said(note)] : []),
  ];
}

/** @param {MessageOf<"waiting">} message @param {Tools} tools */
const waiting = ({ text, data }, { texts }) => [
  data.subscribed ? head("good", "bell", texts.subscribed) : head("warn", "clock", texts.waitingTitle),
  said(text),
];

/** What is explained is never the customer's to change, even if paying otherwise is. @param {MessageOf<"explained">} message @param {Tools} tools */
const explained = ({ text, data }, { texts }) => [
  ...(data.fixed_by === "user" ? [] : [el("p.tag.warn", {}, texts.fixers[data.fixed_by])]),
  said(text),
];

/** The words come first: they may be what somebody in danger must do now. @param {MessageOf<"handoff">} message @param {Tools} tools */
function handoff({ text, data }, { texts }) {
  const copy = el("button.button.small.plain", { type: "button", onclick: () => copyNumber(copy, data.handoff_id, texts) }, texts.copy);
  return [
    head("warn", "person", texts.handoff),
    said(text),
    el("p.wrap.box.number", {}, el("span.quiet", {}, texts.handoffNumber), el("strong.grow", {}, data.handoff_id), navigator.clipboard && copy),
  ];
}

/** @param {HTMLElement} button @param {string} number @param {Texts} texts */
async function copyNumber(button, number, texts) {
  await navigator.clipboard.writeText(number);
  button.textContent = texts.copied;
}

/** @type {Cards} */
const CARDS = { diagnosis, step, check, resolved, plans, waiting, explained, handoff, picture };
