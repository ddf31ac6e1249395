import { type Browser, type BrowserContext, type BrowserContextOptions, type Page, chromium as playwright } from 'playwright-core';
import { hashPassword } from '#api/access/password.ts';
import { insertUser } from '#db/queries/users.ts';
import type { Role } from '#db/schema/words.ts';
import { chromium } from './setup/chromium.ts';
import type { Stack } from './stack.ts';

/** What the browser says of a connection that went away with the API. */
export const CUT = /net::ERR_(CONNECTION|SOCKET|INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE)/;

const PASSWORD = 'a-password-of-my-own';
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A real browser at an installation. */
export interface PageBrowser {
  /** What a healthy page and its workers never say: console errors, what was thrown, reports of their own policy, requests to elsewhere. */
  readonly complaints: readonly string[];
  /** What was broken on purpose, and rightly reported, is no complaint. */
  excuse(what: RegExp): void;
  /** A browser profile that nobody has logged in with. */
  profile(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** A tab of one more user of this role, who is logged in. */
  loggedIn(name: string, role: Role, options?: BrowserContextOptions): Promise<Page>;
  stop(): Promise<void>;
}

/** Opens a browser at an installation; the page it serves was built before the tests began. */
export async function startPageBrowser(stack: Stack): Promise<PageBrowser> {
  const browser: Browser = await playwright.launch({ executablePath: chromium ?? '', args: QUIET });
  const complaints: string[] = [];
  const profile = async (options: BrowserContextOptions = {}) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, baseURL: stack.url, ...options });
    context.setDefaultTimeout(40_000);
    context.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    context.on('weberror', (error) => complaints.push(stackOf(error.error())));
    context.on('request', (request) => !isOwn(request.url(), stack.url) && complaints.push(`request to ${request.url()}`));
    return context;
  };
  return {
    complaints,
    excuse: (what) => void complaints.splice(0, complaints.length, ...complaints.filter((complaint) => !what.test(complaint))),
    profile,
    loggedIn: async (name, role, options) => {
      const user = { name, display_name: null, role, password_hash: await hashPassword(PASSWORD), must_change_password: false };
      await insertUser(stack.database.sql, user, { actor: 'test', request_id: null, reason: null });
      const context = await profile(options);
      const answer = await context.request.post('/api/v1/login', {
        data: { user: name, password: PASSWORD },
        headers: { origin: stack.url, 'sec-fetch-site': 'same-origin' },
      });
      if (!answer.ok()) throw new Error(`${name} was not logged in: ${answer.status()} ${await answer.text()}`);
      return context.newPage();
    },
    stop: () => browser.close(),
  };
}

const isOwn = (url: string, own: string): boolean => url.startsWith(`${own}/`) || url.startsWith('blob:') || url.startsWith('data:');

/** What was thrown and the first places it came through. */
const stackOf = (error: Error): string => (error.stack ?? String(error)).split('\n').slice(0, 6).join('\n');
