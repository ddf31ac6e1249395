import { Hono } from 'hono';
import type { Env } from '../env.ts';
import { legacyDashboard } from './dashboard.ts';
import { legacyDefinitions } from './definitions.ts';
import { legacyScheduler } from './scheduler.ts';

/** The routes of three predecessors, each under a base of its own, so that its clients change only their base URL. Thin: they speak old words and do nothing of their own. */
export const legacy = new Hono<Env>()
  .route('/definitions', legacyDefinitions)
  .route('/scheduler', legacyScheduler)
  .route('/dashboard', legacyDashboard);
