import tailwind from '@tailwindcss/vite';
import { defineConfig } from 'vite';
import solid from 'vite-plugin-solid';
import { FIRST_CHUNKS } from './first-chunks.ts';
import { statusTones } from './status-tones.ts';

/** Builds the page into `web/dist`; the HTML names its files from the root, scripts find their chunks relative to themselves, so the API may serve it under any path. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [solid(), tailwind(), statusTones()],
  build: {
    target: 'es2023',
    manifest: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: FIRST_CHUNKS } } },
    reportCompressedSize: false,
  },
  experimental: { renderBuiltUrl: (_file, { hostType }) => (hostType === 'html' ? undefined : { relative: true }) },
  server: { proxy: { '/api': process.env.CAPSTAN_API ?? 'http://127.0.0.1:8420' } },
});
