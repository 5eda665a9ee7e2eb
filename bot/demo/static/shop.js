/** The demo shop: who is looked at, what their checkout shows, and the chat beside it. */

import * as api from "./api.js";
import { confirmed } from "./asking.js";
import { checkout, thumb } from "./checkout.js";
import * as shelves from "./goods.js";
import { panel } from "./panel.js";
import { People, keyOf } from "./people.js";
import texts from "./texts.js";
import { money } from "./written.js";
import { el } from "../../widget/view/dom.js";

const TOAST_MILLISECONDS = 5000;
/** In the address, in the place of an order or bill. */
const GOODS = "goods";
const narrow = matchMedia("(max-width: 1099px)");
const covered = matchMedia("(max-width: 559px), (max-height: 479px)");

/** @param {string} id @returns {any} */
const byId = (id) => document.getElementById(id);

/** @type {any[]} */ let people = [];
const list = new People({ search: byId("people-search"), count: byId("people-count"), list: byId("people-list") }, pick);
/** @type {any} */ let customer = null;
/** @type {any} */ let subject = null;
/** @type {any} */ let state = null;
/** @type {any[]} */ let goods = [];
/** What the phone shows of the goods: all, one by its number, or none of them but the order or bill. @type {string | null} */ let looking = null;
/** @type {import("../../widget/element.js").BaitiaoChat} */ const chat = byId("chat");
const asked = new Set();
let toastTimer = 0;
/** Whether the chat was left for the panel, and will be gone back to. */
let left = false;

async function start() {
  byId("people").open = !narrow.matches;
  window.addEventListener("hashchange", fromAddress);
  byId("to-panel").addEventListener("click", toPanel);
  chat.refreshToken = async ({ order }) => (subject ? api.token(subject.user, order || subject.order) : "");
  document.addEventListener("baitiao-ask", askAboutProduct);
  chat.addEventListener("baitiao-message", (event) => {
    if (/** @type {CustomEvent} */ (event).detail.role !== "user") refresh();
  });
  await attempt(byId("checkout"), async () => {
    [people, goods] = await Promise.all([api.customers(), api.goods()]);
    list.show(people);
    fromAddress();
  });
}

/** The chosen customer stands in the address, so that a reload or a link shows the same case. */
function fromAddress() {
  const [user, id, sku] = decodeURIComponent(location.hash.slice(1)).split("/");
  const found = people.find((each) => each.id === user) ?? people[0];
  if (!found) return byId("checkout").replaceChildren(el("p.empty", {}, texts.noCustomers));
  const view = id === GOODS ? (sku ?? GOODS) : null;
  const turned = view !== looking;
  looking = view;
  choose(found, found.subjects.find((/** @type {any} */ each) => keyOf(each) === id) ?? (customer === found && view ? subject : found.subjects[0]), turned);
}

/** @param {any} each @returns {any} */
const asSubject = (each) => ({ user: customer.id, ...(each?.order && { order: each.order }), ...(each?.bill && { bill: each.bill }) });

/** @param {any} person @param {any} first @param {boolean} turned whether the phone shows something else than before */
function choose(person, first, turned) {
  if (!turned && customer === person && subject && keyOf(subject) === keyOf(first ?? {})) return;
  const same = customer === person;
  // Who opened the chat before anybody was known to the page has it open for this one.
  if (customer && !same) chat.close();
  customer = person;
  subject = asSubject(first);
  state = null;
  left = false;
  chat.setAttribute("order", subject.order ?? "");
  introduce();
  byId("people-now").textContent = `${person.name} · ${person.about || person.region}`;
  list.choose(person);
  listSubjects();
  refresh();
}

/** As a shop's page does it after the login: the token goes to the chat. */
async function introduce() {
  const wanted = subject;
  await attempt(null, async () => {
    const token = await api.token(wanted.user, wanted.order);
    if (wanted === subject) chat.setAttribute("token", token);
  });
}

/** @param {any} person */
function pick(person) {
  if (narrow.matches) byId("people").open = false;
  const first = person.subjects[0];
  const hash = `#${person.id}${first ? `/${keyOf(first)}` : ""}`;
  if (location.hash === hash) return;
  location.hash = hash;
}

function listSubjects() {
  const views = Object.entries(texts.views).map(([name, title]) =>
    el("button.button.small.plain", { type: "button", "aria-pressed": String((name === GOODS) === (looking !== null)), onclick: () => turn(name) }, title),
  );
  const at = [...byId("views").children].indexOf(/** @type {Element} */ (document.activeElement));
  byId("views").replaceChildren(...views);
  if (at >= 0) views[at].focus();
  byId("subjects").hidden = looking !== null || customer.subjects.length < 2;
  const inside = byId("subjects").contains(document.activeElement);
  byId("subjects").replaceChildren(
    ...customer.subjects.map((/** @type {any} */ each) =>
      el(
        "button.row.box.subject",
        {
          type: "button",
          "aria-pressed": String(keyOf(each) === keyOf(subject)),
          onclick: () => {
            location.hash = `#${customer.id}/${keyOf(each)}`;
          },
        },
        thumb(each.picture),
        el("span.grow", {}, each.order ? (each.titles[0] ?? each.order) : texts.monthOf(each.month)),
        el("strong", {}, money(each.amount)),
      ),
    ),
  );
  if (inside) byId("subjects").querySelector("[aria-pressed=true]")?.focus();
}

