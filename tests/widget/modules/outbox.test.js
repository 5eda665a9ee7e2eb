import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Refusal, Unreachable } from "../../../bot/widget/protocol/api.js";
import { Outbox, uuid } from "../../../bot/widget/protocol/outbox.js";

const settle = async () => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

async function pass(milliseconds) {
  for (let left = milliseconds; left > 0; left -= 100) {
    mock.timers.tick(100);
    await settle();
  }
}

/** An outbox whose sends answer as the list says: null takes the message, an error refuses it. */
function outbox(answers) {
  const sent = [];
  const box = new Outbox(
    async (item) => {
      sent.push(item.id);
      const answer = answers.shift() ?? null;
      if (answer) throw answer;
    },
    () => {},
  );
  return { box, sent };
}

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  Object.defineProperty(globalThis, "navigator", { value: { onLine: true }, configurable: true });
});

test("messages leave one at a time and in order", async () => {
  const { box, sent } = outbox([]);
  box.push("a", { text: "a" });
  box.push("b", { text: "b" });
  await settle();
  assert.deepEqual(sent, box.items.map(({ id }) => id));
  assert.deepEqual(box.items.map(({ state }) => state), ["sent", "sent"]);
  for (const { id } of box.items) box.arrived(id);
  assert.deepEqual(box.items, []);
});

test("a message is tried again with the same id, and the next one waits", async () => {
  const { box, sent } = outbox([new Unreachable(), new Refusal(503, "busy", 3000)]);
  box.push("a", { text: "a" });
  box.push("b", { text: "b" });
  await settle();
  assert.deepEqual(box.items.map(({ state }) => state), ["waiting", "queued"]);
  await pass(700);
  assert.equal(sent.length, 2);
  await pass(2500);
  assert.equal(sent.length, 2, "the service's Retry-After is kept");
  await pass(1000);
  const [a, b] = box.items.map(({ id }) => id);
  assert.deepEqual(sent, [a, a, a, b]);
});

test("what cannot be sent fails together and leaves in order when it is tried again", async () => {
  const { box, sent } = outbox(Array.from({ length: 9 }, () => new Unreachable()));
  box.push("a", { text: "a" });
  box.push("b", { text: "b" });
  await pass(120000);
  assert.deepEqual(box.items.map(({ state, final }) => [state, final]), [["failed", false], ["failed", false]]);
  box.retry();
  await settle();
  assert.deepEqual(sent.slice(-2), box.items.map(({ id }) => id));
});

test("what the service does not want fails at once, and the rest goes on", async () => {
  const { box } = outbox([new Refusal(409, "stale", 0)]);
  box.push("a", { payload: "/a" });
  box.push("b", { text: "b" });
  await settle();
  assert.deepEqual(box.items.map(({ state, final, reason }) => [state, final, reason]), [["failed", true, "stale"], ["sent", false, ""]]);
  box.retry();
  assert.equal(box.items[0].state, "failed");
  box.discard(box.items[0].id);
  assert.equal(box.items.length, 1);
});

test("without a network nothing is given up", async () => {
  const { box, sent } = outbox(Array.from({ length: 40 }, () => new Unreachable()));
  globalThis.navigator.onLine = false;
  box.push("a", { text: "a" });
  await pass(300000);
  assert.equal(box.items[0].state, "waiting");
  assert.ok(sent.length > 9);
});

test("a message that the stream brought is not sent again", async () => {
  const { box, sent } = outbox([new Unreachable()]);
  box.push("a", { text: "a" });
  await settle();
  box.arrived(box.items[0].id);
  await pass(60000);
  assert.equal(sent.length, 1);
  assert.deepEqual(box.items, []);
});

test("what an earlier page could not send is taken up once, with its old id", async () => {
  const { box, sent } = outbox([]);
  box.push("c", { text: "c" });
  const old = ["a", "b"].map((id, at) => ({ id, at, text: id, content: { text: id }, state: "queued", reason: "", final: false }));
  box.restore(old);
  box.restore(old);
  await settle();
  assert.deepEqual(sent.slice(1), ["a", "b"]);
  assert.equal(box.items.length, 3);
});

test("messages of one moment can be told apart by time", () => {
  const { box } = outbox([]);
  for (const text of ["a", "b", "c"]) box.push(text, { text });
  const times = box.items.map(({ at }) => at);
  assert.deepEqual(times, [...new Set(times)].sort((one, other) => one - other));
});

test("ids are UUIDs also where the page is not served securely", () => {
  Object.defineProperty(crypto, "randomUUID", { value: undefined });
  const made = new Set(Array.from({ length: 100 }, uuid));
  assert.equal(made.size, 100);
  for (const id of made) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
});
