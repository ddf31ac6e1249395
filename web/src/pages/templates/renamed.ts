import { writeScalar } from '../../builder/document/scalars.ts';

/** The text of a definition under another name, which stays a text whatever it looks like; nothing else of it changes. */
export const renamed = (source: string, name: string): string => source.replace(/^name:.*$/m, () => `name: ${writeScalar(name, 'block')}`);

/** The first of `name`, `name-2`, `name-3` … that nobody has. */
export const freeName = (name: string, taken: readonly string[]): string => {
  for (let n = 1; ; n++) {
    const free = n === 1 ? name : `${name}-${n}`;
    if (!taken.includes(free)) return free;
  }
};
