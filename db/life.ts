/**
 * The end of `npm start`: on Ctrl-C, SIGTERM or SIGHUP, and when the npm that started it is gone. Watched for from the first moment on: a start that is
 * told to end must not go on to serve.
 */
import { readFileSync } from 'node:fs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const PARENT = 500;
const PATIENCE = 10_000;

export type Life = {
  /** From here on the end begins with this. Before it, the process ends at once: each of its parts watches for that, and nothing has been answered yet. */
  endWith(stop: () => Promise<void>): void;
  end(code: number): void;
};

export function watchLife(): Life {
  let stop = async () => {};
  let ending = false;

  function end(code: number): void {
    if (ending) return;
    ending = true;
    // What is under way (the demo world, say) fails now that its portal stops: that is no failure of the end.
    process.removeAllListeners('uncaughtException').on('uncaughtException', () => {});
    // Whatever does not stop by itself is ended with this process.
    setTimeout(() => process.exit(1), PATIENCE).unref();
    stop().then(
      () => process.exit(code),
      () => process.exit(1),
    );
  }
  const told = () => end(0);
  for (const signal of SIGNALS) process.on(signal, told);

  // npm killed outright tells nobody: its child is then another's, or its shell's parent is.
  if (process.env.npm_lifecycle_event === 'start') {
    const ancestors = ancestorsOf();
    setInterval(() => ancestorsOf() !== ancestors && end(0), PARENT).unref();
  }
  return {
    end,
    endWith(given) {
      stop = given;
      for (const signal of SIGNALS) {
        // Miniflare would end the process at once, in the middle of what is being answered.
        process.removeAllListeners(signal);
        process.on(signal, told);
      }
    },
  };
}

/** The processes above this one as far as npm: its parent, and where that is npm's shell, the shell's. */
function ancestorsOf(): string {
  try {
    // The fields of stat after the name in brackets: state, then the parent's id (proc(5)).
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8');
    return /^\d+ \(sh\)|^\d+ \(bash\)/.test(stat)
      ? `${process.ppid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]}`
      : `${process.ppid}`;
  } catch {
    return `${process.ppid}`;
  }
}
