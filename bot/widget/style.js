/** The chat's style: what it shares with our own pages, then a sheet for each part of the screen. */

const SHEETS = ["tokens", "base", "frame", "log", "cards"];

/** @param {string} name */
async function sheet(name) {
  const file = await fetch(new URL(`style/${name}.css`, import.meta.url));
  return new CSSStyleSheet().replace(await file.text());
}

/** The sheets, in the order in which they apply. */
export const sheets = () => Promise.all(SHEETS.map(sheet));
