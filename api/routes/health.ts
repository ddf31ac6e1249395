import { Hono } from 'hono';
import { z } from 'zod';
import { open } from '../access/can.ts';
import { describe } from '../describe.ts';
import type { Env } from '../env.ts';
import { checkParts, isReady } from '../health.ts';

const Alive = z.object({ status: z.literal('ok') }).meta({ id: 'Alive' });
const Readiness = z
  .object({ status: z.enum(['ok', 'unavailable']), checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })) })
  .meta({ id: 'Readiness' });

const alive = () => describe({ tag: 'health', summary: 'Whether this process is alive', answers: { 200: Alive } });

/** Outside `/api/v1`: whether this process lives, and whether everything a run needs is there. */
export const health = new Hono<Env>()
  .get('/healthz', open(), alive(), (c) => c.json({ status: 'ok' as const }))
  .get('/health', open(), alive(), (c) => c.json({ status: 'ok' as const }))
  .get(
    '/readyz',
    open(),
    describe({ tag: 'health', summary: 'Whether every part a run needs is there', answers: { 200: Readiness, 503: Readiness } }),
    async (c) => {
      const checks = [...(await checkParts(c.var.services))];
      const ok = isReady(checks);
      if (!ok) c.header('Retry-After', '2');
      // Whoever started this process tells its answer from that of another at the same port.
      if (process.env.CAPSTAN_INSTANCE) c.header('X-Capstan-Instance', process.env.CAPSTAN_INSTANCE);
      return c.json({ status: ok ? ('ok' as const) : ('unavailable' as const), checks }, ok ? 200 : 503);
    },
  );
