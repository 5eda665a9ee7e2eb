/** Amounts and dates, written as the chat beside the page writes them. */

import { Format } from "../../widget/view/format.js";
import texts from "./texts.js";

const format = new Format("zh-CN", texts.written);

/** @param {number} amount in yuan */
export const money = (amount) => format.yuan(amount);

/** @param {string} date such as 2026-11-22 */
export const day = (date) => format.day(date);
