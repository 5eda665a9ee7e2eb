import assert from "node:assert/strict";
import { test } from "node:test";
import { mayStay, personalNumbers } from "../../../bot/widget/personal.js";

const FOUND = [
  ["我的身份证 11010519491231002X", "identity"],
  ["１１０１０５１９４９１２３１００２Ｘ", "identity"],
  ["卡号6222 0212 3456 7890 128", "card"],
  ["4111-1111-1111-1111", "card"],
  ["13800138000", "phone"],
  ["+86 138 0013 8000", "phone"],
  ["验证码482913", "code"],
  ["驗證碼：482913", "code"],
  ["my password is 123456", "code"],
];
const NOT_FOUND = ["5000元分12期", "110105194912310021 不对", "6222021234567890129", "订单 202611220001234", "12800138000", "2026-11-22 10:00", "密码忘了", "h-2y327kyz"];

for (const [text, kind] of FOUND) test(`${text}: ${kind}`, () => assert.deepEqual(personalNumbers(text), [kind]));
for (const text of NOT_FOUND) test(`${text}: nothing`, () => assert.deepEqual(personalNumbers(text), []));

const STAYS = ["写到一半", "想买5299的手机", "为什么不能分12期", "我一直想问一下"];
const GOES = ["1380 0138", "13800", "幺三八零零幺", "1️⃣3️⃣8️⃣0️⃣0️⃣", "验证码 48", "我叫王小明", "收货地址是朝阳区", "密码abc", "Pwd tiger", "a@b.cn"];
for (const text of STAYS) test(`a draft "${text}" stays`, () => assert.equal(mayStay(text), true));
for (const text of GOES) test(`a draft "${text}" is not kept`, () => assert.equal(mayStay(text), false));
