/** Addresses in texts as links: only https, shown as the browser reads them, so that a name that looks like another one is seen to be none. */

import { el } from "./dom.js";

/** Host, which may hold letters of any script, port and path. */
const ADDRESS = /https:\/\/([\p{L}\p{N}.-]+)(:\d+)?([/?#][!-~]*)?/giu;
/** A host behind which the text goes on in Chinese without a blank. */
const WHOLE = /^([\w.-]+\.[a-z]{2,})\p{Script=Han}/iu;
const AT_THE_END = /[.,;:!?'"`<>)\]}-]+$/;
/** What would make another host of it, turns the direction of what follows, or is not seen. */
const MISLEADING = /^(?:\S*@|[\p{Cf}\p{M}])/u;

/** @param {string} text @returns {(string | HTMLElement)[]} the text, with links for the addresses in it */
export function linked(text) {
  /** @type {(string | HTMLElement)[]} */ const parts = [];
  let from = 0;
  for (const { index = 0, 0: found, 1: host } of text.matchAll(ADDRESS)) {
    const whole = WHOLE.exec(host)?.[1];
    const address = (whole ? `https://${whole}` : found).replace(AT_THE_END, "");
    const end = index + address.length;
    if (!host.includes(".") || !URL.canParse(address) || (!whole && MISLEADING.test(text.slice(index + found.length)))) continue;
    const { href } = new URL(address);
    parts.push(text.slice(from, index), el("a", { href, target: "_blank", rel: "noopener noreferrer nofollow" }, href.replace(/\/$/, "")));
    from = end;
  }
  return [...parts, text.slice(from)];
}
