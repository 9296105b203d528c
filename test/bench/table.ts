/** A benchmark: how often a second something runs, in rounds that alternate between the rivals so that a warm machine favours none. */
export type Rival = { name: string; run: () => unknown };

const ROUND = 100;
const ROUNDS = 15;

export function compare(title: string, rivals: readonly Rival[], note = ''): void {
  const best = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name, run } of rivals) {
      const until = performance.now() + ROUND;
      const start = performance.now();
      let count = 0;
      while (performance.now() < until) {
        for (let i = 0; i < 20; i++) run();
        count += 20;
      }
      const rate = (count * 1000) / (performance.now() - start);
      best.set(name, Math.max(best.get(name) ?? 0, rate));
    }
  }
  print(title, [...best], note);
}

/** Prints a table of rates; ratios are against the first line. */
export function print(title: string, rates: readonly (readonly [string, number])[], note = ''): void {
  const [first] = rates;
  console.log(`\n${title}`);
  console.table(
    rates.map(([name, rate]) => ({
      what: name,
      'a second': Math.round(rate),
      'ratio to the first': Number((rate / (first?.[1] ?? 1)).toFixed(2)),
    })),
  );
  if (note) console.log(note);
}
