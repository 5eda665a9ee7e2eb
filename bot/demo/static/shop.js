/** The demo shop: who is looked at, what their checkout shows, and the chat beside it. */

import * as api from "./api.js";
import { confirmed } from "./asking.js";
import { checkout, thumb } from "./checkout.js";
import { panel } from "./panel.js";
import { People, keyOf } from "./people.js";
import texts from "./texts.js";
import { money } from "./written.js";
import { el } from "../../widget/view/dom.js";

const TOAST_MILLISECONDS = 5000;
const narrow = matchMedia("(max-width: 1099px)");
const covered = matchMedia("(max-width: 559px), (max-height: 479px)");

/** @param {string} id @returns {any} */
const byId = (id) => document.getElementById(id);

/** @type {any[]} */ let people = [];
const list = new People({ search: byId("people-search"), count: byId("people-count"), list: byId("people-list") }, pick);
/** @type {any} */ let customer = null;
/** @type {any} */ let subject = null;
/** @type {any} */ let state = null;
/** @type {import("../../widget/element.js").BaitiaoChat} */ const chat = byId("chat");
const asked = new Set();
let toastTimer = 0;
/** Whether the chat was left for the panel, and will be gone back to. */
let left = false;

async function start() {
  byId("people").open = !narrow.matches;
  window.addEventListener("hashchange", fromAddress);
  byId("to-panel").addEventListener("click", toPanel);
  chat.refreshToken = async () => (subject ? api.token(subject.user, subject.order) : "");
  chat.addEventListener("baitiao-message", (event) => {
    if (/** @type {CustomEvent} */ (event).detail.role !== "user") refresh();
  });
  await attempt(byId("checkout"), async () => {
    people = await api.customers();
    list.show(people);
    fromAddress();
  });
}

/** The chosen customer stands in the address, so that a reload or a link shows the same case. */
function fromAddress() {
  const [user, id] = decodeURIComponent(location.hash.slice(1)).split("/");
  const found = people.find((each) => each.id === user) ?? people[0];
  if (!found) return byId("checkout").replaceChildren(el("p.empty", {}, texts.noCustomers));
  choose(found, found.subjects.find((/** @type {any} */ each) => keyOf(each) === id) ?? found.subjects[0]);
}

/** @param {any} each @returns {any} */
const asSubject = (each) => ({ user: customer.id, ...(each?.order && { order: each.order }), ...(each?.bill && { bill: each.bill }) });

/** @param {any} person @param {any} first */
function choose(person, first) {
  if (customer === person && subject && keyOf(subject) === keyOf(first ?? {})) return;
  const same = customer === person;
  // Who opened the chat before anybody was known to the page has it open for this one.
  if (customer && !same) chat.close();
  customer = person;
  subject = asSubject(first);
  state = null;
  left = false;
  chat.setAttribute("order", subject.order ?? "");
  if (!same) introduce();
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
  byId("subjects").hidden = customer.subjects.length < 2;
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

async function refresh() {
  const wanted = subject;
  await attempt(byId("checkout"), async () => {
    if (!wanted.order && !wanted.bill) return byId("checkout").replaceChildren(el("p.empty", {}, texts.noSubject));
    const news = await api.state(wanted);
    if (wanted === subject) show(news);
  });
}

/** @param {any} news */
function show(news) {
  if (JSON.stringify(news) === JSON.stringify(state)) return;
  const focused = document.activeElement?.id;
  state = news;
  chat.renew?.();
  byId("checkout").replaceChildren(...checkout(state, { ask, pay: () => toast(texts.onlyDemo) }).filter(Boolean));
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
