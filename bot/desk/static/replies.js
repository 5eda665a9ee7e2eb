/** Puts a canned or suggested reply into the reply box, where it can be changed; without this module the page comes again with the box filled. */

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("button[data-insert]") : null;
  const box = document.getElementById("text");
  if (!(button instanceof HTMLElement) || !(box instanceof HTMLTextAreaElement)) return;
  event.preventDefault();
  const text = button.dataset.insert ?? "";
  // What was typed stays; undoing takes only the inserted words out again.
  box.focus();
  const insert = box.value.trim() ? `${box.value.endsWith("\n") ? "" : "\n"}${text}` : text;
  box.setSelectionRange(box.value.trim() ? box.value.length : 0, box.value.length);
  box.setRangeText(insert, box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
});
