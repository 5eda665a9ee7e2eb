/** Where in the app a step is done: its levels, and what leads there with one press, or copies the way for whoever must look for it. */

import { el } from "./dom.js";

/** What runs or reads something instead of opening a page; the service sends no such link, and a page of ours opens none. */
const HARMFUL = /^(?:javascript|vbscript|data|blob|file|filesystem|about):|^[^:]*$/i;

/** @param {string | null} path levels joined by → @param {string | null | undefined} link @param {Texts} texts @returns {HTMLElement[]} */
export function place(path, link, texts) {
  if (!path) return [];
  const names = path.split(/\s*→\s*/);
  const levels = names.map((name, at) => el(at + 1 < names.length ? "li" : "li.head", {}, name));
  const way = el("ol.wrap.grow", { "aria-label": texts.path }, ...levels);
  return [el("div.row.box.path", {}, way, link && !HARMFUL.test(link) ? opening(link, path, texts) : copying(path, texts))];
}

/** @param {string} link @param {string} path @param {Texts} texts */
function opening(link, path, { openPage }) {
  // A page of the web opens beside the chat; an app's own address leaves the page where it is.
  const beside = link.startsWith("https:") && "_blank";
  return el("a.row.button.primary.small", { href: link, target: beside, rel: "noopener noreferrer", "aria-label": `${openPage}：${path}` }, openPage);
}

/** @param {string} path @param {Texts} texts */
function copying(path, { copyPath, copied }) {
  const copy = el("button.button.small.plain", { type: "button", onclick: press }, copyPath);
  async function press() {
    await navigator.clipboard.writeText(path);
    copy.textContent = copied;
  }
  // Outside of secure pages there is no clipboard.
  return navigator.clipboard && copy;
}
