import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatDuration } from '#jobs/duration.ts';
import { hasEnded, type RunStatus, type StepStatus } from '#jobs/run-state.ts';
import { apiAt, type CallApi } from './api-client.ts';
import type { LocalSshd } from './sshd.ts';

export interface SamplePlan {
  readonly root: string;
  readonly url: string;
  readonly token: string;
  /** The token is ours: nobody else knows it, and it is revoked afterwards. */
  readonly passing: boolean;
  readonly sshd: LocalSshd | null;
  readonly prefix: string;
  readonly say: (line: string) => void;
}

interface RunSeen {
  readonly id: string;
  readonly number: number;
  readonly job: string;
  readonly status: RunStatus;
  readonly error_message: string | null;
  readonly total_steps: number | null;
}

interface StepSeen {
  readonly key: string;
  readonly step_number: number;
  readonly name: string;
  readonly type: string;
  readonly status: StepStatus;
  readonly message: string | null;
  readonly attempt: number;
  readonly duration_ms: number | null;
  readonly error: { readonly message: string } | null;
}

const JOB = 'examples/first-run.yaml';
const MARKS: Partial<Record<StepStatus, string>> = { completed: '✓', skipped: '–', failed: '✗', cancelled: '✗', timed_out: '✗', lost: '✗' };
const PATIENCE_MS = 120_000;

/** Saves the sample job with its host and key, runs it for real and prints each step as it ends. Answers whether the run completed. */
export async function runSample(plan: SamplePlan): Promise<boolean> {
  const call = apiAt(`${plan.url}${plan.prefix}`, plan.token);
  try {
    return await runOnce(call, plan);
  } finally {
    if (plan.passing) await revokeOwnToken(call);
  }
}

async function runOnce(call: CallApi, { root, url, sshd, say }: SamplePlan): Promise<boolean> {
  if (sshd) await registerHost(call, sshd);
  const job = await call<{ name: string }>('POST', '/jobs?sample=true', readFileSync(join(root, JOB), 'utf8'));
  const run = await call<RunSeen>('POST', `/jobs/${job.name}/runs`, {
    parameters: { health_url: `${url}/healthz`, sshd_installed: sshd !== null },
    message: 'the sample of the first start',
  });
  say('');
  say(`Running the sample, ${JOB} (run #${run.number})`);
  return await follow(call, run.id, say);
}

async function revokeOwnToken(call: CallApi): Promise<void> {
  const { items } = await call<{ items: readonly { id: string; name: string }[] }>('GET', '/tokens');
  for (const { id, name } of items) if (name === 'bootstrap') await call('DELETE', `/tokens/${id}`);
}

const HOST = 'sample-host';
const KEY = 'sample-key';

/** The private sshd as a target whose host key is known beforehand. */
async function registerHost(call: CallApi, { port, user, userKey, hostKey }: LocalSshd): Promise<void> {
  const [type = '', key = ''] = hostKey.split(' ');
  const fingerprint = `SHA256:${createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64').replace(/=+$/, '')}`;
  await call('POST', '/credentials', {
    name: KEY,
    kind: 'ssh_key',
    description: 'Key of the sample’s SSH server',
    username: user,
    private_key: userKey,
    sample: true,
  });
  await call('POST', '/targets', {
    name: HOST,
    kind: 'ssh',
    description: 'The SSH server that npm start runs on this machine',
    host: '127.0.0.1',
    port,
    credential: KEY,
    host_key_policy: 'strict',
    host_keys: [{ type, key, fingerprint }],
    sample: true,
  });
}

async function follow(call: CallApi, id: string, say: (line: string) => void): Promise<boolean> {
  const told = new Set<string>();
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    const run = await call<RunSeen>('GET', `/runs/${id}`);
    const { items } = await call<{ items: readonly StepSeen[] }>('GET', `/runs/${id}/steps`);
    for (const step of items) {
      if (told.has(step.key) || !(step.status in MARKS)) continue;
      told.add(step.key);
      say(lineOf(step));
    }
    if (hasEnded(run.status)) {
      say(`  ${run.status}${run.error_message ? `: ${run.error_message}` : ''}`);
      return run.status === 'completed';
    }
    if (Date.now() > giveUpAt) {
      say(`  still ${run.status} after ${PATIENCE_MS / 1000} s; the page shows how it goes on`);
      return false;
    }
    await sleep(150);
  }
}

function lineOf({ status, step_number, name, type, duration_ms, attempt, error, message }: StepSeen): string {
  const details = [
    status,
    duration_ms === null ? null : formatDuration(duration_ms),
    attempt > 1 ? `attempt ${attempt}` : null,
    error?.message ?? (status === 'skipped' ? message : null),
  ];
  return `  ${MARKS[status]} ${step_number} ${name.padEnd(34)} ${type.padEnd(13)} ${details.filter(Boolean).join(', ')}`;
}
