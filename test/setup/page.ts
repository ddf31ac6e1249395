import { fileURLToPath } from 'node:url';
import { buildPage } from '#platform/local/page-build.ts';
import { chromium } from './chromium.ts';

/** Builds the page once, before the tests that open it. */
export async function setup(): Promise<void> {
  if (chromium !== null) await buildPage(fileURLToPath(new URL('../..', import.meta.url)));
}
