import assert from "node:assert/strict";
import { test } from "node:test";
import { calls, ends, Timeline } from "../../../bot/widget/protocol/timeline.js";

const message = (seq, role = "bot", more = {}) => ({ seq, id: `m${seq}`, at: "2026-11-22T10:00:00+08:00", role, text: `${seq}`, buttons: [], data: null, ...more });
const seqs = (messages) => messages.map(({ seq }) => seq);

test("each message is shown once and in order, whatever comes when", () => {
  const timeline = new Timeline();
  assert.deepEqual(seqs(timeline.absorb([message(2), message(1), message(2)])), [1, 2]);
  assert.deepEqual(seqs(timeline.absorb([message(4), message(2)])), []);
  assert.equal(timeline.gap, true);
  assert.deepEqual(seqs(timeline.absorb([message(3)])), [3, 4]);
  assert.equal(timeline.gap, false);
  assert.equal(timeline.through, 4);
});

test("any order of arrival gives the same conversation", () => {
  for (let round = 0; round < 200; round += 1) {
    const all = Array.from({ length: 30 }, (_, place) => message(place + 1));
    const shuffled = [...all, ...all].sort(() => Math.random() - 0.5);
    const timeline = new Timeline();
    const shown = [];
    while (shuffled.length) shown.push(...timeline.absorb(shuffled.splice(0, 1 + Math.floor(Math.random() * 5))));
    assert.deepEqual(seqs(shown), seqs(all));
  }
});

test("a choice is answered by what the customer says next", () => {
  const timeline = new Timeline();
  timeline.absorb([message(1), message(2, "user"), message(3)]);
  assert.equal(timeline.answerTo(message(1)).seq, 2);
  assert.equal(timeline.answerTo(message(3)), undefined);
});

test("unread is what others wrote after what was read here or answered elsewhere", () => {
  const timeline = new Timeline();
  timeline.absorb([message(1, "user"), message(2), message(3), message(4, "user"), message(5), message(6)]);
  assert.equal(timeline.firstUnread(0), undefined, "who reads here for the first time has read it all elsewhere");
  assert.equal(timeline.firstUnread(2).seq, 5);
  assert.equal(timeline.firstUnread(5).seq, 6);
  assert.equal(timeline.firstUnread(6), undefined);
});

test("what others wrote since counts as unread", () => {
  const timeline = new Timeline();
  timeline.absorb([message(1), message(2, "user"), message(3), message(4, "agent")]);
  assert.equal(timeline.unread(1), 2);
  assert.equal(timeline.unread(4), 0);
});

test("a case ends with a solution, its confirmation, a person who closes it, a subscription or an explanation that leaves nothing to do", () => {
  const said = (data) => message(1, "bot", { data });
  assert.equal(ends(said({ type: "resolved" })), true);
  assert.equal(ends(said({ type: "ended", by: "person" })), true);
  assert.equal(ends(said({ type: "handoff" })), false);
  assert.equal(ends(said({ type: "waiting", subscribed: true, startable: true })), false);
  assert.equal(ends(said({ type: "waiting", subscribed: true })), true);
  assert.equal(ends(said({ type: "waiting", subscribed: false })), false);
  assert.equal(ends(said({ type: "explained", startable: false })), true);
  assert.equal(ends(said({ type: "explained", startable: true })), false);
  assert.equal(ends(message(1, "agent", { data: { type: "resolved" } })), false);
});

test("whether a case goes on is read from the data, whatever the buttons send and the text says", () => {
  const start = { text: "/affirm", buttons: [{ title: "", payload: "/affirm" }] };
  assert.equal(ends(message(1, "bot", { ...start, data: { type: "explained", startable: false } })), true);
  assert.equal(ends(message(1, "bot", { data: { type: "explained", startable: true } })), false);
});

test("an explanation stored before it said whether the case goes on ends nothing", () => {
  assert.equal(ends(message(1, "bot", { data: { type: "explained" } })), false);
});

test("a person and the end of what was waited for call; other messages do not", () => {
  assert.equal(calls(message(1, "agent")), true);
  assert.equal(calls(message(1, "bot", { data: { type: "check", passed: true } })), true);
  assert.equal(calls(message(1, "bot", { data: { type: "check", passed: false } })), false);
  assert.equal(calls(message(1, "user")), false);
});

test("an end stands as long as nothing that goes on is said after it", () => {
  const timeline = new Timeline();
  const resolved = message(1, "bot", { data: { type: "resolved" } });
  timeline.absorb([resolved]);
  assert.equal(timeline.end, resolved);
  timeline.absorb([message(2, "bot"), message(3, "system")]);
  assert.equal(timeline.end, resolved);
  timeline.absorb([message(4, "bot", { data: { type: "step" } })]);
  assert.equal(timeline.end, undefined);
  timeline.absorb([message(5, "bot", { data: { type: "ended", by: "person" } }), message(6, "user")]);
  assert.equal(timeline.end, undefined);
});
