/** What the customer does before a picture is sent: covering what nobody should see, by finger, mouse or keys. What is covered is not sent at all. */

import { el } from "./dom.js";
import { asDialog, draw } from "./picture.js";

/** Pixels of the longer side that are sent; the service keeps no more. */
const MOST = 1600;
const QUALITY = 0.9;
/** Of the picture's shorter side. */
const LEAST = 0.01;
const STEP = 0.02;

/** @typedef {{x: number, y: number, width: number, height: number}} Bar in pixels of the picture */

/** Asks what to cover. @param {Blob} file @param {Texts} texts @param {(picture: Blob) => void} send @returns {Promise<HTMLDialogElement>} rejected if it is no picture */
export async function mask(file, texts, send) {
  const canvas = el("canvas.area", { tabindex: "0", role: "application", "aria-label": texts.maskArea, "aria-describedby": "mask-help mask-keys" });
  const bitmap = await draw(canvas, file, MOST);
  const { width, height } = canvas;
  const unit = Math.min(width, height);
  /** @type {Bar[]} */ const bars = [];
  /** @type {{x: number, y: number} | null} */ let start = null;

  const show = () => {
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    // What is transparent would become black.
    context.fillStyle = "white";
    context.fillRect(0, 0, width, height);
    context.drawImage(bitmap, 0, 0, width, height);
    context.fillStyle = "black";
    for (const bar of bars) context.fillRect(bar.x, bar.y, bar.width, bar.height);
    undo.disabled = !bars.length;
    undo.setAttribute("aria-label", `${texts.maskUndo} (${bars.length})`);
  };

  /** @param {PointerEvent} event */
  const at = ({ clientX, clientY }) => {
    const box = canvas.getBoundingClientRect();
    const within = (/** @type {number} */ share, /** @type {number} */ most) => Math.min(Math.max(share, 0), 1) * most;
    return { x: within((clientX - box.left) / box.width, width), y: within((clientY - box.top) / box.height, height) };
  };

  canvas.onpointerdown = (/** @type {PointerEvent} */ event) => {
    canvas.setPointerCapture(event.pointerId);
    start = at(event);
    bars.push({ ...start, width: 0, height: 0 });
  };
  canvas.onpointermove = (/** @type {PointerEvent} */ event) => {
    if (!start) return;
    const { x, y } = at(event);
    const drawn = { x: Math.min(x, start.x), y: Math.min(y, start.y), width: Math.abs(x - start.x), height: Math.abs(y - start.y) };
    bars.splice(-1, 1, drawn);
    show();
  };
  canvas.onpointerup = canvas.onpointercancel = () => {
    start = null;
    const last = bars.at(-1);
    if (last && Math.min(last.width, last.height) < unit * LEAST) bars.pop();
    show();
  };
  canvas.onkeydown = (/** @type {KeyboardEvent} */ event) => {
    const [across, down] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
    const last = bars.at(-1);
    if (event.key === "Delete") bars.pop();
    else if (!last || !(across || down)) return;
    else if (event.shiftKey) {
      last.width = Math.max(unit * STEP, last.width + across * unit * STEP);
      last.height = Math.max(unit * STEP, last.height + down * unit * STEP);
    } else {
      last.x += across * unit * STEP;
      last.y += down * unit * STEP;
    }
    event.preventDefault();
    show();
  };

  const add = () => {
    bars.push({ x: width * 0.3, y: height * 0.45, width: width * 0.4, height: height * 0.1 });
    show();
    canvas.focus();
  };
  const take = () => {
    bars.pop();
    show();
  };
  const done = () => {
    dialog.close();
    canvas.toBlob((/** @type {Blob | null} */ made) => made && send(made), "image/jpeg", QUALITY);
  };
  const button = (/** @type {string} */ tag, /** @type {string} */ title, /** @type {() => void} */ press) => el(tag, { type: "button", onclick: press }, title);
  const undo = button("button.button.plain", texts.maskUndo, take);
  const dialog = asDialog(
    texts.picture,
    el("p.quiet", { id: "mask-help" }, texts.maskHelp),
    // Who covers with a finger has no keys.
    ...(matchMedia("(pointer: coarse)").matches ? [] : [el("p.quiet", { id: "mask-keys" }, texts.maskKeys)]),
    canvas,
    el(
      "p.wrap",
      {},
      button("button.button.plain", texts.maskAdd, add),
      undo,
      button("button.button.plain", texts.cancel, () => dialog.close()),
      button("button.button.primary", texts.send, done),
    ),
  );
  show();
  return dialog;
}
