import { readFileSync } from 'node:fs';

/**
 * Milliseconds of work that this thread has done so far: what a bound on work is held against, as the clock also counts what else the machine
 * does meanwhile.
 */
export function worked(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/**
 * Milliseconds of work that another process has done so far in all its threads, by Linux (proc(5)): user and system time, which it counts in hundredths of
 * a second.
 */
export function workedBy(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // What follows the name, which is in brackets and may hold anything, begins with field 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return 10 * (Number(fields[14 - 3]) + Number(fields[15 - 3]));
}
