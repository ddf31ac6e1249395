import tailwind from '@tailwindcss/vite';
import { playwright } from '@vitest/browser-playwright';
import solid from 'vite-plugin-solid';
import { defineConfig } from 'vitest/config';
import { statusTones } from './status-tones.ts';

/** Components in a real Chromium: `CHROMIUM`, else Debian's. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [solid(), tailwind(), statusTones()],
  optimizeDeps: {
    include: [
      'solid-js',
      'solid-js/web',
      'axe-core',
      '@bufbuild/re2',
      '@marcbachmann/cel-js',
      '@dagrejs/dagre',
      'yaml',
      '@tanstack/solid-query',
      '@tanstack/solid-virtual',
    ],
  },
  test: {
    name: 'web',
    include: ['src/**/*.browser.test.tsx'],
    setupFiles: ['src/testing/fresh-tab.ts'],
    // The Solid plugin would ask for jsdom.
    environment: 'node',
    // As many as vitest.config.ts says, so that these files run beside the others and not alone after them.
    maxWorkers: 3,
    // What is waited for comes late on a busy machine.
    testTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] },
      }),
      instances: [{ browser: 'chromium' }],
    },
  },
});
