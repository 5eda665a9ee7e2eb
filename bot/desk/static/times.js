/** Says how long customers have waited and how long there is to answer them, in the page's words. */

const MINUTE = 60_000;

/** @param {Document} page @returns {boolean} whether something has become late, or close to it, that was not when the page was made */
export function tick(page) {
  const words = document.body.dataset;
  for (const time of /** @type {NodeListOf<HTMLTimeElement>} */ (page.querySelectorAll("time[data-waiting]"))) {
    const minutes = Math.max(0, Math.floor((Date.now() - Date.parse(time.dateTime)) / MINUTE));
    time.textContent = inWords(minutes, minutes < 1 ? words.justNow : minutes < 60 ? words.minutes : words.hours);
  }
  let late = false;
  for (const time of /** @type {NodeListOf<HTMLTimeElement>} */ (page.querySelectorAll("time[data-due]"))) {
    const left = Date.parse(time.dateTime) - Date.now();
    const minutes = Math.floor(Math.abs(left) / MINUTE);
    const over = left < 0;
    const short = !over && Date.now() >= Date.parse(time.dataset.soon ?? "");
    // What is late or close counts elsewhere on the page, too.
    if ((over && !time.classList.contains("wrong")) || (short && !time.classList.contains("short"))) late = true;
    const [few, many] = over ? [words.overMinutes, words.overHours] : [words.leftMinutes, words.leftHours];
    time.textContent = inWords(minutes, !over && minutes < 1 ? words.nowDue : minutes < 60 ? few : many);
  }
  return late;
}

/** @param {number} minutes @param {string} [words] */
function inWords(minutes, words = "") {
  return words.replace("{hours}", `${Math.floor(minutes / 60)}`).replace("{minutes}", `${words.includes("{hours}") ? minutes % 60 : minutes}`);
}
