const yuan = new Intl.NumberFormat("zh-CN", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** @param {number} amount in yuan */
export const money = (amount) => `¥${yuan.format(amount)}`;
