import { expect, test, vi } from 'vitest';
import { frozen, Remembered } from '../../worker/store/remembered.ts';

test('What is remembered stays within its room: the oldest goes first, and what is larger than all of it is not kept', () => {
  const memory = new Remembered<number>(10);
  memory.set('ab', 1, 3);
  memory.set('cd', 2, 3);
  expect([memory.get('ab'), memory.get('cd')]).toEqual([1, 2]);
  memory.set('ef', 3, 3);
  expect([memory.get('ab'), memory.get('cd'), memory.get('ef')]).toEqual([undefined, 2, 3]);
  memory.set('gh', 4, 9);
  expect([memory.get('gh'), memory.get('cd'), memory.get('ef')]).toEqual([undefined, 2, 3]);
});

test('A key that is set again takes its room once, and is the newest', () => {
  const memory = new Remembered<number>(10);
  for (let i = 0; i < 100; i++) memory.set('ab', i, 3);
  memory.set('cd', 1, 3);
  memory.set('ab', 100, 3);
  memory.set('ef', 2, 3);
  expect([memory.get('ab'), memory.get('cd'), memory.get('ef')]).toEqual([100, undefined, 2]);
});

test('What several read cannot be changed, however deep', () => {
  const value = frozen({ list: [{ a: 1 }], text: 'x', none: null });
  expect(() => value.list.push({ a: 2 })).toThrow(TypeError);
  expect(() => Object.assign(value.list[0] ?? {}, { a: 2 })).toThrow(TypeError);
});

test('Nothing is remembered for long, however often it is asked for', () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 0 });
  try {
    const memory = new Remembered<number>(10);
    memory.set('ab', 1);
    for (let minutes = 0; minutes <= 15; minutes++) {
      vi.setSystemTime(minutes * 60_000);
      expect(memory.get('ab')).toBe(1);
    }
    memory.set('cd', 2);
    vi.setSystemTime(15 * 60_000 + 1);
    expect([memory.get('ab'), memory.get('cd')]).toEqual([undefined, 2]);
    // Nor by a clock that was ahead: once it is set right, that would be a day.
    vi.setSystemTime(24 * 60 * 60_000);
    memory.set('ef', 3);
    vi.setSystemTime(20 * 60_000);
    memory.set('gh', 4);
    expect([memory.get('ef'), memory.get('gh')]).toEqual([undefined, 4]);
  } finally {
    vi.useRealTimers();
  }
});
