import tailwind from '@tailwindcss/vite';
import { playwright } from '@vitest/browser-playwright';
import solid from 'vite-plugin-solid';
import { defineConfig } from 'vitest/config';
import { statusTones } from './status-tones.ts';

/** Components in a real Chromium: `CHROMIUM`, else Debian's. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [solid(), tailwind(), statusTones()],
  optimizeDeps: { include: ['solid-js', 'solid-js/web', 'axe-core', '@tanstack/solid-query', '@tanstack/solid-virtual'] },
  test: {
    name: 'web',
    include: ['src/**/*.browser.test.tsx'],
    // The Solid plugin would ask for jsdom.
    environment: 'node',
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
