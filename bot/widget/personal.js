/** Looks for personal numbers in what is about to be sent. It only warns: the service masks in any case. */

const NUMBER = /\d(?:[ -]?\d){9,18}[Xx]?/g;
const CODE = /(?:验证码|校验码|动态码|驗證碼|密码|密碼|code|password|passcode|pin)\D{0,6}\d{4,8}(?!\d)/i;
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** @param {string} text @returns {("identity" | "card" | "phone" | "code")[]} */
export function personalNumbers(text) {
  const plain = text.normalize("NFKC");
  const found = new Set(/** @type {any[]} */ ([]));
  for (const [written] of plain.matchAll(NUMBER)) {
    const number = written.replace(/[ -]/g, "").toUpperCase();
    if (isIdentity(number)) found.add("identity");
    else if (isCard(number)) found.add("card");
    else if (/^(86)?1[3-9]\d{9}$/.test(number)) found.add("phone");
  }
  if (CODE.test(plain)) found.add("code");
  return [...found];
}

const DIGIT = /[\p{Nd}\p{No}零一二三四五六七八九两幺洞拐勾〇]/gu;
const ANNOUNCES = /码|密碼|号|证|卡|我叫|名|地址|住|@|code|pass|pin|cvv|otp|pwd|sfz|yzm/i;
const MOST_DIGITS = 4;

/**
 * Whether an unsent draft may be kept on the device: whoever uses it next reads it, and nobody masks it there. So nothing is kept that may be or become a
 * personal number, name or address; a price may stay.
 * @param {string} text
 */
export function mayStay(text) {
  const plain = text.normalize("NFKC");
  return !ANNOUNCES.test(plain) && (plain.match(DIGIT) ?? []).length <= MOST_DIGITS;
}

const NAMES = /我叫|名|地址|住|@/;
const FEW_DIGITS = 2;

/**
 * Whether a text that was sent may wait on the device until the service has taken it. It will not become anything else, so a word that announces a number
 * (我的卡不能用) is no reason to lose it unless digits stand beside it.
 * @param {string} text
 */
export function mayWait(text) {
  const plain = text.normalize("NFKC");
  const few = (plain.match(DIGIT) ?? []).length <= FEW_DIGITS;
  return !personalNumbers(text).length && (mayStay(text) || (few && !NAMES.test(plain)));
}

/** GB 11643: a date of birth in the middle, a check digit at the end. @param {string} number */
function isIdentity(number) {
  if (!/^[1-9]\d{5}(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dX]$/.test(number)) return false;
  const sum = WEIGHTS.reduce((total, weight, place) => total + weight * Number(number[place]), 0);
  return "10X98765432"[sum % 11] === number[17];
}

/** Luhn's check. @param {string} number */
function isCard(number) {
  if (!/^[3-6]\d{12,18}$/.test(number)) return false;
  const digits = [...number].reverse().map(Number);
  return digits.reduce((total, digit, place) => total + (place % 2 ? (digit * 2 > 9 ? digit * 2 - 9 : digit * 2) : digit), 0) % 10 === 0;
}
