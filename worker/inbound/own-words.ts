/** What somebody wrote themselves in an answer by mail, without what it quotes and without what their mail program puts under everything. */

/** Lines with which programs begin what they quote. Whatever stands below is the letter that is answered. */
const QUOTED_BELOW: readonly RegExp[] = [
  /^\s*(?:-|—|_){2,}\s*(?:original(?: message| appointment)?|forwarded message|原始邮件|原邮件|回复的原邮件|转发的?邮件|原始郵件)\s*(?:-|—|_){2,}\s*$/iu,
  /^\s*(?:-|—){3,}\s*(?:回复的原邮件|原始邮件|Original)\s*(?:-|—){3,}/iu,
  /^\s*On .{4,200} wrote:\s*$/u,
  /^\s*(?:在|于|於)?\s*\d{4}\s*(?:年|[-/.]).{0,60}\d{1,2}:\d{2}.{1,160}(?:写道|寫道|wrote)\s*[：:]\s*$/u,
  /^.{0,120}<[^<>\s]+@[^<>\s]+>\s*(?:(?:于|於|在).{1,100})?(?:写道|寫道|wrote)\s*[：:]\s*$/u,
];

/** The head of a quoted letter as Outlook and its like write it: whom from, and when or to whom in the lines below. */
const FROM = /^\s*(?:[*]?(?:From|发件人|寄件者|寄件人)[*]?)\s*[：:]/u;
const OTHER_HEAD = /^\s*(?:[*]?(?:Sent|Date|To|Subject|发送时间|发送日期|日期|时间|收件人|主题|寄件日期|收件者|主旨)[*]?)\s*[：:]/u;

/** What programs of phones sign with. */
const SIGNED_BY_PROGRAM =
  /^\s*(?:(?:sent|get) (?:from|via|with) (?:my |the )?(?:iphone|ipad|android|mobile|phone|samsung|huawei|xiaomi|outlook|mail for windows|yahoo|proton).{0,60}|get outlook for \w+.{0,60}|(?:发|發|发送|寄)自(?:我的|我|于|於)?.{1,40}|(?:来自|來自)(?:我的)?.{0,20}(?:iphone|ipad|手机|手機|邮箱|郵箱|客户端).{0,20}|从我的.{1,20}(?:发送|發送)|获取 ?outlook.{0,40}|由.{1,20}(?:邮箱大师|手机邮箱)\s?发送|通过.{1,20}发送)\s*$/iu;

/**
 * The own words of an answer in plain text. Where something was written below or between lines that are quoted, it is all kept as it stands, as the one makes
 * no sense without the other; the mail itself is kept in any case.
 */
export function ownWords(text: string): string {
  const lines = text
    .replace(/\r\n?/g, '\n')
    .replace(/\u00a0/g, ' ')
    .split('\n');
  const below = lines.findIndex((_, i) => beginsQuote(lines, i));
  const above = below < 0 ? lines : lines.slice(0, below);
  const [kept, rest] = [withoutSignature(withoutTrailingQuote(above)), below < 0 ? [] : lines.slice(below + wroteLines(lines, below))];
  const words = joined(kept);
  // Lines marked as quoted, and then something that is not: an answer below what it answers, or between.
  const after = rest.some(isMarked) ? withoutSignature(rest) : [];
  const answered = after.slice(after.findIndex(isMarked)).some((line) => line.trim() !== '' && !isMarked(line));
  return answered ? joined([...(words ? [words, ''] : []), ...after]) : words;
}

const isMarked = (line: string) => /^\s*>/.test(line);
const joined = (lines: readonly string[]) =>
  lines
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

function beginsQuote(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? '';
  if (QUOTED_BELOW.some((one) => one.test(line))) return true;
  // Such a line may be broken in two or three, as lines of mail are.
  if (/^\s*(?:On |在|于|於|\d{4}[年/.-])/u.test(line) && wroteLines(lines, at) > 1) return true;
  const next = lines.slice(at + 1, at + 5);
  return FROM.test(line) && next.filter((one) => OTHER_HEAD.test(one)).length >= 2;
}

/** How many lines say who wrote what is quoted: those up to the one that says "wrote". */
function wroteLines(lines: readonly string[], at: number): number {
  for (const count of [1, 2, 3]) {
    const whole = lines
      .slice(at, at + count)
      .map((line) => line.trim())
      .join(' ');
    if (/^(?:On .{4,250} wrote:|(?:在|于|於)?\s*\d{4}\s*(?:年|[-/.]).{0,60}\d{1,2}:\d{2}.{1,190}(?:写道|寫道|wrote)\s*[：:])$/u.test(whole))
      return count;
  }
  return 1;
}

function withoutTrailingQuote(lines: readonly string[]): readonly string[] {
  let end = lines.length;
  // Outlook draws a line before what it quotes.
  while (end > 0 && (isMarked(lines[end - 1] ?? '') || /^\s*_{8,}\s*$|^\s*$/.test(lines[end - 1] ?? ''))) end--;
  return lines.slice(0, end);
}

/** RFC 3676, 4.3: a signature stands below a line of two dashes and a space (which some programs trim); or is the line of a phone's program. */
function withoutSignature(lines: readonly string[]): readonly string[] {
  const dashes = lines.findLastIndex((line) => line === '-- ' || line === '--');
  // Longer than any signature is what somebody wrote.
  let kept = dashes >= 0 && lines.length - dashes <= 12 ? lines.slice(0, dashes) : lines;
  for (;;) {
    const last = kept.findLastIndex((line) => line.trim() !== '');
    if (last < 0 || !SIGNED_BY_PROGRAM.test(kept[last] ?? '')) return kept;
    kept = kept.slice(0, last);
  }
}
