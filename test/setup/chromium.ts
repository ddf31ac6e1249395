import { existsSync } from 'node:fs';

/** The Chromium that tests of the page use: `CHROMIUM`, else Debian's; null where there is none. */
export const chromium: string | null = [process.env.CHROMIUM, '/usr/bin/chromium'].find((path) => path && existsSync(path)) ?? null;
