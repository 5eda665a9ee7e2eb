/** The panels that open above the reply box: they close by Escape, by a click elsewhere, and once what they offered is in the box. */

const OPEN = "#work .tool[open]";

document.addEventListener("click", ({ target }) => {
  const at = target instanceof Element ? target : null;
  for (const tool of unfolded()) if (!tool.contains(at) || at?.closest("[data-insert]")) tool.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing) return;
  for (const tool of unfolded()) {
    tool.open = false;
    tool.querySelector("summary")?.focus();
  }
});

// The cause that was found stands there already: whoever types another one replaces it.
document.addEventListener("focusin", ({ target }) => target instanceof HTMLInputElement && target.list && target.select());

function unfolded() {
  return /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll(OPEN));
}
