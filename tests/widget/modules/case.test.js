import assert from "node:assert/strict";
import { test } from "node:test";
import { caseOf, toDo } from "../../../bot/widget/protocol/case.js";

const cause = (id, kind = "block") => ({ id, kind, evidence: [] });
const diagnosis = (causes, order = "o-1", by = "user") => ({
  type: "diagnosis",
  order,
  bill: null,
  causes,
  findings: causes.map(({ id }) => ({ cause: id, by, shown: [{ fact: id, value: 1 }] })),
  short: null,
});
const step = (cause, step = 1, steps = 2) => ({ type: "step", cause, step, steps });
const check = (cause, passed) => ({ type: "check", cause, passed });
const THREE = diagnosis([cause("realname"), cause("card"), cause("app")]);

const told = (...data) => data.map((each, place) => ({ seq: place + 1, at: `t${place + 1}`, role: "bot", text: "", buttons: [], data: each }));
const stands = (...data) => caseOf(told(...data))?.items.map(({ id, stand }) => `${id} ${stand}`);

test("without a diagnosis there is no case, and without a cause no list", () => {
  assert.equal(caseOf([]), null);
  assert.equal(caseOf(told({ type: "answer", topic: "fee" }, step("realname"))), null);
  assert.equal(caseOf(told(diagnosis([]), step("no_cause_found"))), null);
});

test("a list shows what is done, what is being done and what is open", () => {
  assert.deepEqual(stands(THREE), ["realname open", "card open", "app open"]);
  assert.deepEqual(stands(THREE, step("realname")), ["realname doing", "card open", "app open"]);
  assert.deepEqual(stands(THREE, step("realname"), check("realname", true), step("card", 2, 3)), ["realname done", "card doing", "app open"]);
  assert.deepEqual(stands(THREE, step("realname"), check("realname", false)), ["realname doing", "card open", "app open"]);
});

test("it counts what is done and names what comes next", () => {
  const now = caseOf(told(THREE, step("realname"), check("realname", true), step("card", 2, 3)));
  const { count, done, next } = toDo(now);
  assert.deepEqual([count, done, next.id, next.step, next.steps, next.by], [3, 1, "card", 2, 3, "user"]);
  assert.equal(now.at, "t4");
  assert.deepEqual(now.told, [1]);
});

test("once nothing blocks it is solved, and a new diagnosis begins anew", () => {
  const solved = [THREE, check("realname", true), { type: "resolved", order: "o-1", bill: null, plans: [] }];
  assert.equal(caseOf(told(...solved)).solved, true);
  assert.deepEqual(toDo(caseOf(told(...solved))), { count: 3, limits: false, done: 3, next: undefined });
  assert.deepEqual(stands(...solved, diagnosis([cause("overdue")])), ["overdue open"]);
});

test("a new diagnosis of the same subject keeps what was done, one of another replaces it", () => {
  assert.deepEqual(stands(THREE, step("realname"), diagnosis([cause("card"), cause("app")])), ["realname done", "card open", "app open"]);
  assert.deepEqual(stands(THREE, step("card"), THREE), ["realname open", "card doing", "app open"]);
  assert.deepEqual(stands(diagnosis([cause("overdue")]), check("overdue", true), diagnosis([cause("restoration")])), ["overdue done", "restoration open"]);
  assert.deepEqual(stands(THREE, check("card", true), THREE), ["realname open", "card open", "app open"]);
  assert.deepEqual(stands(THREE, diagnosis([cause("overdue")], "o-2")), ["overdue open"]);
  assert.deepEqual(caseOf(told(THREE, { type: "answer", topic: "fee" }, THREE)).told, [1, 3]);
});

test("a rejected subject is gone as soon as it is asked which one is meant", () => {
  const which = (payload) => ({ type: "clarify", choices: [{ title: "x", payload }] });
  assert.equal(caseOf(told(THREE, which('/installment_missing{"order": "o-2"}'))), null);
  assert.equal(caseOf(told(THREE, which("/faq_fee"))).items.length, 3);
});

test("what the customer cannot change is stuck or waited for, and a person may have it", () => {
  assert.deepEqual(stands(THREE, { type: "explained", cause: "card" }), ["realname open", "card stuck", "app open"]);
  assert.deepEqual(stands(THREE, { type: "waiting", cause: "app" }), ["realname open", "card open", "app waiting"]);
  assert.equal(caseOf(told(THREE, { type: "handoff", handoff_id: "h-1" })).person, "h-1");
  assert.equal(caseOf(told(THREE, { type: "handoff", handoff_id: "h-1" }, step("card"))).person, "");
});

test("once a person has ended their part they do not have it any more, until the case goes on", () => {
  const left = [THREE, { type: "handoff", handoff_id: "h-1" }, { type: "ended", by: "person" }];
  const state = (...data) => (({ person, left, items }) => [person, left, items.length])(caseOf(told(...data)));
  assert.deepEqual(state(...left), ["", true, 3]);
  assert.deepEqual(state(...left, step("card")), ["", false, 3]);
  assert.deepEqual(state(...left, { type: "handoff", handoff_id: "h-2" }), ["h-2", false, 3]);
  assert.deepEqual(state(...left, THREE), ["", false, 3]);
});

test("a customer who sees the option has no case any more, and one that was solved stays solved", () => {
  const seen = { type: "ended", by: "customer" };
  assert.equal(caseOf(told(THREE, seen)), null);
  assert.equal(caseOf(told(THREE, { type: "resolved" }, seen)).solved, true);
});

test("limits are no tasks beside what blocks, and stay when the rest is done", () => {
  const both = diagnosis([cause("card"), cause("tenors", "limit")]);
  assert.equal(toDo(caseOf(told(both))).count, 1);
  assert.deepEqual(stands(both, { type: "resolved" }), ["card done", "tenors limit"]);
  const { count, done, next } = toDo(caseOf(told(diagnosis([cause("tenors", "limit")]))));
  assert.deepEqual([count, done, next], [1, 0, undefined]);
  // They are still there when nothing blocks: nothing was solved.
  assert.equal(toDo(caseOf(told(diagnosis([cause("tenors", "limit")]), { type: "resolved" }))).limits, true);
});

test("messages from before there were findings show their evidence", () => {
  const evidence = [{ fact: "baitiao.overdue", value: 3, source: "account", read_at: "t" }];
  const { findings, short, ...old } = diagnosis([{ id: "overdue", kind: "block", evidence }]);
  const [item] = caseOf(told(old)).items;
  assert.deepEqual([item.by, item.shown], [undefined, evidence]);
});
