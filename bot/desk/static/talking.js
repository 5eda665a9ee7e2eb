/** What an agent does beside the forms of a case: being seen to write, and sending a picture. Both work on forms that are put in later, too. */

const AGAIN_AFTER = 3000;
let told = 0;

document.addEventListener("input", ({ target }) => {
  if (!(target instanceof HTMLTextAreaElement) || !target.dataset.typing || !target.value.trim() || Date.now() - told < AGAIN_AFTER) return;
  told = Date.now();
  const csrf = new FormData(/** @type {HTMLFormElement} */ (target.form)).get("csrf");
  // Whether anybody sees it or not, what is written goes on.
  fetch(target.dataset.typing, { method: "POST", body: new URLSearchParams({ csrf: String(csrf) }) }).catch(() => {});
});

// Who goes on writing after a reply is seen to at once: with the reply, the customer's chat has stopped saying so.
document.addEventListener("submit", () => {
  told = 0;
});

document.addEventListener("change", async ({ target }) => {
  if (!(target instanceof HTMLInputElement) || !target.dataset.picture || !target.files?.length) return;
  const { picture, csrf = "", sending = "", sent = "", failed = "", unfit = "" } = target.dataset;
  const status = /** @type {HTMLElement} */ (target.closest("p")?.querySelector("[role=status]"));
  status.textContent = sending;
  target.disabled = true;
  try {
    const { ok, status: code } = await fetch(picture, { method: "POST", body: target.files[0], headers: { "X-Baitiao-Csrf": csrf } });
    status.textContent = ok ? sent : code === 413 || code === 415 ? unfit : failed;
  } catch {
    status.textContent = failed;
  }
  target.disabled = false;
  target.value = "";
});
