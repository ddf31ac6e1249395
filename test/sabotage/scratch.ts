import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A copy of the checkout that may be broken. */
export interface Scratch {
  readonly dir: string;
  /** Puts `to` in the place of `from`, which must stand exactly once in the file; answers with what takes it back. */
  replace(file: string, from: string, to: string): Promise<() => Promise<void>>;
  remove(): Promise<void>;
}

/** Copies what git knows of, and what it would, into a temporary folder; packages are shared. */
export async function makeScratch(checkout: string): Promise<Scratch> {
  const dir = await mkdtemp(path.join(tmpdir(), 'capstan-sabotage-'));
  const known = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: checkout, encoding: 'utf8' });
  // A file that was deleted and not yet committed is still listed.
  const files = [...new Set(known.split('\0'))].filter((file) => file !== '' && existsSync(path.join(checkout, file)));
  for (const file of files) await cp(path.join(checkout, file), path.join(dir, file));
  await symlink(path.join(checkout, 'node_modules'), path.join(dir, 'node_modules'));
  return {
    dir,
    replace: async (file, from, to) => {
      const place = path.join(dir, file);
      const text = await readFile(place, 'utf8');
      const found = text.split(from).length - 1;
      if (found !== 1) throw new Error(`${file}: the text to replace stands there ${found} times, not once: ${from}`);
      // A function, because in a plain replacement `$` has a meaning.
      await writeFile(
        place,
        text.replace(from, () => to),
      );
      return () => writeFile(place, text);
    },
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}
