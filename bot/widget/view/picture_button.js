/** The way to send a picture: choose it, cover what nobody should see, send. */

import { el, icon } from "./dom.js";
import { mask } from "./mask.js";

const TAKEN = "image/png,image/jpeg,image/webp";

/**
 * @param {Texts} texts
 * @param {(picture: Blob) => void} send
 * @returns {{button: HTMLElement, wrong: HTMLElement}} the button, and a line for what went wrong
 */
export function pictureButton(texts, send) {
  const wrong = el("p.box.warn.warning", { role: "alert", hidden: true }, texts.pictureUnfit);
  const file = el("input", { type: "file", accept: TAKEN, hidden: true, onchange: chosen });
  const button = el("button.round.quiet", { part: "picture", type: "button", "aria-label": texts.picture, onclick: () => file.click() }, icon("picture"));

  async function chosen() {
    const [picture] = file.files;
    file.value = "";
    wrong.hidden = true;
    if (!picture) return;
    try {
      const dialog = await mask(picture, texts, send);
      dialog.addEventListener("close", () => button.focus());
      button.after(dialog);
      dialog.showModal();
    } catch {
      wrong.hidden = false;
    }
  }

  return { button: el("span", {}, file, button), wrong };
}