/** @param {string} view @param {string} [sku] */
function turn(view, sku) {
  const to = view === GOODS ? [GOODS, ...(sku ? [sku] : [])] : subject ? [keyOf(subject)] : [];
  location.hash = `#${[customer.id, ...to].join("/")}`;
}

/** The goods, or one of them, in the phone. */
function browse() {
  const one = goods.find((each) => each.sku === looking);
  const back = () => turn(GOODS);
  const missing = [el("p.empty", {}, texts.noProduct)];
  const shown = one ? shelves.product(one, { back, buy: () => buy(one.sku) }) : looking === GOODS ? shelves.list(goods, (sku) => turn(GOODS, sku)) : missing;
  byId("checkout").replaceChildren(...shown);
}

/** Puts a product into the cart; the order is then one of the customer's. @param {string} sku @returns {Promise<string>} */
async function put(sku) {
  const order = await api.put(customer.id, sku);
  people = await api.customers();
  customer = people.find((each) => each.id === customer.id) ?? customer;
  list.show(people);
  list.choose(customer);
  return order;
}

/** @param {string} sku */
const buy = (sku) =>
  attempt(null, async () => {
    location.hash = `#${customer.id}/${await put(sku)}`;
  });

/** A badge's question: the chat must know which order it is about, and of a product that is in none there is one made. @param {Event} event */
function askAboutProduct(event) {
  const { sku, order, question } = /** @type {CustomEvent} */ (event).detail;
  if (order) return;
  event.preventDefault();
  attempt(null, async () => {
    const held = await put(sku);
    subject = { user: customer.id, order: held };
    chat.setAttribute("order", held);
    chat.setAttribute("token", await api.token(customer.id, held));
    chat.ask(question);
  });
}

async function refresh() {
  const wanted = subject;
  /** @type {NodeListOf<import("../../widget/badge.js").BaitiaoBadge>} */ (document.querySelectorAll("baitiao-badge")).forEach((each) => each.refresh?.());
  if (looking !== null) return follow();
  await attempt(byId("checkout"), async () => {
    if (!wanted.order && !wanted.bill) return byId("checkout").replaceChildren(el("p.empty", {}, texts.noSubject));
    const news = await api.state(wanted);
    if (wanted === subject) show(news);
  });
}

/** The panel beside the goods shows the order that the chat is about. */
async function follow() {
  const wanted = subject;
  if (state === null) browse();
  await attempt(null, async () => {
    const news = wanted.order || wanted.bill ? await api.state(wanted) : null;
    if (news && wanted === subject) show(news);
  });
}

/** @param {any} news */
function show(news) {
  if (JSON.stringify(news) === JSON.stringify(state)) return;
  const focused = document.activeElement?.id;
  state = news;
  chat.renew?.();
  if (looking === null) byId("checkout").replaceChildren(...checkout(state, { ask, pay: () => toast(texts.onlyDemo) }).filter(Boolean));
  byId("panel-body").replaceChildren(...panel(state, customer.starts, { play, world }));
  if (focused === "ask") byId("ask")?.focus({ preventScroll: true });
}

/** @param {any} cause */
async function play(cause) {
  const wanted = subject;
  await attempt(null, async () => {
    const news = await api.play(wanted, cause.id);
    if (wanted !== subject) return;
    show(news);
    byId("panel").focus({ preventScroll: true });
    toast(texts.played(cause.remedy.title), left ? openAgain : null);
  });
  if (wanted === subject) refresh();
}

/** @param {string} action @param {string} said */
async function world(action, said) {
  if (action === "reset" && !(await confirmed(texts.resetAsk, texts.resetScope, texts.resetDo))) return;
  await attempt(null, async () => {
    await api.world(action);
    byId("panel").focus({ preventScroll: true });
    toast(said);
  });
  refresh();
}

/** Opens the chat with the order, and asks, once for each order, what the button says. */
function ask() {
  const key = keyOf(subject);
  if (state.installment.state === "offered" || asked.has(key)) return chat.open();
  asked.add(key);
  chat.ask(subject.bill ? texts.billQuestion : texts.question);
}

function openAgain() {
  byId("toast").hidden = true;
  left = false;
  chat.open();
}

/** Where the chat covers the page, the panel behind it is reached by leaving the chat for a moment. */
function toPanel() {
  left = covered.matches;
  if (left) chat.close();
  byId("panel").scrollIntoView({ block: "start" });
  byId("panel").focus({ preventScroll: true });
}

/** Does something that may fail; the failure is shown with a way to try again. @param {HTMLElement|null} place @param {() => Promise<any>} work */
async function attempt(place, work) {
  try {
    await work();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    if (!place || state) return toast(text);
    place.replaceChildren(
      el("div.empty", { role: "alert" }, el("p", {}, text), el("button.button.small.plain", { type: "button", onclick: () => location.reload() }, texts.reload)),
    );
  }
}

/** @param {string} text @param {(() => void)|null} [back] */
function toast(text, back = null) {
  const box = byId("toast");
  box.replaceChildren(el("span", {}, text), ...(back ? [el("button.button.small.again", { type: "button", onclick: back }, texts.back)] : []));
  box.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => {
    box.hidden = true;
  }, back ? TOAST_MILLISECONDS * 2 : TOAST_MILLISECONDS);
}

start();
