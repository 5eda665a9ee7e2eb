/** Builds elements. Content only ever becomes text nodes, so nothing in it can become markup. */

/**
 * @param {string} tag with classes after dots, such as `p.note.small`
 * @param {Record<string, any>} [fields] attributes; `on…` are listeners; false, null and undefined are left out
 * @param {...(Node|string|number|null|undefined|false)} children
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
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false).map((child) => (child instanceof Node ? child : String(child))));
  return node;
}

/** @param {string} id @returns {any} */
export const byId = (id) => document.getElementById(id);

const yuan = new Intl.NumberFormat("zh-CN", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** @param {number} amount in yuan */
export const money = (amount) => `¥${yuan.format(amount)}`;
