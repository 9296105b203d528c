import type { Words } from '../words/index.ts';

/**
 * A letter as mail programs show it. They know little of CSS and drop what stands in `<style>`: colours and sizes stand with each element, after the tokens of
 * the pages. It says what the text says and no more; an address on a line of its own is a button with the address below it.
 */

const INK = '#261f24';
const SOFT = '#635a5f';
const PAPER = '#fbf8f3';
const ACCENT = '#5c2c50';
const FONT = "system-ui, -apple-system, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans SC', sans-serif";

type Props = { words: Words; subject: string; body: string; sentBy: string; stop: string | null };

export function LetterMail({ words, subject, body, sentBy, stop }: Props) {
  return (
    <html lang={words.language.code}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{subject}</title>
      </head>
      <body style={`margin:0;padding:16px;background:${PAPER};color:${INK};font:16px/1.6 ${FONT}`}>
        <div style="max-width:560px;margin:0 auto">
          <p style={`margin:0 0 16px;font-size:20px;font-weight:700;color:${ACCENT}`}>{words.brand}</p>
          {body.split('\n').map((line) => (
            <Line words={words} line={line} />
          ))}
          <p style={`margin:24px 0 0;padding-top:12px;border-top:1px solid #ddd3cd;font-size:14px;color:${SOFT}`}>
            {sentBy}
            {stop === null ? null : (
              <>
                {' '}
                <a href={stop} style={`color:${SOFT}`}>
                  {words.mail.stop}
                </a>
              </>
            )}
          </p>
        </div>
      </body>
    </html>
  );
}

function Line({ words, line }: { words: Words; line: string }) {
  if (line === '') return <p style="margin:0;line-height:12px">&nbsp;</p>;
  if (!/^https?:\/\/\S+$/.test(line)) return <p style="margin:0 0 8px;overflow-wrap:anywhere">{line}</p>;
  return (
    <p style="margin:8px 0 16px">
      <a
        href={line}
        style={`display:inline-block;padding:12px 20px;border-radius:8px;background:${ACCENT};color:#fff;font-weight:600;text-decoration:none`}
      >
        {words.mail.open}
      </a>
      <br />
      <a href={line} style={`font-size:14px;color:${SOFT};overflow-wrap:anywhere`}>
        {line}
      </a>
    </p>
  );
}
