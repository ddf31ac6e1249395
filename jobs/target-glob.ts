const SPECIAL = /[\\^$.|?*+()[\]{}]/;

/** True for a text that stands for several names; every other is one name. */
export const isGlob = (text: string): boolean => /[*?[]/.test(text);

/** A glob (`*`, `?`, `[a-z]`, `[!0-9]`) as a pattern that JavaScript and Postgres read alike; a bracket that is never closed is itself. */
export function globPattern(glob: string): string {
  let pattern = '';
  for (let at = 0; at < glob.length; at++) {
    const char = glob[at] ?? '';
    const set = char === '[' ? /^\[(!?)(\]?[^\]\\^]+)\]/.exec(glob.slice(at)) : null;
    if (set) {
      pattern += `[${set[1] ? '^' : ''}${(set[2] ?? '').replace(/^\]/, '\\]').replaceAll('[', '\\[')}]`;
      at += set[0].length - 1;
    } else if (char === '*') pattern += '.*';
    else if (char === '?') pattern += '.';
    else pattern += SPECIAL.test(char) ? `\\${char}` : char;
  }
  return `^${pattern}$`;
}
