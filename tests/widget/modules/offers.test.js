import assert from "node:assert/strict";
import { test } from "node:test";
import { offers, PERSON } from "../../../bot/widget/protocol/offers.js";
import { Timeline } from "../../../bot/widget/protocol/timeline.js";

const button = (title, payload = `/${title}`) => ({ title, payload });
const person = button("person", PERSON);
const message = (seq, type, buttons, more = {}) => ({ seq, id: `m${seq}`, at: "", role: "bot", text: "", data: type && { type }, buttons, ...more });
const said = (seq) => message(seq, null, [], { role: "user" });

function offered(...messages) {
  const timeline = new Timeline();
  timeline.absorb(messages);
  const { buttons, primary } = offers(timeline);
  return [buttons.map(({ title }) => title), primary?.title];
}

test("the newest choices come first, what else can be pressed follows, a person stands last", () => {
  const step = message(1, "step", [button("done"), button("lost"), person]);
  assert.deepEqual(offered(step), [["done", "lost", "person"], "done"]);
  assert.deepEqual(offered(step, message(2, "check", [button("go on", "/done")])), [["go on", "lost", "person"], "go on"]);
  assert.deepEqual(offered(step, said(2)), [[], undefined]);
  assert.deepEqual(offered(step, message(2, null, [], { role: "agent" })), [["done", "lost", "person"], "done"]);
});

test("the first choice of a step leads on, suggestions and a person do not", () => {
  assert.deepEqual(offered(message(1, "answer", [button("more"), person])), [["more", "person"], undefined]);
  assert.deepEqual(offered(message(1, "step", [person])), [["person"], undefined]);
  assert.deepEqual(offered(message(1, null, [button("start"), person])), [["start", "person"], "start"]);
});

test("an answer within a step leads on as the step does", () => {
  const step = message(1, "step", [button("done"), button("lost"), person]);
  const answer = message(3, "answer", [button("more"), button("done"), button("lost"), person], { choices_of: 1 });
  assert.deepEqual(offered(step, said(2), answer), [["more", "done", "lost", "person"], "done"]);
  const second = message(5, "answer", [button("done"), button("lost"), person], { choices_of: 3 });
  assert.deepEqual(offered(step, said(2), answer, said(4), second), [["done", "lost", "person"], "done"]);
});
