/** One card per kind of message data: what the text says, in a form that is taken in at a glance. */

import { fill } from "../texts.js";
import { el, icon } from "./dom.js";
import { linked } from "./links.js";
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

/** @param {string} kind good or warn @param {string} name of an icon @param {string} title */
const head = (kind, name, title) => el(`p.row.head.${kind}`, {}, icon(name), title);

/** Whose part it is. @param {ExplainedData["fixed_by"]} fixer @param {Texts} texts */
const part = (fixer, texts) => el(fixer === "user" ? "p.tag.good" : "p.tag.warn", {}, texts.fixers[fixer]);

/** @param {MessageOf<"diagnosis">} message @param {Tools} tools */
function diagnosis({ text, data }, tools) {
  const list = el("ul.stack.causes", { hidden: true });
  const fill = (/** @type {Labels} */ labels) => {
    tools.words = labels;
    list.append(...data.causes.map((each) => cause(each, labels, tools)));
    list.hidden = !data.causes.length;
  };
  // Without names the text alone says everything; the list only repeats it with its proof.
  if (tools.words) fill(tools.words);
  else if (data.causes.length) tools.labels().then(fill, () => {});
  return [said(text), list];
}

/** @param {CauseData} found @param {Labels} labels @param {Tools} tools */
function cause({ id, kind, evidence }, labels, tools) {
  const { texts, format } = tools;
  const named = labels.causes[id];
  const facts = evidence.flatMap((each) => fact(each, labels.facts, tools));
  const sources = [...new Set(evidence.map((each) => texts.sources[each.source]))].join(texts.and);
  return el(
    "li.box.stack.cause",
    {},
    el("p.row.head.cause-title", {}, named?.title, kind === "limit" && el("span.tag.warn", {}, texts.limit)),
    named && part(named.fixed_by, texts),
    facts.length > 0 && el("dl.facts", { "aria-label": texts.evidence }, ...facts),
    evidence.length > 0 && el("p.quiet", {}, `${sources} · ${fill(texts.readAt, { time: format.moment(evidence[0].read_at) })}`),
  );
}

/** @param {EvidenceData} evidence @param {Labels["facts"]} names @param {Tools} tools @returns {HTMLElement[]} */
function fact({ fact: path, value }, names, tools) {
  const named = names[path.replace(/\[.*?\]/g, "")];
  if (!named || value === null || value === undefined) return [];
  return [el("dt.quiet", {}, named.title), el("dd", {}, written(value, named, tools))];
}

/** @param {any} value @param {Omit<FactLabel, "title">} named @param {Tools} tools @returns {string} */
function written(value, { unit, values }, tools) {
  const { texts, format } = tools;
  if (Array.isArray(value)) return value.map((each) => written(each, { unit, values }, tools)).join(texts.and);
  if (unit === "yuan") return `¥${format.amount(value)}`;
  if (unit === "ratio") return format.rate(value);
  if (unit === "day") return format.day(value);
  if (unit === "moment") return format.moment(value);
  if (unit === "periods") return fill(texts.periods, { count: value });
  return values?.[value] ?? String(value);
}

/** @param {MessageOf<"step">} message @param {Tools} tools */
function step({ text, data }, { texts }) {
  const { step: number, steps, path, instruction } = data;
  if (instruction === undefined) return [said(text)];
  const bar = el("span.row.bar", { "aria-hidden": "true" }, ...Array.from({ length: steps }, (_, place) => el(place < number ? "i.grow.on" : "i.grow")));
  const levels = path?.split(/\s*→\s*/) ?? [];
  return [
    el("p.row.apart.head.accent", {}, fill(texts.step, { step: number, steps }), bar),
    said(instruction),
    ...(levels.length ? [el("ol.wrap.box.path", { "aria-label": texts.path }, ...levels.map((level) => el("li", {}, level)))] : []),
  ];
}

/** @param {MessageOf<"check">} message @param {Tools} tools */
const check = ({ text, data }, { texts }) =>
  data.passed ? [head("good", "check", texts.passed), said(text)] : [head("warn", "search", texts.notPassed), said(text)];

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
  head("warn", "clock", texts.waitingTitle),
  said(text),
  ...(data.subscribed ? [el("p.row.box.good", {}, icon("bell"), texts.subscribed)] : []),
];

/** @param {MessageOf<"explained">} message @param {Tools} tools */
const explained = ({ text, data }, { texts }) => [part(data.fixed_by, texts), said(text)];

/** @param {MessageOf<"handoff">} message @param {Tools} tools */
function handoff({ text, data }, { texts }) {
  const copy = el("button.button.small.plain", { type: "button", onclick: () => copyNumber(copy, data.handoff_id, texts) }, texts.copy);
  return [
    head("warn", "person", texts.handoff),
    el("p.wrap.box.number", {}, el("span.quiet", {}, texts.handoffNumber), el("strong.grow", {}, data.handoff_id), navigator.clipboard && copy),
    said(text),
  ];
}

/** @param {HTMLElement} button @param {string} number @param {Texts} texts */
async function copyNumber(button, number, texts) {
  await navigator.clipboard.writeText(number);
  button.textContent = texts.copied;
}

/** @type {Cards} */
const CARDS = { diagnosis, step, check, resolved, plans, waiting, explained, handoff, picture };
