/** Pictures in the conversation: small among the messages, whole when pressed. They are drawn, which needs no leave of the page's policy. */

import { el } from "./dom.js";

/** Pixels of the longer side among the messages. */
const SMALL = 320;

/** The inside of a message's bubble. @param {MessageOf<"picture">} message @param {Tools} tools */
export function picture({ text, data }, { texts, picture }) {
  const load = () => picture(data.id);
  const open = el("button.shown", { type: "button", "aria-label": texts.pictureOpen, disabled: true, onclick: () => enlarge(load, open, texts) });
  const failed = el("p", { hidden: true }, texts.pictureFailed, el("button.small.link", { type: "button", onclick: show }, texts.retry));
  const canvas = el("canvas", { role: "img", "aria-label": text });
  resize(canvas, data, SMALL);
  open.append(canvas);

  async function show() {
    const drawn = await load().then((blob) => draw(canvas, blob, SMALL)).then(() => true, () => false);
    failed.hidden = drawn;
    open.disabled = !drawn;
  }

  show();
  return [el("div", {}, open, failed)];
}

/** A picture that is still on its way. @param {Blob} blob @param {string} text */
export function outgoingPicture(blob, text) {
  const canvas = el("canvas", { role: "img", "aria-label": text });
  draw(canvas, blob, SMALL).catch(() => {});
  return canvas;
}

/** @param {HTMLCanvasElement} canvas @param {Blob} blob @param {number} most pixels of the longer side */
export async function draw(canvas, blob, most) {
  const bitmap = await createImageBitmap(blob);
  resize(canvas, bitmap, most);
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return bitmap;
}

/** @param {HTMLCanvasElement} canvas @param {{width: number, height: number}} size @param {number} most */
function resize(canvas, { width, height }, most) {
  const scale = Math.min(1, most / Math.max(width, height));
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
}

/** @param {() => Promise<Blob>} load @param {HTMLElement} from beside which the whole picture is opened @param {Texts} texts */
async function enlarge(load, from, texts) {
  const canvas = el("canvas", { role: "img", "aria-label": texts.pictureSent });
  await load().then((blob) => draw(canvas, blob, Infinity), () => {});
  const close = el("button.button", { type: "button", onclick: () => dialog.close() }, texts.closePicture);
  const dialog = asDialog(texts.pictureSent, canvas, close);
  from.after(dialog);
  dialog.showModal();
}

/** A dialog that is gone once it is closed. @param {string} name @param {...HTMLElement} parts @returns {HTMLDialogElement} */
export function asDialog(name, ...parts) {
  // Keys in it mean nothing to the chat behind it: Escape closes this alone.
  const keep = (/** @type {Event} */ event) => event.stopPropagation();
  /** @type {HTMLDialogElement} */ const dialog = el("dialog.card.stack", { "aria-label": name, onkeydown: keep, onclose: () => dialog.remove() }, ...parts);
  return dialog;
}
