/** Sends the page's forms without leaving the page, so that nothing typed is lost where the service cannot be reached or refuses. */

const TIMEOUT = 15_000;
const REPLY = "reply";

/**
 * @param {object} told
 * @param {(form: HTMLFormElement) => void} told.onSent it has arrived
 * @param {(page: Document) => void} told.onPage what the page is like now
 */
export function sendForms({ onSent, onPage }) {
  document.querySelector("main")?.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const submitter = /** @type {HTMLButtonElement|null} */ (/** @type {SubmitEvent} */ (event).submitter);
    if (form.method !== "post" || form.enctype === "multipart/form-data") return;
    event.preventDefault();
    if (form.getAttribute("aria-busy") !== "true") void send(form, submitter, { onSent, onPage });
  });
}

/** @param {HTMLFormElement} form @param {HTMLButtonElement|null} submitter @param {Parameters<typeof sendForms>[0]} told */
async function send(form, submitter, { onSent, onPage }) {
  const words = wordsFor(form);
  const address = submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? "";
  const body = new URLSearchParams(/** @type {any} */ (new FormData(form, submitter)));
  busy(form, true);
  complain(form, "");
  try {
    const response = await fetch(address, { method: "POST", body, signal: AbortSignal.timeout(TIMEOUT) });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (response.ok && page.body.dataset.mark !== undefined) {
      onSent(form);
      // What is only said leaves everything where it is; other steps change what there is to do.
      if (form.getAttribute("id") !== REPLY) return location.assign(response.url);
      renew(form, page);
      onPage(page);
    } else if (page.querySelector("[data-ask]")) ask(form, page);
    else if (response.status === 401) complain(form, words.signedOut);
    else complain(form, page.querySelector("[role=alert]")?.textContent ?? words.unreachable);
  } catch {
    complain(form, words.unreachable);
  } finally {
    busy(form, false);
  }
}

/** The next reply is another message. @param {HTMLFormElement} form @param {Document} page */
function renew(form, page) {
  form.querySelector("#doubts")?.remove();
  for (const field of form.querySelectorAll("textarea")) field.defaultValue = field.value = "";
  const fresh = /** @type {HTMLInputElement|null} */ (page.querySelector(`#${REPLY} input[name=id]`));
  const field = /** @type {HTMLInputElement|null} */ (form.elements.namedItem("id"));
  if (fresh && field) field.value = fresh.value;
}

/** What is only done for a reason, or knowingly, is asked about where it was to be done. @param {HTMLFormElement} form @param {Document} page */
function ask(form, page) {
  form.querySelector("[data-ask]")?.remove();
  const asked = /** @type {HTMLElement} */ (page.querySelector("[data-ask]"));
  form.prepend(asked);
  /** @type {HTMLElement|null} */ (form.querySelector(asked.dataset.ask ?? "textarea"))?.focus();
  asked.scrollIntoView({ block: "nearest" });
}

/** What to say where it does not work: of what was written, that it is still there. @param {HTMLFormElement} form */
function wordsFor(form) {
  const { unreachable, signedOut, undone, undoneSignedOut } = document.body.dataset;
  const holdsWords = [...form.querySelectorAll("textarea")].some((field) => field.value);
  return holdsWords ? { unreachable, signedOut } : { unreachable: undone, signedOut: undoneSignedOut };
}

/** @param {HTMLFormElement} form @param {boolean} is */
function busy(form, is) {
  form.setAttribute("aria-busy", `${is}`);
  for (const field of form.querySelectorAll("textarea")) field.readOnly = is;
}

/** @param {HTMLFormElement} form @param {string} [why] empty: nothing to complain about any more */
function complain(form, why) {
  let place = form.querySelector(":scope > [role=alert]");
  if (!place) {
    if (!why) return;
    place = document.createElement("p");
    place.className = "box wrong";
    place.setAttribute("role", "alert");
    form.prepend(place);
  }
  if (!why) return place.remove();
  place.textContent = why;
  // In a panel that scrolls, what is wrong must not stand where nobody looks.
  place.scrollIntoView({ block: "nearest" });
}
