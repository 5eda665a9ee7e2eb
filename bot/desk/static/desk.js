/** Keeps a page of the desk current: when the server says that something changed, the page's live parts are fetched and put in place. */

const MINUTE = 60_000;

const address = document.body.dataset.events;
if (address) listen(address);
handOver();
tick();
follow();
setInterval(tick, 15_000);

/** @param {string} from address of the stream */
function listen(from) {
  /** @type {string|null} */ let seen = null;
  const source = new EventSource(from);
  source.addEventListener("message", (event) => {
    // The first mark describes what the page may have missed between being rendered and listening.
    if (event.data !== seen) void refresh();
    seen = event.data;
  });
  source.addEventListener("error", () => {
    // Not one that it reconnects after: we may have been signed out elsewhere.
    if (source.readyState === EventSource.CLOSED) void refresh();
  });
}

let running = false;
let again = false;

/** One at a time; what changes meanwhile is fetched afterwards. */
async function refresh() {
  again = true;
  if (running) return;
  running = true;
  try {
    while (again) {
      again = false;
      const response = await fetch(location.pathname, { cache: "no-store", credentials: "same-origin" });
      if (response.status === 401) return location.reload();
      if (response.ok) replace(new DOMParser().parseFromString(await response.text(), "text/html"));
    }
  } catch {
    // The stream reconnects by itself and says again what is new.
  } finally {
    running = false;
  }
}

/** @param {Document} fresh */
function replace(fresh) {
  let changed = false;
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-live]"))) {
    const news = fresh.getElementById(part.id);
    if (!news || news.innerHTML === part.dataset.was) continue;
    const first = part.dataset.was === undefined;
    part.dataset.was = news.innerHTML;
    if (first && same(part, news)) continue;
    part.replaceChildren(...news.childNodes);
    changed = true;
  }
  // Somebody else has taken or ended the case: the forms no longer fit, unless something was typed into them.
  const work = document.getElementById("work");
  const newWork = fresh.getElementById("work");
  if (work && newWork && !typed(work) && signature(work) !== signature(newWork)) {
    work.replaceChildren(...newWork.childNodes);
    changed = true;
  }
  if (!changed) return;
  document.title = fresh.title;
  tick();
  follow();
  const said = document.getElementById("news");
  if (said) said.textContent = said.dataset.changed ?? "";
}

/** @param {Element} a @param {Element} b */
function same(a, b) {
  return a.textContent === b.textContent;
}

/** Which forms there are. @param {Element} part */
function signature(part) {
  return [...part.querySelectorAll("form")].map((form) => form.action).join() || part.textContent;
}

/** @param {Element} part */
function typed(part) {
  return [...part.querySelectorAll("textarea, select")].some((field) => /** @type {HTMLTextAreaElement} */ (field).value !== "");
}

/** Says how long customers have waited, in the page's words. */
function tick() {
  const { justNow = "", minutes: inMinutes = "", hours: inHours = "" } = document.body.dataset;
  for (const time of document.querySelectorAll("time[data-waiting]")) {
    const minutes = Math.max(0, Math.floor((Date.now() - Date.parse(/** @type {HTMLTimeElement} */ (time).dateTime)) / MINUTE));
    const words = minutes < 1 ? justNow : minutes < 60 ? inMinutes : inHours;
    time.textContent = words.replace("{hours}", `${Math.floor(minutes / 60)}`).replace("{minutes}", `${minutes % 60}`);
  }
}

/** The newest message is the one to read. */
function follow() {
  for (const part of document.querySelectorAll("[data-follow]")) part.scrollTop = part.scrollHeight;
}

/** A token handed over behind the # never reaches a server's log. */
function handOver() {
  const form = /** @type {HTMLFormElement|null} */ (document.getElementById("sign-in"));
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (!form || !token) return;
  history.replaceState(null, "", location.pathname);
  /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("token")).value = token;
  form.requestSubmit();
}
