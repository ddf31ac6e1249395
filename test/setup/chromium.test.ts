import { test } from 'vitest';
import { chromium } from './chromium.ts';

test('Chromium is there, so that the page is tested in a real browser', (context) => {
  if (chromium === null)
    context.skip('no Chromium on this machine (Debian: chromium, or CHROMIUM=/path); every test of the page is left out');
});
