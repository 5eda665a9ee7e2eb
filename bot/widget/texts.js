/** The shell's own texts by locale. What the assistant says comes from the service, in Chinese. */

import en from "./texts/en.js";
import hans from "./texts/zh-CN.js";
import hant from "./texts/zh-TW.js";

/** @param {string} locale such as zh-Hant-HK @returns {{texts: Texts, locale: string}} the nearest there is */
export function textsFor(locale) {
  if (/^zh-(hant|tw|hk|mo)/i.test(locale)) return { texts: hant, locale: "zh-TW" };
  if (/^en/i.test(locale)) return { texts: en, locale: "en" };
  return { texts: hans, locale: "zh-CN" };
}

/** @param {string} text with {placeholders} @param {Record<string, string | number>} values */
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
