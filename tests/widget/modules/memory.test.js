import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Memory } from "../../../bot/widget/memory.js";

/** A device's storage, which can be full; its keys are its own fields, as in a browser. */
class Storage {
  getItem(key) {
    return Object.hasOwn(this, key) ? this[key] : null;
  }
  setItem(key, value) {
    if (Storage.full) throw new Error("QuotaExceededError");
    this[key] = value;
  }
  removeItem(key) {
    delete this[key];
  }
}

const item = (id, text, more = {}) => ({ id, at: Date.now(), text, content: { text }, state: "queued", reason: "", final: false, ...more });
const ids = (items) => items.map(({ id }) => id);

beforeEach(() => {
  Storage.full = false;
  Object.defineProperty(globalThis, "localStorage", { value: new Storage(), configurable: true, writable: true });
});

test("what waits comes back in its order until it was taken, to its own customer only", () => {
  const items = [item("b", "第二条", { at: Date.now() + 1 }), item("a", "第一条"), item("c", "已完成", { at: Date.now() + 2, content: { payload: "/step_done" } })];
  assert.equal(new Memory("u-1").keepUnsent(items), true);
  const later = new Memory("u-1");
  assert.deepEqual(later.unsent.map(({ id, content, state }) => [id, content, state]), [
    ["a", { text: "第一条" }, "queued"],
    ["b", { text: "第二条" }, "queued"],
    ["c", { payload: "/step_done" }, "queued"],
  ]);
  assert.deepEqual(new Memory("u-2").unsent, []);
  later.keepUnsent([items[0]]);
  assert.deepEqual(ids(new Memory("u-1").unsent), ["b"]);
  assert.ok(!Object.keys(localStorage).some((key) => key.includes("u-1")));
});

test("two tabs keep theirs beside each other", () => {
  const [one, two] = [new Memory("u-1"), new Memory("u-1")];
  one.keepUnsent([item("a", "第一条")]);
  two.keepUnsent([item("b", "第二条", { at: Date.now() + 1 })]);
  two.keepUnsent([]);
  assert.deepEqual(ids(new Memory("u-1").unsent), ["a"]);
});

test("personal numbers are never kept, and it is said that they would be lost", () => {
  const memory = new Memory("u-1");
  for (const text of ["我的手机 13800138000", "卡号 6222", "验证码 48 29", "我叫王小明", "幺三八零零幺三八"]) {
    assert.equal(memory.keepUnsent([item("a", text)]), false, text);
    assert.equal(memory.keepDraft(text), false, text);
  }
  assert.deepEqual(Object.keys(localStorage), []);
  for (const text of ["我的卡一直不能用", "为什么 12 期不能选", "账号正常吗"]) assert.equal(memory.keepUnsent([item(text, text)]), true, text);
});

test("what waited for long is not sent by itself", () => {
  new Memory("u-1").keepUnsent([item("a", "旧的", { at: Date.now() - 2 * 60 * 60 * 1000 })]);
  assert.equal(new Memory("u-1").unsent[0].state, "failed");
});

test("what the service refused can still be mended if it is a text", () => {
  new Memory("u-1").keepUnsent([item("a", "太长", { final: true }), item("b", "已完成", { final: true, content: { payload: "/step_done" } })]);
  assert.deepEqual(ids(new Memory("u-1").unsent), ["a"]);
});

test("no more than twenty are kept", () => {
  const many = Array.from({ length: 30 }, (_, number) => item(`${number}`, "又一条", { at: Date.now() + number }));
  const memory = new Memory("u-1");
  assert.equal(memory.keepUnsent(many), false);
  assert.equal(new Memory("u-1").unsent.length, 20);
  assert.equal(memory.keepUnsent(many.slice(20)), true);
  assert.deepEqual(ids(new Memory("u-1").unsent), ids(many.slice(20)));
});

test("a full storage and a forbidden one cost the reload and nothing else", () => {
  Storage.full = true;
  const full = new Memory("u-1");
  full.seen = 7;
  assert.equal(full.seen, 7);
  assert.equal(full.keepDraft("写到一半"), false);
  assert.equal(full.keepUnsent([item("a", "第一条")]), false);
  Object.defineProperty(globalThis, "localStorage", {
    get() {
      throw new Error("SecurityError");
    },
    configurable: true,
  });
  const forbidden = new Memory("u-1");
  forbidden.seen = 3;
  assert.equal(forbidden.seen, 3);
  assert.equal(forbidden.keepDraft(""), true);
  assert.equal(forbidden.keepUnsent([item("a", "第一条")]), false);
  assert.deepEqual(forbidden.unsent, []);
});

test("what others wrote under our name does no harm", () => {
  new Memory("u-1").keepUnsent([item("a", "第一条")]);
  const [key] = Object.keys(localStorage);
  for (const nonsense of ["{", "null", "7", "{}"]) {
    localStorage.setItem(key, nonsense);
    assert.deepEqual(new Memory("u-1").unsent, []);
  }
});

test("a notice that was put away stays away from its own customer, and what others wrote there does no harm", () => {
  new Memory("u-1").putAway("i-1 outage");
  assert.deepEqual([new Memory("u-1").away, new Memory("u-2").away], [["i-1 outage"], []]);
  for (let number = 0; number < 30; number += 1) new Memory("u-1").putAway(`i-${number} degraded`);
  assert.equal(new Memory("u-1").away.length, 20);
  for (const key of Object.keys(localStorage)) localStorage[key] = '{"0":';
  assert.deepEqual(new Memory("u-1").away, []);
});
