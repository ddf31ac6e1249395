import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(argon2);

/** OWASP's first recommendation for argon2id: 19 MiB, two passes. Each hash carries its own, so these may grow. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 };
const LENGTH = 32;

/** Each takes 19 MiB and a core for a tenth of a second: more at once would only make everyone wait longer. */
const AT_ONCE = 2;
let running = 0;
const waiting: (() => void)[] = [];

/** What is stored of a password: argon2id in its usual text form. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const tag = await digest(password, nonce, COST);
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${encode(nonce)}$${encode(tag)}`;
}

/** True when this password was hashed to this text; a null hash takes as long and is never right, so that nobody learns who exists. */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const [, memory, passes, parallelism, nonce = '', tag = ''] = FORM.exec(hash ?? NOBODY) ?? [];
  const expected = Buffer.from(tag, 'base64');
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  const given = await digest(password, Buffer.from(nonce, 'base64'), cost, expected.length);
  return timingSafeEqual(given, expected) && hash !== null;
}

const FORM = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;
const encode = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
const NOBODY = `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${encode(randomBytes(16))}$${encode(randomBytes(LENGTH))}`;

async function digest(password: string, nonce: Buffer, cost: typeof COST, tagLength = LENGTH): Promise<Buffer> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  try {
    return await derive('argon2id', { message: password.normalize('NFC'), nonce, tagLength, ...cost });
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}
