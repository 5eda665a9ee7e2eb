/** The shell's own texts by locale. What the assistant says comes from the service, in Chinese. */

/** @param {string} wanted such as zh-Hant-HK @returns {string} the nearest locale there is */
export function nearest(wanted) {
  if (/^zh-(hant|tw|hk|mo)/i.test(wanted)) return "zh-TW";
  return /^en/i.test(wanted) ? "en" : "zh-CN";
}

/** @param {string} text with {placeholders} @param {Record<string, string | number>} values */
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
