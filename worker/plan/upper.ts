import Nzh from 'nzh/cn';

/** An amount in 分 in the capital numerals of contracts (人民币大写): 1234567 is 壹万贰仟叁佰肆拾伍元陆角柒分. */
export function upperAmount(fen: number): string {
  const text = String(fen).padStart(3, '0');
  // As text: a fraction never passes through a float.
  const spelled = Nzh.toMoney(`${text.slice(0, -2)}.${text.slice(-2)}`, { outSymbol: false });
  return /[角分]$/.test(spelled) || spelled.endsWith('整') ? spelled : `${spelled}整`;
}
