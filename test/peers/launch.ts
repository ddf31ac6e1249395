import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

const SETPRIV = '/usr/bin/setpriv';

/** A command line under which a server ends with the process that started it, also when that one is killed; as it is where the means are missing. */
export const boundToUs = (program: string, args: readonly string[]): readonly [string, readonly string[]] =>
  existsSync(SETPRIV) ? [SETPRIV, ['--pdeathsig', 'TERM', program, ...args]] : [program, args];

/** Starts a server and waits until it says `word` on standard error; throws with what it said when it ends first. */
export async function launch(program: string, args: readonly string[], word: string, onLog: (text: string) => void): Promise<ChildProcess> {
  const server = spawn(...boundToUs(program, args), { stdio: ['ignore', 'ignore', 'pipe'] });
  await ready(server, word, onLog);
  return server;
}

/** Waits until a server says `word` on standard error; throws with what it said when it ends first. */
export function ready(server: ChildProcess, word: string, onLog: (text: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stderr?.on('data', (bytes: Buffer) => {
      onLog(bytes.toString());
      said += said.length < 10_000 ? bytes.toString() : '';
      if (said.includes(word)) resolve();
    });
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`${server.spawnfile} ended with ${code}: ${said}`)));
  });
}
