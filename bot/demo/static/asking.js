/** Asks before something that cannot be undone: a dialog that the keyboard can answer, whose focus stands on going back. */

import { el } from "../../widget/view/dom.js";
import texts from "./texts.js";

/** @param {string} title @param {string} scope what it does, and to whom @param {string} does the button that does it @returns {Promise<boolean>} */
export function confirmed(title, scope, does) {
  return new Promise((answer) => {
    const dialog = el(
      "dialog.asking",
      { "aria-labelledby": "asking-title", "aria-describedby": "asking-scope" },
      el(
        "form.stack",
        { method: "dialog" },
        el("h2", { id: "asking-title" }, title),
        el("p", { id: "asking-scope" }, scope),
        el("div.wrap", {}, el("button.button.plain", { value: "", autofocus: true }, texts.cancel), el("button.button.primary", { value: "yes" }, does)),
      ),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
