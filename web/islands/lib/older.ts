/**
 * What browsers of old phones (`BROWSERS` in `db/build.ts`) do not have yet of what the worker's modules and the libraries use that also run in a browser.
 * Imported first by each script that holds such a module.
 */

function add(of: object, name: string, value: unknown): void {
  if (!(name in of)) Object.defineProperty(of, name, { value, writable: true, configurable: true });
}

/** Chrome 92, Safari 15.4. */
function at(this: ArrayLike<unknown>, index: number): unknown {
  const from = Math.trunc(index) || 0;
  return this[from < 0 ? this.length + from : from];
}
for (const of of [Array.prototype, String.prototype, Object.getPrototypeOf(Uint8Array.prototype)]) add(of, 'at', at);

/** Chrome 97, Safari 15.4. */
function findLast(this: ArrayLike<unknown>, isSought: (one: unknown, index: number, all: ArrayLike<unknown>) => unknown): unknown {
  for (let i = this.length - 1; i >= 0; i--) if (isSought(this[i], i, this)) return this[i];
  return undefined;
}
for (const of of [Array.prototype, Object.getPrototypeOf(Uint8Array.prototype)]) add(of, 'findLast', findLast);

/** Chrome 93, Safari 15.4. */
add(Object, 'hasOwn', (of: object, name: PropertyKey) => Object.getOwnPropertyDescriptor(of, name) !== undefined);

/** Chrome 111, Safari 16.4. */
function isWellFormed(this: string): boolean {
  return !/\p{Surrogate}/u.test(this);
}
add(String.prototype, 'isWellFormed', isWellFormed);
