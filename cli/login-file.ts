import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { CommandFailed, EXIT } from './exit-codes.ts';

/** Where the API is and the token that opens it. */
export interface Login {
  readonly url: string;
  readonly token: string | null;
}

type Environment = { readonly [name: string]: string | undefined };

const DEFAULT_PORT = 8420;

/** The file `capstan login` writes: `$XDG_CONFIG_HOME/capstan/login.json`. */
export const loginFile = (env: Environment): string => join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'capstan', 'login.json');

/**
 * The login to use: `CAPSTAN_URL` and `CAPSTAN_TOKEN`, else what `capstan login` kept, else the local stack without a token, at the port where the
 * clone in this folder started it last. A kept token is only sent to the address it was made for.
 */
export function readLogin(env: Environment, asked?: string, folder = '.'): Login {
  const file = loginFile(env);
  const kept = existsSync(file) ? keptLogin(file) : null;
  const url = apiUrl(asked ?? env.CAPSTAN_URL ?? kept?.url ?? localAddress(folder));
  return { url, token: env.CAPSTAN_TOKEN || (kept?.url === url ? kept.token : null) };
}

function keptLogin(file: string): Login {
  if (statSync(file).mode & 0o077) throw new CommandFailed(EXIT.usage, `${file} holds a token and others may read it; chmod 600 it`);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Login;
  } catch {
    throw new CommandFailed(EXIT.usage, `${file} is no login; remove it and \`capstan login\` again`);
  }
}

function localAddress(folder: string): string {
  try {
    const { ports } = JSON.parse(readFileSync(join(folder, '.capstan', 'state.json'), 'utf8')) as { ports?: { api?: unknown } };
    return `127.0.0.1:${Number.isInteger(ports?.api) ? ports?.api : DEFAULT_PORT}`;
  } catch {
    return `127.0.0.1:${DEFAULT_PORT}`;
  }
}

/** Keeps a login for the next commands, readable by this user alone. */
export function keepLogin(env: Environment, login: Login): string {
  const file = loginFile(env);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${JSON.stringify(login)}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  return file;
}

/** The API's address from what a person types: host and port are enough. */
export function apiUrl(text: string): string {
  const whole = /^https?:\/\//.test(text) ? text : `http://${text}`;
  if (!URL.canParse(whole))
    throw new CommandFailed(EXIT.usage, `${text} is no address; give e.g. capstan.example.org or http://127.0.0.1:8420`);
  const url = new URL(whole);
  if (url.pathname === '/') url.pathname = '/api/v1';
  return url.href.replace(/\/$/, '');
}
