/** Reading amounts and rates as people type them: 1,2345.67 · 12345.67元 · １２３４５ · ¥1.2万. */

const UNITS: Record<string, number> = { '': 0, 万: 4, 萬: 4, 亿: 8, 億: 8 };

/** A typed amount in 分, or null where it is none or has parts of a 分. Never rounds: what was typed is what is meant. */
export function parseAmount(typed: string): number | null {
  const text = typed
    .normalize('NFKC')
    .replace(/[\s,，_']/g, '')
    .replace(/^[¥￥]|^(?:RMB|CNY)/i, '')
    .replace(/(?:元|圆|块|CNY|RMB)整?$/i, '');
  const match = /^(\d{1,16})(?:\.(\d{0,10}))?([万萬亿億]?)$/.exec(text);
  if (!match) return null;
  return shifted(match[1] ?? '', match[2] ?? '', 2 + (UNITS[match[3] ?? ''] ?? 0));
}

/** A typed percentage in ppm (12.5 or 12.5% is 125,000), or null where it is none or finer than a ppm. */
export function parsePercent(typed: string): number | null {
  const text = typed.normalize('NFKC').replace(/[\s,]/g, '').replace(/%$/, '');
  const match = /^(\d{1,9})(?:\.(\d{0,10}))?$/.exec(text);
  return match ? shifted(match[1] ?? '', match[2] ?? '', 4) : null;
}

/** whole.part × 10^places as a whole number, or null where digits would be lost. */
function shifted(whole: string, part: string, places: number): number | null {
  const digits = part.replace(/0+$/, '');
  if (digits.length > places) return null;
  const value = Number(`${whole}${digits.padEnd(places, '0')}`);
  return Number.isSafeInteger(value) ? value : null;
}

/** 分 as 元 with two decimals and thousands in threes: 1234567 is `12,345.67`. */
export function formatAmount(fen: number): string {
  const digits = String(Math.abs(fen)).padStart(3, '0');
  const yuan = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${fen < 0 ? '−' : ''}${yuan}.${digits.slice(-2)}`;
}

/** 分 as it is put into a field: `12345.67`. */
export function plainAmount(fen: number): string {
  const digits = String(fen).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** ppm as a percentage without needless zeros: 125000 is `12.5`. */
export function formatPercent(ppm: number): string {
  const digits = String(ppm).padStart(5, '0');
  const part = digits.slice(-4).replace(/0+$/, '');
  return part ? `${digits.slice(0, -4)}.${part}` : digits.slice(0, -4);
}
