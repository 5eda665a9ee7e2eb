/** The demo's own API. Every failure is an Error whose message can be shown. */

import texts from "./texts.js";

/** @param {Response} response @returns {Promise<string>} the sentence of a problem document */
async function sentence(response) {
  try {
    const problem = await response.json();
    if (typeof problem.detail === "string") return problem.detail;
  } catch {
    // Not every proxy in between speaks problem+json.
  }
  return texts.noAnswer(response.status);
}

/** @param {string} path @param {RequestInit} [options] */
async function call(path, options) {
  let response;
  try {
    response = await fetch(`/shop/api/${path}`, options);
  } catch {
    throw new Error(texts.unreachable);
  }
  if (!response.ok) throw new Error(await sentence(response));
  return response.json();
}

/** @param {string} path @param {object} body */
const post = (path, body) =>
  call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

export const customers = async () => (await call("customers")).customers;

export const goods = async () => (await call("goods")).goods;

/** @param {string} user @param {string} sku @returns {Promise<string>} the order that holds it, and that the customer has not paid */
export const put = async (user, sku) => (await post("cart", { user, sku })).order;

/** @param {{user: string, order?: string, bill?: string}} subject */
export const state = (subject) => call(`state?${new URLSearchParams(/** @type {any} */ (subject))}`);

/** @param {string} user @param {string} [order] @returns {Promise<string>} */
export const token = async (user, order) => (await post("token", { user, order })).token;

/** @param {{user: string, order?: string, bill?: string}} subject @param {string} cause */
export const play = (subject, cause) => post("remedy", { ...subject, cause });

/** @param {string} action */
export const world = (action) => post("world", { action });
