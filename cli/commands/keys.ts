import type { Command } from 'commander';
import type { ApiClient } from '../api-client.ts';
import { EXIT } from '../exit-codes.ts';
import type { CommandGroup } from './command-group.ts';

interface Report {
  readonly active: string;
  readonly rewrapped: number;
  readonly current: number;
  readonly failed: readonly { readonly credential: string; readonly field: string; readonly message: string }[];
}

/** `capstan keys …`: the keys that wrap those of credentials. */
export function addKeyCommands(program: Command, { api, say, finish }: CommandGroup): void {
  const keys = program.command('keys').description('the keys that wrap the secrets of credentials');
  keys
    .command('rotate')
    .description('wrap every secret by the active key of the key ring; workers and runs go on meanwhile')
    .addHelpText('after', HOW)
    .action(() => finish(rotateCommand(api(), say)));
}

const HOW = `
A new key: make one (openssl rand -base64 32), put it into the key ring behind the others as id:key, in the key file or CAPSTAN_KEY, and restart the
API and every worker, so that all of them know it. Then put it first, which makes it the active one, and restart again. Rotate. Once nothing failed,
the old key may be taken out at the next restart.`;

/** Wraps every secret anew; 1 when some could not be. */
async function rotateCommand(api: ApiClient, say: (line: string) => void): Promise<number> {
  const { body } = await api.ask<Report>('POST', '/credentials/rewrap', { body: {} });
  say(`key ${body.active}: ${body.rewrapped} wrapped anew, ${body.current} were already, ${body.failed.length} failed`);
  for (const { credential, field, message } of body.failed) say(`  ${credential}.${field}: ${message}`);
  return body.failed.length > 0 ? EXIT.failed : EXIT.completed;
}
