/** The demo shop: who is looked at, what their checkout shows, and the chat beside it. */

import * as api from "./api.js";
import { Chat } from "./chat.js";
import { checkout } from "./checkout.js";
import { Conversation } from "./conversation.js";
import { byId, el, money } from "./dom.js";
import { panel } from "./panel.js";

const QUESTION = "为什么不能分期？";
const BILL_QUESTION = "这期账单为什么不能分期？";
const TOAST_MILLISECONDS = 5000;
const narrow = matchMedia("(max-width: 1099px)");
const phoneSized = matchMedia("(max-width: 759px)");

/** @type {any[]} */ let people = [];
/** @type {any} */ let customer = null;
/** @type {any} */ let subject = null;
/** @type {any} */ let state = null;
/** @type {Chat|null} */ let chat = null;
/** @type {Conversation|null} */ let conversation = null;
const asked = new Set();
let toastTimer = 0;

async function start() {
  byId("people").open = !narrow.matches;
  byId("people-search").addEventListener("input", listPeople);
  window.addEventListener("hashchange", fromAddress);
  await attempt(byId("checkout"), async () => {
    people = await api.customers();
    listPeople();
    fromAddress();
  });
}

/** The chosen customer stands in the address, so that a reload or a link shows the same case. */
function fromAddress() {
  const [user, id] = decodeURIComponent(location.hash.slice(1)).split("/");
  const found = people.find((each) => each.id === user) ?? people[0];
  if (!found) return byId("checkout").replaceChildren(el("p.empty", {}, "数据库里还没有顾客。"));
  choose(found, found.subjects.find((/** @type {any} */ each) => keyOf(each) === id) ?? found.subjects[0]);
}

/** @param {any} each */
const keyOf = (each) => each.order ?? each.bill;

/** @param {any} each @returns {any} */
const asSubject = (each) => ({ user: customer.id, ...(each?.order && { order: each.order }), ...(each?.bill && { bill: each.bill }) });

/** @param {any} person @param {any} first */
function choose(person, first) {
  if (customer === person && subject && keyOf(subject) === keyOf(first ?? {})) return;
  closeChat();
  customer = person;
  subject = asSubject(first);
  state = null;
  byId("people-now").textContent = `${person.name} · ${person.about || person.region}`;
  listPeople();
  revealCurrent();
  listSubjects();
  refresh();
}

function listPeople() {
  const wanted = byId("people-search").value.trim().toLowerCase();
  const words = (/** @type {any} */ each) =>
    [each.id, each.name, each.region, each.about, ...each.subjects.flatMap((/** @type {any} */ one) => [keyOf(one), ...(one.titles ?? [])])].join(" ").toLowerCase();
  const found = people.filter((each) => wanted.split(/\s+/).every((part) => words(each).includes(part)));
  byId("people-count").textContent = found.length ? `${found.length} 位顾客` : "没有找到，换个词试试";
  byId("people-list").replaceChildren(
    ...found.map((each) =>
      el(
        "li",
        {},
        el(
          "button.person",
          { type: "button", "aria-current": each === customer ? "true" : null, onclick: () => pick(each) },
          el("span.person-name", {}, each.name, el("span.person-region", {}, each.region)),
          el("span.person-about", {}, each.about || each.id),
        ),
      ),
    ),
  );
}

/** Scrolls the list alone: the page stays where the reader is. */
function revealCurrent() {
  const list = byId("people-list");
  const current = list.querySelector("[aria-current]");
  if (!current) return;
  const above = current.offsetTop - list.offsetTop;
  if (above < list.scrollTop || above + current.offsetHeight > list.scrollTop + list.clientHeight) list.scrollTop = above - 60;
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
  byId("subjects").replaceChildren(
    ...customer.subjects.map((/** @type {any} */ each) =>
      el(
        "button.chip",
        {
          type: "button",
          "aria-pressed": String(keyOf(each) === keyOf(subject)),
          onclick: () => {
            location.hash = `#${customer.id}/${keyOf(each)}`;
          },
        },
        each.order ? `${each.titles[0] ?? each.order} ${money(each.amount)}` : `${each.month} 账单 ${money(each.amount)}`,
      ),
    ),
  );
}

async function refresh() {
  const wanted = subject;
  await attempt(byId("checkout"), async () => {
    if (!wanted.order && !wanted.bill) return byId("checkout").replaceChildren(el("p.empty", {}, "这位顾客没有订单，也没有账单。"));
    const news = await api.state(wanted);
    if (wanted === subject) show(news);
  });
}

/** @param {any} news */
function show(news) {
  if (JSON.stringify(news) === JSON.stringify(state)) return;
  const focused = document.activeElement?.id;
  state = news;
  byId("checkout").replaceChildren(...checkout(state, { ask, pay: () => toast("这里只是演示，不会真的付款。") }).filter(Boolean));
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
    toast(`已模拟：${cause.remedy.title}`, chat && phoneSized.matches ? openAgain : null);
  });
  if (wanted === subject) refresh();
}

/** @param {string} action @param {string} said */
async function world(action, said) {
  await attempt(null, async () => {
    await api.world(action);
    byId("panel").focus({ preventScroll: true });
    toast(said);
  });
  refresh();
}

/** Opens the chat with the order, and asks, once for each order, what the button says. */
function ask() {
  openChat();
  const key = keyOf(subject);
  if (state.installment.state === "offered" || asked.has(key)) return;
  asked.add(key);
  conversation?.say(subject.bill ? BILL_QUESTION : QUESTION);
}

function openChat() {
  if (!chat) {
    const { user, order } = subject;
    const name = customer.name;
    const talk = new Conversation(
      () => api.token(user, order),
      (news) => {
        shown.update();
        if (news.some((each) => each.role !== "user")) refresh();
      },
    );
    const shown = new Chat(talk, { name, close: leaveChat, panel: toPanel });
    conversation = talk;
    chat = shown;
    byId("chat-open").replaceChildren(shown.node);
    talk.start();
  }
  byId("chat").dataset.open = "true";
  byId("chat-open").hidden = false;
  byId("chat-closed").hidden = true;
  document.body.classList.toggle("chatting", phoneSized.matches);
  chat.update();
  chat.focus();
}

function openAgain() {
  byId("toast").hidden = true;
  openChat();
}

function leaveChat() {
  hideChat();
  byId("ask")?.focus();
}

function hideChat() {
  byId("chat").dataset.open = "false";
  byId("chat-open").hidden = true;
  byId("chat-closed").hidden = false;
  document.body.classList.remove("chatting");
}

function closeChat() {
  conversation?.close();
  conversation = chat = null;
  byId("chat-open").replaceChildren();
  hideChat();
}

function toPanel() {
  if (phoneSized.matches) hideChat();
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
      el("div.empty", { role: "alert" }, el("p", {}, text), el("button.chip", { type: "button", onclick: () => location.reload() }, "重新加载")),
    );
  }
}

/** @param {string} text @param {(() => void)|null} [back] */
function toast(text, back = null) {
  const box = byId("toast");
  box.replaceChildren(el("span", {}, text), ...(back ? [el("button.again", { type: "button", onclick: back }, "回到聊天")] : []));
  box.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => {
    box.hidden = true;
  }, back ? TOAST_MILLISECONDS * 2 : TOAST_MILLISECONDS);
}

start();
