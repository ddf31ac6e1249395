import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { chromium } from './test/setup/chromium.ts';
import { LongestFirst } from './test/setup/longest-first.ts';
import { SkipReporter } from './test/setup/skip-reporter.ts';

const root = fileURLToPath(new URL('.', import.meta.url));
const everywhere = ['**/node_modules/**', '**/dist/**', '.capstan/**'];
/** What is waited for comes late on a busy machine. */
const patient = { poll: { timeout: 20_000 } };

/** `pure` needs nothing; `real` runs against one Postgres and one Temporal that the set-up starts; `web` runs in a browser, where there is one. */
export default defineConfig({
  test: {
    reporters: ['default', new SkipReporter()],
    // Most tests wait most of their time, for processes, hosts and clocks: three at a time keep two cores at work.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        root,
        test: {
          name: 'pure',
          include: ['**/*.test.ts'],
          exclude: [...everywhere, '**/*.real.test.ts', '**/*.browser.test.ts'],
          pool: 'threads',
          // They leave nothing behind, so that a thread loads what they share once.
          isolate: false,
          // Properties are counted in cases, not in seconds of a busy machine.
          testTimeout: 30_000,
          expect: patient,
        },
      },
      {
        root,
        test: {
          name: 'real',
          include: ['**/*.real.test.ts'],
          exclude: everywhere,
          globalSetup: ['test/setup/servers.ts', 'test/setup/page.ts'],
          pool: 'forks',
          testTimeout: 120_000,
          hookTimeout: 240_000,
          expect: patient,
        },
      },
      ...(chromium === null ? [] : ['web/vitest.config.ts']),
    ],
  },
});
