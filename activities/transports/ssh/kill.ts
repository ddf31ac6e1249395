import { drain } from '../drain.ts';
import type { Killed } from '../stopped.ts';
import type { ShellSource } from './exec.ts';
import { killScript } from './remote-script.ts';

const GRACE_MS = 2000;
const LIMIT_MS = 15_000;

/** Ends a remote process group over a channel of its own and looks whether it is gone. */
export async function killGroup(source: ShellSource, group: number): Promise<Killed> {
  const channel = await source.openShell('kill', AbortSignal.timeout(LIMIT_MS));
  const limit = setTimeout(() => channel.close(), LIMIT_MS);
  let answer = '';
  const output = Promise.all([
    drain(channel, (bytes) => {
      answer += bytes.toString('latin1');
    }),
    drain(channel.stderr, () => undefined),
  ]);
  channel.on('error', () => channel.close());
  channel.end(killScript(group, GRACE_MS));
  await output.finally(() => clearTimeout(limit));

  const left = /^left(.*)$/m.exec(answer);
  if (left === null) throw new Error(`the host did not say whether process group ${group} ended`);
  return {
    group,
    signals: [...answer.matchAll(/^signal (\w+)$/gm)].map((match) => match[1] ?? ''),
    survivors: (left[1] ?? '').trim().split(/\s+/).filter(Boolean).map(Number),
  };
}
