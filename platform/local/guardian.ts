import { readFileSync } from 'node:fs';

/** Handed over as text: another user may be unable to read our folder. */
const SCRIPT = readFileSync(new URL('./guardian.sh', import.meta.url), 'utf8');

/** The command that runs a foreign program so that it gets `ending` when our end of its standard input closes, whatever closed it. It writes the program's id to descriptor 3. */
export const guarded = (ending: NodeJS.Signals, command: string, args: readonly string[]): readonly [string, string[]] => [
  '/bin/sh',
  ['-c', SCRIPT, 'guardian', ending.slice(3), command, ...args],
];
