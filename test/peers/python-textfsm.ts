import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PYTHON = '/usr/bin/python3';

/** Why there is no Python textfsm to compare with; null when there is one. */
export const pythonTextfsmMissing: string | null = existsSync('/usr/lib/python3/dist-packages/textfsm')
  ? null
  : 'no textfsm for /usr/bin/python3 (Debian: python3-textfsm)';

/** A question to Python: the rows of a text, whether a template compiles, or the spans of a regular expression's groups in each text. */
export type PythonQuestion =
  | { readonly kind: 'parse'; readonly template: string; readonly text: string }
  | { readonly kind: 'compile'; readonly template: string }
  | { readonly kind: 'match'; readonly pattern: string; readonly texts: readonly string[] };

export interface PythonAnswer {
  readonly rows?: readonly (readonly unknown[])[];
  readonly spans?: readonly (readonly (readonly [number, number] | null)[] | null)[];
  readonly error?: string;
  /** The class of the error. */
  readonly type?: string;
}

/** All answers of one Python process, in the order of the questions. */
export function askPython(questions: readonly PythonQuestion[]): readonly PythonAnswer[] {
  const script = fileURLToPath(new URL('python-textfsm.py', import.meta.url));
  const ended = spawnSync(PYTHON, [script], {
    input: JSON.stringify(questions),
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    timeout: 240_000,
    env: { PYTHONIOENCODING: 'utf-8', PATH: '/usr/bin:/bin' },
  });
  if (ended.status !== 0) throw new Error(`Python ended with ${ended.status ?? ended.signal}: ${ended.stderr.slice(-2000)}`);
  return JSON.parse(ended.stdout) as PythonAnswer[];
}
