/** Facts as people read them: by name, with units and words, and without what says nothing. */

import { fill } from "../texts.js";

/**
 * @param {{fact: string, value: any}[]} facts
 * @param {Labels["facts"]} names facts without a name are not meant for people
 * @param {Tools} tools
 * @returns {[string, string][]} name and value of each that can be shown
 */
export function readable(facts, names, tools) {
  return facts.flatMap(({ fact, value }) => {
    const named = names[fact.replace(/\[.*?\]/g, "")];
    const shown = named && written(value, named, tools);
    return shown ? [/** @type {[string, string]} */ ([named.title, shown])] : [];
  });
}

/** Empty where there is nothing to say: no amount, or a machine word that has no word for people. @param {any} value @param {FactLabel} named @param {Tools} tools @returns {string} */
function written(value, named, tools) {
  const { texts, format } = tools;
  const { unit, values } = named;
  if (Array.isArray(value)) return value.map((each) => written(each, named, tools)).join(texts.and);
  if (values) return values[value] ?? "";
  if (!value || value === true) return "";
  if (unit === "yuan") return format.yuan(value);
  if (unit === "ratio") return format.rate(value);
  if (unit === "day") return format.day(value);
  if (unit === "moment") return format.moment(value);
  return unit === "periods" ? fill(texts.periods, { count: value }) : String(value);
}
