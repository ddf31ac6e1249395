import { Context } from '@temporalio/activity';
import type { Database } from '#db/client.ts';
import { nextToCheck, recordCheck } from '#db/queries/checks.ts';
import { StepFailure, stepFailure } from '#jobs/failure.ts';
import type { CheckCall, LookOrder, ScanCall, ScanReport } from '#jobs/target-looks.ts';
import { createMasker } from '../envelope/mask.ts';
import { openedCredentials } from '../envelope/opened-credentials.ts';
import { findScanRoute, findWay, type WayFinder } from '../envelope/route.ts';
import type { WorkerParts } from '../envelope/worker-parts.ts';
import { promptProbe } from '../transports/device/probe.ts';
import { type Probed, probeTarget } from '../transports/ssh/probe.ts';
import { scanHost } from '../transports/ssh/scan.ts';

type Parts = Pick<WorkerParts, 'database' | 'keyRing' | 'ssh' | 'workerId' | 'log'>;

/** Longest look at one target. */
const LOOK_MS = 60_000;
const SCAN_MS = 10_000;
const BEAT_MS = 3_000;

/** The activities that find how hosts are: on a worker, because only workers reach them. */
export const createTargetLooks = (worker: Parts) => ({
  /** Looks at each target and writes down how it was found; answers how many are healthy. */
  async lookAtTargets({ project, actor, targets }: CheckCall): Promise<number> {
    const { cancellationSignal, heartbeat } = Context.current();
    const beat = setInterval(() => heartbeat(), BEAT_MS);
    try {
      const looks = targets.map((order) => lookAt(worker, project, actor, order, cancellationSignal));
      return (await Promise.all(looks)).filter(Boolean).length;
    } finally {
      clearInterval(beat);
    }
  },

  /** Asks a host for its keys; what it shows is trusted by nobody yet. */
  async askForHostKeys({ project, actor, target }: ScanCall): Promise<ScanReport> {
    const signal = AbortSignal.any([Context.current().cancellationSignal, AbortSignal.timeout(SCAN_MS)]);
    const finder = finderOf(worker, project, actor, signal);
    try {
      const { serverVersion, keys } = await scanHost(worker.ssh, await findScanRoute(finder, target), signal);
      return { server_version: serverVersion, keys, error: null };
    } catch (error) {
      return { server_version: null, keys: [], error: createMasker(finder.credentials.secrets()).json(errorOf(error, target)) };
    }
  },
});

export type TargetLooks = ReturnType<typeof createTargetLooks>;

/** The activity that says which targets the regular check looks at next. */
export const createTargetsToCheck = ({ sql }: Pick<Database, 'sql'>) => ({
  targetsToCheck: (project: string, after: string): Promise<readonly LookOrder[]> => nextToCheck(sql, project, after),
});

const finderOf = (worker: Parts, project: string, actor: string, signal: AbortSignal): WayFinder => ({
  vault: worker,
  project,
  credentials: openedCredentials(worker, project, signal),
  audit: { actor, request_id: null, reason: 'first contact' },
  signal,
});

async function lookAt(worker: Parts, project: string, actor: string, { id, target }: LookOrder, cancelled: AbortSignal): Promise<boolean> {
  const signal = AbortSignal.any([cancelled, AbortSignal.timeout(LOOK_MS)]);
  const finder = finderOf(worker, project, actor, signal);
  const { stages, failed } = await probe(worker, finder, target, signal);
  // What was cut short by a worker that leaves is no finding; another one looks again.
  cancelled.throwIfAborted();
  const masker = createMasker(finder.credentials.secrets());
  await recordCheck(worker.database.sql, {
    id,
    project,
    target,
    at: new Date().toISOString(),
    healthy: failed === null,
    stage: failed?.stage ?? null,
    error: failed && masker.json(errorOf(failed.failure, target)),
    latency_ms: stages.find(({ stage, ok }) => stage === 'connect' && ok)?.ms ?? null,
    stages: masker.json(stages),
    worker_id: worker.workerId,
    actor,
  });
  return failed === null;
}

/** A look, stage by stage; what keeps it from beginning is a failure to connect. */
async function probe(worker: Parts, finder: WayFinder, target: string, signal: AbortSignal): Promise<Probed> {
  try {
    const { facts, route } = await findWay(finder, target);
    const isDevice = facts.kind === 'device';
    return await probeTarget(worker.ssh, route, { signal, remoteDir: facts.remote_dir, ...(isDevice && { prompt: promptProbe(facts) }) });
  } catch (error) {
    const failure =
      error instanceof StepFailure ? error : stepFailure('connection', error instanceof Error ? error.message : String(error), { target });
    return { stages: [], failed: { stage: 'connect', failure } };
  }
}

function errorOf(error: unknown, target: string) {
  const { type, message, details } = error instanceof StepFailure ? error : stepFailure('connection', String(error), { target });
  return { type, message, ...(details && { details }) };
}
