import { stepFailure } from '#jobs/failure.ts';
import { patternOf } from '#jobs/pattern.ts';

/** Whether a text is more than a path. */
export const isGlob = (text: string): boolean => /[*?[{]/.test(text);

/** Tests paths relative to a root, without a slash at either end. `*` and `?` stay within a name, `**` does not, `[a-z]` and `{a,b}` choose. Linear in the path, whatever the pattern. */
export interface PathGlob {
  matches(relative: string): boolean;
}

/** A glob over whole relative paths; one without a slash is about names, wherever they are. Throws `invalid_input` for what is none. */
export function pathGlob(glob: string): PathGlob {
  const trimmed = glob.replace(/^\.?\//, '').replace(/\/$/, '');
  const source = `^${trimmed.includes('/') || glob.startsWith('/') ? '' : '(?:.*/)?'}${expressionOf(trimmed, glob)}$`;
  try {
    const pattern = patternOf(source);
    return { matches: (relative) => pattern.test(relative) };
  } catch (error) {
    throw stepFailure('invalid_input', `${JSON.stringify(glob)} is no glob: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The directory a glob begins in, and the rest of it. */
export function splitGlob(glob: string): { readonly base: string; readonly rest: string } {
  const parts = glob.split('/');
  const first = parts.findIndex(isGlob);
  return { base: parts.slice(0, first).join('/') || (glob.startsWith('/') ? '/' : '.'), rest: `/${parts.slice(first).join('/')}` };
}

const PIECES = /\/\*\*\/|\*\*\/|\/\*\*|\*\*|\*|\?|\[(!|\^)?(\]?[^\]]*)\]|\{|\}|,|\\(.)|([\s\S])/gu;

const FIXED: { readonly [piece: string]: string } = {
  '/**/': '/(?:.*/)?',
  '**/': '(?:.*/)?',
  '/**': '/.*',
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
};
const CHOICE: { readonly [piece: string]: string } = { '{': '(?:', ',': '|', '}': ')' };

function expressionOf(glob: string, shown: string): string {
  let depth = 0;
  const source = [...glob.matchAll(PIECES)].map(([piece, not, members, escaped, plain]) => {
    const fixed = FIXED[piece];
    if (fixed !== undefined) return fixed;
    if (members !== undefined) return `[${not ? '^/' : ''}${members.replace(/[\\[\]^&~]/g, '\\$&')}]`;
    if (piece === '{') depth += 1;
    else if (depth === 0 || (piece !== '}' && piece !== ',')) return escapedFor(escaped ?? plain ?? piece);
    else if (piece === '}') depth -= 1;
    return CHOICE[piece] ?? '';
  });
  if (depth > 0) throw stepFailure('invalid_input', `${JSON.stringify(shown)} is no glob: a { without its }`);
  return `(?s:${source.join('')})`;
}

const escapedFor = (character: string): string => character.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
