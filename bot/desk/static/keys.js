/** Keys for whoever works with the desk all day. While a field has the focus they are letters. */

/** @type {Record<string, () => boolean>} */
const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  r: () => focus("#reply textarea"),
  t: () => submit("#take"),
  c: () => unfold("#outcome"),
  "/": () => focus("#q"),
  "?": help,
};

export function listenToKeys() {
  const button = document.getElementById("help-button");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", help);
  }
  document.addEventListener("keydown", (event) => {
    const at = /** @type {Element} */ (event.target);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && at instanceof HTMLTextAreaElement) {
      event.preventDefault();
      return at.form?.requestSubmit();
    }
    const elsewhere = event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented;
    // A dialog that has just been closed may still have the focus for a moment.
    if (elsewhere || at.closest("input, textarea, select, [contenteditable], dialog[open]")) return;
    if (KEYS[event.key]?.()) event.preventDefault();
  });
}

/** Up or down in the queue, from the case that is open. @param {number} by */
function move(by) {
  const links = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#queue a[data-key]"))].filter((link) => link.offsetParent);
  const at = links.findIndex((link) => link === document.activeElement);
  const open = links.findIndex((link) => link.hasAttribute("aria-current"));
  const from = at >= 0 ? at : open;
  const next = links[from < 0 ? 0 : Math.min(links.length - 1, Math.max(0, from + by))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return Boolean(next);
}

/** @param {string} what */
function focus(what) {
  const field = /** @type {HTMLInputElement|null} */ (document.querySelector(what));
  field?.focus();
  field?.select();
  return Boolean(field);
}

/** @param {string} what */
function submit(what) {
  const form = /** @type {HTMLFormElement|null} */ (document.querySelector(what));
  form?.requestSubmit();
  return Boolean(form);
}

/** @param {string} what */
function unfold(what) {
  const part = /** @type {HTMLDetailsElement|null} */ (document.querySelector(what));
  if (!part) return false;
  part.open = true;
  /** @type {HTMLElement|null} */ (part.querySelector("select, input:not([type=hidden]), textarea"))?.focus();
  return true;
}

function help() {
  const dialog = /** @type {HTMLDialogElement|null} */ (document.getElementById("keys"));
  if (!dialog?.open) dialog?.showModal();
  return Boolean(dialog);
}
