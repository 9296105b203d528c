/**
 * What a portal that others come to says of itself: a JSON document a line, `{"at", "level", "part", "message"}`, of a request `{"method", "route", "status",
 * "ms"}` in place of the message. Routes are named as the code writes them (`/cases/:case`), never an address, which may hold a secret or say whose case it is.
 */
import { inspect } from 'node:util';

type Level = 'info' | 'warn' | 'error';
type Line = { at: string; level: Level; part: string; [what: string]: unknown };

/** A line of one part of the portal; what is a JSON document already keeps its fields. */
export function logLine(part: string, level: string, text: string, at = new Date()): string {
  const line: Line = { at: at.toISOString(), level: levelOf(level), part };
  return JSON.stringify({ ...line, ...(fieldsIn(text) ?? { message: text.trim() }) });
}

function levelOf(level: string): Level {
  if (level === 'error' || level === 'fatal') return 'error';
  return level === 'warn' ? 'warn' : 'info';
}

function fieldsIn(text: string): Record<string, unknown> | null {
  if (!text.startsWith('{')) return null;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}

/** From here on what this process says, and what ends it, is such lines: parts of ours say what they say by `console`. */
export function speakInLines(): void {
  const say =
    (level: Level) =>
    (one: unknown, ...more: unknown[]) => {
      const text = [one, ...more].map((part) => (typeof part === 'string' ? part : inspect(part))).join(' ');
      if (text.trim() !== '') write(logLine('portal', level, text));
    };
  Object.assign(console, { log: say('info'), info: say('info'), warn: say('warn'), error: say('error') });
  process.removeAllListeners('warning').on('warning', ({ name, message }) => console.warn(`${name}: ${message}`));
  process.on('uncaughtException', (thrown) => {
    console.error(thrown.stack ?? thrown.message);
    process.exit(1);
  });
}

const write = (line: string): void => void process.stdout.write(`${line}\n`);

/** Says what comes out of another process, line by line. */
export function sayLines(part: string, stream: NodeJS.ReadableStream | null, level: Level): void {
  let rest = '';
  stream?.setEncoding('utf8').on('data', (text: string) => {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') write(logLine(part, level, line));
  });
}
