import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { v7 as uuidv7 } from 'uuid';
import { hashOf, mintToken } from '#api/access/secret-token.ts';
import { seedCommand } from '#cli/commands/seed.ts';
import { insertToken } from '#db/queries/tokens.ts';
import { insertUser } from '#db/queries/users.ts';
import { createDatabase } from '#db/testing/create-database.ts';
import { buildPage } from '#platform/local/page-build.ts';
import { startPostgres } from '#platform/local/postgres.ts';
import { removePostgres } from '#platform/local/postgres-place.ts';
import { startTemporal } from '#platform/local/temporal.ts';
import { provideTemporal } from '#platform/local/temporal-binary.ts';
import { type ApiClient, apiClient } from '../../api-client.ts';
import { CUT, startPageBrowser } from '../../page-browser.ts';
import { chromium } from '../../setup/chromium.ts';
import { type Stack, startStack } from '../../stack.ts';
import { PROBE } from './probe.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const AUDIT = { actor: 'bench', request_id: null, reason: 'a benchmark' };
const SCREEN = { width: 1280, height: 800 } as const;

/** A seeded installation with its built page, and a browser that somebody has logged in with. */
export interface Site {
  readonly stack: Stack;
  readonly as: ApiClient;
  /** How many runs there are. */
  readonly runs: number;
  /** The run of five thousand steps, and the one with a million lines. */
  readonly wide: string;
  readonly long: string;
  /** A name that no earlier benchmark on the same database has used. */
  name(what: string): string;
  /** A tab of the one browser profile, whose caches are warm. */
  tab(): Promise<Page>;
  /** A profile of the same login that has seen nothing yet. */
  fresh(): Promise<BrowserContext>;
  /** Tokens of one more user. */
  tokens(count: number): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Opens the database that CAPSTAN_BENCH_DATABASE names, or seeds one with so many runs; then the product on it. */
export async function openSite(runs: number): Promise<Site> {
  if (chromium === null) throw new Error('no Chromium on this machine');
  await buildPage(ROOT);
  const dir = await mkdtemp(path.join(tmpdir(), 'capstan-page-'));
  const temporal = await startTemporal({ binary: (await provideTemporal()).path, dir, logDir: dir, uiPort: null });
  const given = process.env.CAPSTAN_BENCH_DATABASE;
  const seeded = given === undefined ? await seededDatabase(dir, runs) : { url: given, stop: async () => {} };
  const stack = await startStack({ databaseUrl: seeded.url, temporalAddress: temporal.address });
  const { sql } = stack.database;
  const suffix = Date.now().toString(36);
  const name = (what: string) => `${what}-${suffix}`;

  const tokens = async (count: number): Promise<readonly string[]> => {
    const user = await insertUser(
      sql,
      { name: name(`bench-${uuidv7().slice(-6)}`), display_name: null, role: 'admin', password_hash: null, must_change_password: false },
      AUDIT,
    );
    return Promise.all(
      Array.from({ length: count }, async (_, at) => {
        const token = mintToken();
        const stored = { user_id: user.id, name: `bench ${at}`, prefix: token.slice(0, 8), hash: hashOf(token), role: 'admin' as const };
        await insertToken(sql, { ...stored, expires_at: null }, AUDIT);
        return token;
      }),
    );
  };
  const [token = ''] = await tokens(1);
  const browser = await startPageBrowser(stack);
  const first = await browser.loggedIn(name('reader'), 'admin', { viewport: SCREEN });
  const warm = first.context();
  await warm.addInitScript(PROBE);
  const as = apiClient(stack.url, token);
  return {
    stack,
    as,
    runs: Number((await as.call('GET', '/runs/count')).body.count),
    wide: await newestOf(stack, 'large-sweep'),
    long: await newestOf(stack, 'large-log'),
    name,
    tab: () => warm.newPage(),
    fresh: async () => {
      const context = await browser.profile({ viewport: SCREEN, storageState: await warm.storageState() });
      await context.addInitScript(PROBE);
      return context;
    },
    tokens,
    stop: async () => {
      browser.excuse(CUT);
      if (browser.complaints.length > 0) console.log(`the page complained: ${browser.complaints.slice(0, 5).join('; ')}`);
      await browser.stop();
      await stack.stop();
      await temporal.stop();
      await seeded.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function seededDatabase(dir: string, runs: number) {
  const place = path.join(dir, 'postgres');
  const postgres = await startPostgres({ dir: place });
  const url = await createDatabase(postgres.url, 'seeded');
  process.env.DATABASE_URL = url;
  const code = await seedCommand({ runs: String(runs), seed: '7' });
  delete process.env.DATABASE_URL;
  if (code !== 0) throw new Error(`capstan seed ended with ${code}`);
  const stop = async () => {
    await postgres.stop();
    removePostgres(place);
  };
  return { url, stop };
}

async function newestOf(stack: Stack, job: string): Promise<string> {
  const [run] = await stack.database.sql<{ id: string }[]>`select id from runs where job = ${job} order by id desc limit 1`;
  if (!run) throw new Error(`the database has no run of ${job}; it is not one that capstan seed has filled`);
  return run.id;
}
