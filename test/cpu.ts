/**
 * Milliseconds of work that this thread has done so far: what a bound on work is held against, as the clock also counts what else the machine
 * does meanwhile.
 */
export function worked(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
