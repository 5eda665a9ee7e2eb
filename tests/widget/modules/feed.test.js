import assert from "node:assert/strict";
import { test } from "node:test";
import { EventParser, read } from "../../../bot/widget/protocol/feed.js";

const STREAM = 'retry: 1000\n\nid: 1\nevent: message\ndata: {"seq": 1}\n\n: still here\n\ndata: {"text":\ndata: "ä"}\r\n\r\n';

test("events are found however the stream is cut", () => {
  for (let size = 1; size < STREAM.length; size += 1) {
    const parser = new EventParser();
    const events = [];
    for (let at = 0; at < STREAM.length; at += size) events.push(...parser.push(STREAM.slice(at, at + size)));
    assert.deepEqual(events, [{ seq: 1 }, { text: "ä" }]);
  }
});

test("letters of several bytes survive a cut between them", async () => {
  const bytes = new TextEncoder().encode('data: "分期"\n\n');
  const body = new ReadableStream({
    start(controller) {
      for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
      controller.close();
    },
  });
  const events = [];
  await read(new Response(body), 1000, (news) => events.push(...news));
  assert.deepEqual(events, ["分期"]);
});

test("a silent stream counts as dead", async () => {
  await assert.rejects(read(new Response(new ReadableStream({})), 20, () => {}), /silence/);
});
