import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const SEED = fileURLToPath(new URL('../../api/seed.ts', import.meta.url));

/** Fills an empty database with a made-up past; the one command that goes to the database, named by DATABASE_URL, since no API may invent what ran. Answers with the exit code. */
export async function seedCommand(options: { readonly [name: string]: string | undefined }): Promise<number> {
  const words = Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
  const [code] = await once(spawn(process.execPath, [SEED, ...words], { stdio: 'inherit' }), 'exit');
  return code ?? 1;
}
