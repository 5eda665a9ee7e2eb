/** Builds elements. Content only ever becomes text nodes, so nothing in it can become markup. */

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * @param {string} tag with classes after dots, such as `p.note.small`
 * @param {Record<string, any>} [fields] attributes; `on…` are listeners; false, null and undefined are left out
 * @param {...Child} children
 * @returns {any}
 */
export function el(tag, fields = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name);
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(fields)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child || child === 0).map((child) => (child instanceof Node ? child : String(child))));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

/** @type {Record<string, string>} outlines on a field of 24 by 24 */
const ICONS = {
  chat: "M4 5h16v11H10l-4 3.5V16H4zM8 9.5h8M8 12.5h5",
  robot: "M12 3v3M6 8.5h12v9.5H6zM3.5 12v3M20.5 12v3M9.5 12.2v.1M14.5 12.2v.1M10 15.5h4",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.8-4 3.8-5.5 7.5-5.5s6.7 1.5 7.5 5.5",
  close: "M6 6l12 12M18 6L6 18",
  send: "M12 19V5.5M6 11l6-6 6 6",
  down: "M12 5v13.5M6 13l6 6 6-6",
  unfold: "M6 9.5l6 6 6-6",
  check: "M5 12.5l4.5 4.5L19 7.5",
  warn: "M12 4L2.5 20h19zM12 10v4.5M12 17.3v.1",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5.3l3.5 2",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5L20 20",
  bell: "M6 17V11a6 6 0 0 1 12 0v6l1.5 1.5h-15zM10 21h4",
  like: "M7 11l4-7.5c1.6 0 2.6 1.2 2.3 2.8L12.7 10H18a2 2 0 0 1 2 2.4l-1.3 6a2 2 0 0 1-2 1.6H7zM7 11H3.5v9H7",
  dislike: "M17 13l-4 7.5c-1.6 0-2.6-1.2-2.3-2.8l.6-3.7H6a2 2 0 0 1-2-2.4l1.3-6a2 2 0 0 1 2-1.6H17zM17 13h3.5V4H17",
  list: "M9 6.5h11M9 12h11M9 17.5h11M4 6.5h.1M4 12h.1M4 17.5h.1",
  right: "M5 12h13.5M13 6l6 6-6 6",
  ring: "M12 18.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13z",
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 2.5-2.5L20 17M15.5 9.2v.1",
  star: "M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9L3.5 9.7l5.9-.8z",
};

/** @param {string} name of ICONS */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", "aria-hidden": "true", class: "icon" })) svg.setAttribute(key, value);
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}
