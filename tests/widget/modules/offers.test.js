import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_PERSON, offers, PERSON } from "../../../bot/widget/protocol/offers.js";
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
  assert.deepEqual(offered(step, message(2, null, [])), [["done", "lost", "person"], "done"]);
});

test("once the case has moved on by itself, what was offered before is over", () => {
  const step = message(1, "step", [button("done"), button("lost"), person]);
  const answer = message(1, "answer", [button("more"), button("done"), button("lost"), person], { choices_of: 1 });
  const passed = message(2, "check", [], { data: { type: "check", passed: true } });
  const recovered = message(2, "check", [button("go on"), person], { data: { type: "check", passed: true } });
  for (const before of [step, answer]) {
    assert.deepEqual(offered(before, passed, message(3, "resolved", [button("seen"), button("missing"), person])), [["seen", "missing", "person"], undefined]);
    assert.deepEqual(offered(before, passed, message(3, "step", [button("next")])), [["next"], "next"]);
    assert.deepEqual(offered(before, recovered), [["go on", "person"], "go on"]);
    assert.deepEqual(offered(before, message(2, null, [button("go on"), person])), [["go on", "person"], "go on"]);
    assert.deepEqual(offered(before, message(2, "ended", [button("more"), person])), [["more", "person"], undefined]);
    assert.deepEqual(offered(before, message(2, null, [], { role: "agent" })), [[], undefined]);
  }
  const aside = message(1, "answer", [button("fees")]);
  assert.deepEqual(offered(aside, passed, message(3, "resolved", [button("seen")])), [["seen"], undefined]);
  assert.deepEqual(offered(aside, message(2, "step", [button("done")])), [["done", "fees"], "done"]);
});

test("who has asked above the messages to be told is not asked again", () => {
  const timeline = new Timeline();
  const causes = [{ id: "outage", kind: "block", evidence: [{ fact: "incidents[i-1].severity" }] }];
  const waiting = message(2, "waiting", [button("tell me", '/affirm{"topic": "wait_for_notice"}'), button("look"), person], { data: { type: "waiting", cause: "outage" } });
  timeline.absorb([message(1, "diagnosis", [], { data: { type: "diagnosis", causes } }), waiting]);
  const offered = (...notices) => offers(timeline, notices).buttons.map(({ title }) => title);
  assert.deepEqual(offered({ id: "i-1", subscribed: false }, { id: "i-2", subscribed: true }), ["tell me", "look", "person"]);
  assert.deepEqual(offered({ id: "i-1", subscribed: true }), ["look", "person"]);
});

test("who waits for a person is offered none, and who is with one nothing", () => {
  const timeline = new Timeline();
  timeline.absorb([message(1, "handoff", [button("look"), button("no person", NO_PERSON), person])]);
  timeline.stage = "queued";
  assert.deepEqual(offers(timeline).buttons.map(({ title }) => title), ["look"]);
  timeline.stage = "person";
  assert.deepEqual(offers(timeline).buttons, []);
});

test("what whoever waits too long may choose is over with the waiting", () => {
  const timeline = new Timeline();
  const late = ["wait", "message", "go_on"].map((each) => button(each, `/affirm{"topic": "handoff_${each}"}`));
  timeline.absorb([message(1, null, [...late, button("look"), person])]);
  const titles = () => offers(timeline).buttons.map(({ title }) => title);
  assert.deepEqual(titles(), ["wait", "message", "go_on", "look", "person"]);
  timeline.stood = true;
  for (const stage of ["offered", "waiting"]) {
    timeline.stage = stage;
    assert.deepEqual(titles(), ["wait", "message", "go_on", "look"]);
  }
  timeline.stage = "bot";
  assert.deepEqual(titles(), ["look", "person"]);
  assert.equal(offers(timeline).primary, undefined);
  timeline.stage = "queued";
  assert.deepEqual(titles(), ["look"]);
});

test("the first choice of a step leads on, suggestions and a person do not", () => {
  assert.deepEqual(offered(message(1, "answer", [button("more"), person])), [["more", "person"], undefined]);
  assert.deepEqual(offered(message(1, "step", [person])), [["person"], undefined]);
  const wanted = (subscribed) => message(1, "waiting", [button("look"), person], { data: { type: "waiting", subscribed, startable: false } });
  assert.deepEqual([false, true].map((each) => offered(wanted(each))[1]), ["look", undefined]);
  assert.deepEqual(offered(message(1, null, [button("start"), person])), [["start", "person"], "start"]);
  assert.deepEqual(offered(message(1, null, [person, button("look"), button("not now")])), [["person", "look", "not now"], "person"]);
});

test("an answer within a step that came unasked leads on as the step does", () => {
  const step = message(1, "step", [button("done", '/step_done{"topic": "this_step"}'), button("lost"), person]);
  const answer = message(3, "answer", [button("more"), button("done", "/step_done"), button("lost"), person], { choices_of: 1 });
  assert.equal(offered(step, said(2), answer)[1], "done");
});

test("an answer within a step leads on as the step does", () => {
  const step = message(1, "step", [button("done"), button("lost"), person]);
  const answer = message(3, "answer", [button("more"), button("done"), button("lost"), person], { choices_of: 1 });
  assert.deepEqual(offered(step, said(2), answer), [["more", "done", "lost", "person"], "done"]);
  const again = message(3, "step", [button("look", "/done"), button("done"), button("lost"), person], { choices_of: 1 });
  assert.deepEqual(offered(step, said(2), again), [["look", "done", "lost", "person"], "look"]);
  const second = message(5, "answer", [button("done"), button("lost"), person], { choices_of: 3 });
  assert.deepEqual(offered(step, said(2), answer, said(4), second), [["done", "lost", "person"], "done"]);
});
