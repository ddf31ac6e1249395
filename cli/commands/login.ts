import { hostname } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { apiClient } from '../api-client.ts';
import { askHidden } from '../ask-hidden.ts';
import { CommandFailed, EXIT } from '../exit-codes.ts';
import { keepLogin } from '../login-file.ts';
import { readText } from '../parameters.ts';

/** Where a token comes from that is there already; never from the command line, which everybody on the machine sees. */
export interface LoginOptions {
  readonly user?: string;
  readonly tokenFile?: string;
}

/** Asks for user and password, makes a token of its own for this machine, and keeps it in a file only this user can read. */
export async function loginCommand(
  url: string,
  options: LoginOptions,
  env: { readonly [name: string]: string | undefined },
  say: (line: string) => void,
): Promise<number> {
  const token =
    options.tokenFile === undefined ? env.CAPSTAN_TOKEN || (await tokenByPassword(url, options.user)) : readText(options.tokenFile).trim();
  const { body } = await apiClient({ url, token }).ask<{ user: { name: string }; roles: string[] }>('GET', '/me');
  say(`signed in to ${url} as ${body.user.name} (${body.roles.join(', ')}); kept in ${keepLogin(env, { url, token })}`);
  return EXIT.completed;
}

async function tokenByPassword(url: string, user: string | undefined): Promise<string> {
  if (!process.stdin.isTTY)
    throw new CommandFailed(EXIT.usage, 'no terminal to ask for a password; use --token-file, or set CAPSTAN_TOKEN');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const name = user ?? (await terminal.question('User: '));
  terminal.close();
  const password = await askHidden('Password: ');
  const answer = await fetch(`${url}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: name, password }),
  }).catch((cause: unknown) => {
    throw new CommandFailed(EXIT.unreachable, `no answer from ${url}`, { cause });
  });
  const body = (await answer.json()) as { detail?: string; must_change_password?: boolean };
  if (!answer.ok) throw new CommandFailed(EXIT.denied, body.detail ?? `the API answered ${answer.status}`);
  if (body.must_change_password) throw new CommandFailed(EXIT.usage, 'the one-time password must be changed first; open the page to do so');
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const made = await fetch(`${url}/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie, origin: new URL(url).origin },
    body: JSON.stringify({ name: `capstan on ${hostname()}` }),
  });
  const { token, detail } = (await made.json()) as { token?: string; detail?: string };
  if (!token) throw new CommandFailed(EXIT.denied, detail ?? `the API answered ${made.status}`);
  return token;
}
