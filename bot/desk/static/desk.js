/** What the desk's pages do beyond links and forms: they stay current and say when they are not, keep what was typed, take keys, and call for urgent cases. */

import { Alerts } from "./alerts.js";
import { Drafts, isAnythingWritten } from "./drafts.js";
import { listenToKeys } from "./keys.js";
import { Live } from "./live.js";
import { Page } from "./page.js";
import { sendForms } from "./sending.js";
import { StateLine } from "./state_line.js";
import { tick } from "./times.js";

const TICK = 5_000;

handOver();
const address = document.body.dataset.events;
if (address) work(address);

/** @param {string} events address of the stream */
function work(events) {
  const line = new StateLine();
  const alerts = new Alerts();
  const drafts = new Drafts(document.body.dataset.drafts ?? "");
  const page = new Page({
    onStale: (since) => line.set("stale", since),
    onEnded: ended,
    onChange() {
      drafts.restore();
      alerts.look();
      const said = document.getElementById("news");
      if (said) said.textContent = said.dataset.changed ?? "";
    },
  });
  const live = new Live(events, {
    onMark: (mark) => page.see(mark),
    onState(why, since) {
      if (why === "ended") return ended();
      line.set("lost", why === "lost" ? since : null);
      line.set("offline", why === "offline" ? since : null);
      if (why === null) back();
    },
  });
  drafts.restore();
  sendForms({ onSent: (form) => drafts.forget(form), onPage: (fresh) => page.show(fresh) });
  listenToKeys();
  tick(document);
  bringIntoView("#queue .here");
  for (const part of document.querySelectorAll("[data-follow]")) stayAtEnd(part);
  live.start();
  // Who becomes late moves up in the list, although nothing has happened.
  setInterval(() => tick(document) && page.refresh(), TICK);

  function ended() {
    if (!isAnythingWritten()) return location.reload();
    document.body.classList.add("ended");
    line.set("ended", Date.now());
  }

  function back() {
    if (!document.body.classList.contains("ended")) return;
    document.body.classList.remove("ended");
    line.set("ended", null);
    page.refresh();
  }
}

/** In a pane that scrolls by itself, what is open stands where one sees it; the window stays where it is. @param {string} what */
function bringIntoView(what) {
  const part = /** @type {HTMLElement|null} */ (document.querySelector(what));
  const pane = part?.closest(".pane");
  if (!part || !pane) return;
  const below = part.offsetTop + part.offsetHeight - pane.clientHeight;
  if (below > 0) pane.scrollTop = below + pane.clientHeight / 3;
}

/** Whoever sees the newest message goes on seeing it when there is less room, or when more has come to it. @param {Element} part */
function stayAtEnd(part) {
  let [atEnd, height] = [true, part.clientHeight];
  part.addEventListener("scroll", () => {
    // Where there is less room in the same moment, nobody has scrolled.
    if (part.clientHeight === height) atEnd = part.scrollHeight - part.scrollTop - part.clientHeight < 40;
  });
  const follow = () => {
    height = part.clientHeight;
    if (atEnd) part.scrollTop = part.scrollHeight;
  };
  new ResizeObserver(follow).observe(part);
  // A picture is as high as it is only once it has been loaded.
  part.addEventListener("load", follow, true);
}

/** A token handed over behind the # never reaches a server's log. */
function handOver() {
  const form = /** @type {HTMLFormElement|null} */ (document.getElementById("sign-in"));
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (!form || !token) return;
  history.replaceState(null, "", location.pathname);
  /** @type {HTMLInputElement} */ (form.elements.namedItem("token")).value = token;
  form.requestSubmit();
}
