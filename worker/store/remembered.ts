import { MINUTE } from '../clock.ts';

/** So long at the most something is remembered, in milliseconds, however often it is asked for: what was erased in a database is soon nowhere. */
const LIFE = 15 * MINUTE;

/**
 * What an isolate has worked out once, for as long as there is room, and not for long: the oldest goes first. For what follows from its key alone (a digest that was
 * found to be right, a text that was parsed), so that remembering it changes nothing but the work.
 */
export class Remembered<Value> {
  private readonly kept = new Map<string, { value: Value; size: number; until: number }>();
  private size = 0;
  private readonly most: number;

  /** @param most how much is kept in all, in characters of keys and of what each says that it holds */
  constructor(most: number) {
    this.most = most;
  }

  get(key: string): Value | undefined {
    const found = this.kept.get(key);
    if (!found || !isOver(found, Date.now())) return found?.value;
    this.trim();
    return undefined;
  }

  /** @param holds characters that the value keeps alive, beside its key */
  set(key: string, value: Value, holds = 0): void {
    const size = key.length + holds;
    if (size > this.most) return;
    this.size += size - (this.kept.get(key)?.size ?? 0);
    this.kept.delete(key);
    this.kept.set(key, { value, size, until: Date.now() + LIFE });
    this.trim();
  }

  /** The oldest stand first. */
  private trim(): void {
    const now = Date.now();
    for (const [old, one] of this.kept) {
      if (this.size <= this.most && !isOver(one, now)) return;
      this.kept.delete(old);
      this.size -= one.size;
    }
  }
}

/** Also what was kept by a clock that was ahead: it would stay for as long as that was. */
const isOver = ({ until }: { until: number }, now: number): boolean => until < now || until > now + LIFE;

/** A value that several will read, through and through not to be changed. */
export function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
}
