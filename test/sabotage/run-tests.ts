import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { RedTest } from './sabotage.ts';

/** How one test ended. */
export interface TestEnd {
  readonly file: string;
  readonly title: string;
  readonly status: 'passed' | 'failed' | 'skipped';
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

const RUN_LIMIT_MS = 20 * 60_000;
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Runs these tests, and no others, in a checkout; answers how each ended, also when some did not even begin. */
export async function runTests(checkout: string, tests: readonly RedTest[]): Promise<readonly TestEnd[]> {
  const report = path.join(checkout, '.capstan-report.json');
  await rm(report, { force: true });
  const projects = [...new Set(tests.map(({ project }) => project))].flatMap((project) => ['--project', project]);
  const files = [...new Set(tests.map(({ file }) => file))];
  const titles = [...new Set(tests.map(({ title }) => escaped(title)))].join('|');
  const vitest = path.join(checkout, 'node_modules/vitest/vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', ...projects, ...files, '-t', titles, '--reporter=json', `--outputFile=${report}`], {
    cwd: checkout,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: RUN_LIMIT_MS,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => {
      output = (output + bytes.toString()).slice(-4_000);
    });
  await once(child, 'close');
  const text = await readFile(report, 'utf8').catch(() => {
    throw new Error(`vitest reported nothing:\n${output}`);
  });
  return endsOf(checkout, JSON.parse(text));
}

const endsOf = (checkout: string, { testResults }: Report): readonly TestEnd[] =>
  testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ fullName, status }) => ({
      file: path.relative(checkout, name),
      title: fullName,
      status: status === 'passed' || status === 'failed' ? status : 'skipped',
    })),
  );

/** The ends of the tests that this one names. */
export const endsFor = (test: RedTest, ends: readonly TestEnd[]): readonly TestEnd[] =>
  ends.filter(({ file, title }) => file === test.file && title.includes(test.title));
