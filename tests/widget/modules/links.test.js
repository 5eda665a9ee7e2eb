/** Which addresses in a text become links, and what of them is shown. */

import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.Node = class {};
globalThis.document = {
  createElement: (name) => {
    const node = new Node();
    return Object.assign(node, { name, fields: {}, text: "", setAttribute: (key, value) => (node.fields[key] = value), append: (...parts) => (node.text += parts.join("")) });
  },
};
const { linked } = await import("../../../bot/widget/view/links.js");

/** The links of a text: where each leads, and as what it is shown. */
const links = (text) => linked(text).filter((part) => typeof part !== "string").map(({ fields, text }) => [fields.href, text]);
const shown = (text) => linked(text).map((part) => (typeof part === "string" ? part : part.text)).join("");

test("an address becomes a link that tells the other page nothing", () => {
  const [before, link, after] = linked("请看 https://help.jd.com/user/issue.html?id=1#a，谢谢");
  assert.equal(before + after, "请看 ，谢谢");
  assert.deepEqual(link.fields, { href: "https://help.jd.com/user/issue.html?id=1#a", target: "_blank", rel: "noopener noreferrer nofollow" });
  assert.equal(link.text, "https://help.jd.com/user/issue.html?id=1#a");
});

test("Chinese without a blank and the sign at the end of a sentence are not part of an address", () => {
  for (const text of ["https://jd.com点这里", "点https://jd.com。", "(https://jd.com).", "https://jd.com/看看", "“https://jd.com”"])
    assert.equal(new URL(links(text)[0][0]).href, "https://jd.com/", text);
  assert.deepEqual(links("https://a.example/x和https://b.example/y").map(([href]) => href), ["https://a.example/x", "https://b.example/y"]);
});

test("a name that looks like another one is shown as what it is", () => {
  assert.deepEqual(links("https://jd\u0441om.com/pay"), [["https://xn--jdom-m6d.com/pay", "https://xn--jdom-m6d.com/pay"]]);
  assert.match(shown("https://\u0430pple.com"), /xn--/);
});

test("nothing else becomes a link", () => {
  for (const text of [
    "javascript:alert(1)",
    "http://jd.com",
    "data:text/html,x",
    "https://",
    "https://localhost/admin",
    "https://jd.com@evil.example/",
    "https://jd.com:pw@evil.example/",
    "https://jd.com\u202e/moc.live",
    "https://jd\u200b.com",
    "jd.com",
  ]) {
    assert.deepEqual(links(text), [], text);
    assert.equal(linked(text).join(""), text);
  }
});

test("no character of a text is lost", () => {
  const text = "甲 https://jd.com/a?b=c&d=%20e 乙\nhttps://x.example!丙";
  assert.equal(shown(text), text);
});
