import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import type { Audit } from '#db/audit.ts';
import { countChecks, findChecks } from '#db/queries/checks.ts';
import type { HostKey, TargetRow } from '#db/schema/targets.ts';
import { errorAt, InvalidInput } from '#jobs/problem.ts';
import { CHECK_WORKFLOW, type ChecksInput, SCAN_WORKFLOW, type ScanCall, type ScanReport } from '#jobs/target-looks.ts';
import { RUN_QUEUE } from '#workflows/messages.ts';
import { addHostKeys } from './host-keys.ts';
import { unavailable } from './problem.ts';
import { PROJECT } from './project.ts';
import type { Services } from './services.ts';
import type { ChecksReport, ScanView } from './views/check.ts';

/** Temporal must take the order within this, and what is not done after the other is answered as pending. */
const START_MS = 3_000;
const PATIENCE_MS = 10_000;
const LOOK_AGAIN_MS = 150;
const CHECK_TIMEOUT = '1h';

/** Has targets looked at by workers and answers with what is known after ten seconds. */
export async function checkTargets({ temporal, database }: Services, names: readonly string[], { actor }: Audit): Promise<ChecksReport> {
  const targets = names.map((target) => ({ id: uuidv7(), target }));
  const input: ChecksInput = { project: PROJECT, actor, targets };
  await temporal.within(START_MS, () =>
    temporal.client.workflow.start(CHECK_WORKFLOW, {
      taskQueue: RUN_QUEUE,
      workflowId: `checks:${uuidv7()}`,
      args: [input],
      workflowRunTimeout: CHECK_TIMEOUT,
    }),
  );
  const ids = targets.map(({ id }) => id);
  const giveUpAt = Date.now() + PATIENCE_MS;
  while ((await countChecks(database.sql, ids)) < ids.length && Date.now() < giveUpAt) await sleep(LOOK_AGAIN_MS);
  const items = [...(await findChecks(database.sql, ids))] as ChecksReport['items'];
  const done = new Set(items.map(({ target }) => target));
  return { items, pending: names.filter((name) => !done.has(name)) };
}

/** Has a host asked for its keys, and pins those whose fingerprints are accepted. Throws 503 when the host or a worker does not answer, 422 for a fingerprint that is not shown, or revoked. */
export async function scanTarget(services: Services, target: TargetRow, accept: readonly string[], audit: Audit): Promise<ScanView> {
  const { server_version, keys, error } = await askForKeys(services, { project: PROJECT, actor: audit.actor, target: target.name });
  if (error) throw unavailable(`scan of ${target.name}: ${error.message}`, 30);
  const accepted = keys.filter(({ fingerprint }) => accept.includes(fingerprint));
  const problems = accept.flatMap((fingerprint, at) => {
    const key = keys.find((shown) => shown.fingerprint === fingerprint);
    const says = !key
      ? `${target.name} does not show ${fingerprint}; nothing was pinned`
      : stateOf(key, target.host_keys) === 'revoked' && `${fingerprint} is revoked for ${target.name}; nothing was pinned`;
    return says ? [errorAt(`/accept/${at}`, says)] : [];
  });
  if (problems.length > 0) throw new InvalidInput(problems);
  if (accepted.length > 0) await addHostKeys(services, target.name, accepted, { ...audit, reason: audit.reason ?? 'accepted from a scan' });
  const known = [...target.host_keys, ...accepted];
  return {
    target: target.name,
    server_version,
    items: keys.map((key) => ({ ...key, state: stateOf(key, known), accepted: accepted.includes(key) })),
  };
}

async function askForKeys({ temporal }: Services, call: ScanCall): Promise<ScanReport> {
  const workflowId = `scan:${uuidv7()}`;
  try {
    return await temporal.within(START_MS + PATIENCE_MS, () =>
      temporal.client.workflow.execute<(call: ScanCall) => Promise<ScanReport>>(SCAN_WORKFLOW, {
        taskQueue: RUN_QUEUE,
        workflowId,
        args: [call],
        workflowRunTimeout: '30s',
      }),
    );
  } catch (cause) {
    throw unavailable(`scan of ${call.target}: no worker has answered; is one serving the queue "remote"?`, 10, cause);
  }
}

function stateOf(key: HostKey, known: readonly HostKey[]): ScanView['items'][number]['state'] {
  const same = known.find((other) => other.key === key.key);
  if (same) return same.revoked ? 'revoked' : 'pinned';
  return known.some((other) => other.type === key.type && !other.revoked) ? 'changed' : 'new';
}
