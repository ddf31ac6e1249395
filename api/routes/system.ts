import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { Hono } from 'hono';
import { z } from 'zod';
import { systemStanding } from '#db/queries/system-standing.ts';
import { listWorkers } from '#db/queries/workers.ts';
import { LIMITS } from '#jobs/limits.ts';
import { zoneData } from '#platform/zone-data.ts';
import { can } from '../access/can.ts';
import { describe } from '../describe.ts';
import type { Env } from '../env.ts';
import { checkParts, isReady } from '../health.ts';
import type { Services } from '../services.ts';

const { version }: { readonly version: string } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const SEEN_WITHIN_MS = 30_000;
const PATIENCE_MS = 1_500;

const SystemView = z
  .object({
    ready: z.boolean(),
    checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
    versions: z.object({
      capstan: z.string(),
      node: z.string(),
      postgres: z.string().nullable(),
      temporal: z.string().nullable(),
      zone_data: z.string(),
    }),
    latency: z
      .object({ postgres_ms: z.number().nullable(), temporal_ms: z.number().nullable() })
      .meta({ description: 'of the simplest question, asked just now; null: no answer' }),
    lag: z
      .object({ owed_starts: z.number(), oldest_owed_seconds: z.number().nullable() })
      .nullable()
      .meta({ description: 'accepted runs that Temporal has not been told yet' }),
    disk: z.object({
      database_bytes: z.number().nullable(),
      log_bytes: z.number().nullable(),
      free_bytes: z.number().nullable().meta({ description: 'where this process keeps its temporary files' }),
    }),
    retention: z.object({
      months: z.array(z.string()).nullable().meta({ description: 'months that there is room for, such as 2026_11' }),
      audit_years: z.number(),
    }),
    workers: z.object({ alive: z.number(), known: z.number() }).nullable(),
  })
  .meta({ id: 'System', description: 'what a part that does not answer would have said is null' });

/** How the installation as a whole is. */
export const system = new Hono<Env>().get(
  '/',
  can('worker:read'),
  describe({
    tag: 'system',
    summary: 'Parts, versions, latency, lag, disk and retention, all asked just now',
    answers: { 200: SystemView },
  }),
  async (c) => {
    const { services } = c.var;
    const [checks, postgres, temporal, standing, workers, disk] = await Promise.all([
      checkParts(services),
      timed(() => inTime(services.database.sql`select 1`)).catch(() => null),
      timed(() => temporalVersion(services)).catch(() => null),
      inTime(systemStanding(services.database.sql)).catch(() => null),
      inTime(listWorkers(services.database.read)).catch(() => null),
      statfs(tmpdir()).catch(() => null),
    ]);
    return c.json({
      ready: isReady(checks),
      checks: [...checks],
      versions: {
        capstan: version,
        node: process.versions.node,
        postgres: standing?.server_version ?? null,
        temporal: temporal?.value ?? null,
        zone_data: zoneData().version,
      },
      latency: { postgres_ms: postgres?.ms ?? null, temporal_ms: temporal?.ms ?? null },
      lag: standing && { owed_starts: standing.owed_starts, oldest_owed_seconds: standing.oldest_owed_seconds },
      disk: {
        database_bytes: standing?.bytes ?? null,
        log_bytes: standing?.log_bytes ?? null,
        free_bytes: disk && disk.bavail * disk.bsize,
      },
      retention: { months: standing && [...standing.months], audit_years: LIMITS.auditYears },
      workers: workers && {
        alive: workers.filter((one) => Date.parse(one.last_seen_at) > Date.now() - SEEN_WITHIN_MS).length,
        known: workers.length,
      },
    });
  },
);

/** A part that is ill keeps nobody waiting for what the others say. */
async function inTime<T>(asked: PromiseLike<T>): Promise<T> {
  const late = AbortSignal.timeout(PATIENCE_MS);
  return Promise.race([
    asked,
    new Promise<never>((_resolve, reject) => late.addEventListener('abort', () => reject(new Error('no answer in time')))),
  ]);
}

async function timed<T>(ask: () => PromiseLike<T>): Promise<{ readonly value: T; readonly ms: number }> {
  const began = performance.now();
  const value = await ask();
  return { value, ms: Math.round((performance.now() - began) * 100) / 100 };
}

const temporalVersion = async ({ temporal }: Services): Promise<string> =>
  (await temporal.within(PATIENCE_MS, () => temporal.connection.workflowService.getSystemInfo({}))).serverVersion;
