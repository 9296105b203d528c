import { execFile } from 'node:child_process';

/**
 * Runs one of our commands in a process of its own, as a person would, and brings what it said. This process goes on meanwhile, as the portal's door is in
 * it: a connection that was kept would be lost while it stands still.
 */
export function command(script: string, args: string[], env: Record<string, string>): Promise<{ code: number; out: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { env: { ...process.env, ...env } }, (error, out, err) =>
      resolve({ code: Number(error?.code ?? 0), out: out + err }),
    );
  });
}
