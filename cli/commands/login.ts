import { hostname } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { apiClient } from '../api-client.ts';
import { CommandFailed, EXIT } from '../exit-codes.ts';
import { keepLogin } from '../login-file.ts';

/** Asks for user and password, makes a token of its own for this machine, and keeps it in a file only this user can read. */
export async function loginCommand(
  url: string,
  options: { readonly user?: string; readonly token?: string },
  env: { readonly [name: string]: string | undefined },
  say: (line: string) => void,
): Promise<number> {
  const token = options.token ?? (await tokenByPassword(url, options.user));
  const { body } = await apiClient({ url, token }).ask<{ user: { name: string }; roles: string[] }>('GET', '/me');
  say(`signed in to ${url} as ${body.user.name} (${body.roles.join(', ')}); kept in ${keepLogin(env, { url, token })}`);
  return EXIT.completed;
}

async function tokenByPassword(url: string, user: string | undefined): Promise<string> {
  if (!process.stdin.isTTY) throw new CommandFailed(EXIT.usage, 'no terminal to ask for a password; pass --token, or set CAPSTAN_TOKEN');
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
  if (!answer.ok) throw new CommandFailed(EXIT.usage, body.detail ?? `the API answered ${answer.status}`);
  if (body.must_change_password) throw new CommandFailed(EXIT.usage, 'the one-time password must be changed first; open the page to do so');
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const made = await fetch(`${url}/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie, origin: new URL(url).origin },
    body: JSON.stringify({ name: `capstan on ${hostname()}` }),
  });
  const { token, detail } = (await made.json()) as { token?: string; detail?: string };
  if (!token) throw new CommandFailed(EXIT.usage, detail ?? `the API answered ${made.status}`);
  return token;
}

/** Reads a line from the terminal without showing it. */
function askHidden(prompt: string): Promise<string> {
  process.stderr.write(prompt);
  process.stdin.setRawMode(true).setEncoding('utf8').resume();
  return new Promise((resolve, reject) => {
    let typed = '';
    const read = (keys: string): void => {
      for (const key of keys) {
        if (key === '\u0003' || key === '\r' || key === '\n' || key === '\u0004') {
          process.stdin.setRawMode(false).off('data', read).pause();
          process.stderr.write('\n');
          if (key === '\u0003') reject(new CommandFailed(EXIT.usage, 'given up'));
          else resolve(typed);
          return;
        }
        typed = key === '\u007f' ? typed.slice(0, -1) : typed + key;
      }
    };
    process.stdin.on('data', read);
  });
}
