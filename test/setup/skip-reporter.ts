import { readFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

const ALLOWED = new URL('../../.ci/allowed-skips.txt', import.meta.url);

/** Names every skipped test with its reason, closes with one line of counts and, under CI, fails the run when a skip is not on the committed list. */
export class SkipReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string): number => tests.filter((test) => test.result().state === state).length;
    const skipped = tests.filter((test) => test.result().state === 'skipped');
    if (skipped.length > 0) console.log(`\nSkipped:\n${skipped.map((test) => `  ${nameOf(test)}: ${reasonOf(test)}`).join('\n')}`);
    refuseUnlisted(skipped);
    console.log(`\n${count('passed')} passed, ${count('failed')} failed, ${skipped.length} skipped`);
  }
}

const nameOf = (test: TestCase): string => `${test.module.relativeModuleId} > ${test.fullName}`;

const reasonOf = (test: TestCase): string => {
  const result = test.result();
  return (result.state === 'skipped' && result.note) || 'no reason given';
};

function refuseUnlisted(skipped: readonly TestCase[]): void {
  if (!process.env.CI) return;
  const allowed = new Set(
    readFileSync(ALLOWED, 'utf8')
      .split('\n')
      .map((line) => line.trim()),
  );
  const unlisted = skipped.map(nameOf).filter((name) => !allowed.has(name));
  if (unlisted.length === 0) return;
  console.error(`\nSkipped without being on .ci/allowed-skips.txt:\n${unlisted.map((name) => `  ${name}`).join('\n')}`);
  process.exitCode = 1;
}
