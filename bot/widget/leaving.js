/** Whoever leaves the page is asked by the browser first, while something that was written would be lost. */

const kept = { draft: true, unsent: true };

/** @param {keyof typeof kept} what is in the input, or is being sent @param {boolean} safe whether it would survive a reload */
export function keep(what, safe) {
  kept[what] = safe;
  // The listener is there only while it is needed: some browsers keep no page to go back to that has one.
  if (kept.draft && kept.unsent) window.removeEventListener("beforeunload", ask);
  else window.addEventListener("beforeunload", ask);
}

/** @param {BeforeUnloadEvent} event */
function ask(event) {
  event.preventDefault();
  event.returnValue = true;
}
